/** Pseudo-classes that ask an element what it is; after the HTML standard. */
import { DOCUMENT, ELEMENT, NONE, TEXT, type Tree } from '../tree/index.ts';
import { asciiLower } from './attribute-match.ts';
import type { State } from './selector.ts';
import { previousElement } from './siblings.ts';

type Matcher = (tree: Tree, node: number) => boolean;

const has = (tree: Tree, node: number, name: string): boolean => tree.attribute(node, name) !== null;

export const LINKS: readonly string[] = ['a', 'area'];
export const CHECKABLE: readonly string[] = ['checkbox', 'radio'];
/** Elements that can be disabled, and those that are when a fieldset around them is. */
export const CONTROLS: readonly string[] = ['button', 'input', 'select', 'textarea', 'fieldset'];
export const DISABLEABLE: readonly string[] = [...CONTROLS, 'option', 'optgroup'];

export const STATE_MATCHERS: Readonly<Record<State, Matcher>> = {
	empty(tree, node) {
		for (let child = tree.firstChild(node); child !== NONE; child = tree.nextSibling(child)) {
			if (tree.kinds[child] === ELEMENT) return false;
			if (tree.kinds[child] === TEXT && tree.text(child) !== '') return false;
		}
		return true;
	},
	root: (tree, node) => tree.kinds[tree.parents[node] as number] === DOCUMENT,
	link: (tree, node) => LINKS.includes(tree.names[node] as string) && has(tree, node, 'href'),
	checked(tree, node) {
		const name = tree.names[node];
		if (name === 'option') return has(tree, node, 'selected');
		return (
			name === 'input' &&
			CHECKABLE.includes(asciiLower(tree.attribute(node, 'type') ?? '')) &&
			has(tree, node, 'checked')
		);
	},
	disabled: (tree, node) => DISABLEABLE.includes(tree.names[node] as string) && isDisabled(tree, node),
	enabled: (tree, node) => DISABLEABLE.includes(tree.names[node] as string) && !isDisabled(tree, node),
};

function isDisabled(tree: Tree, node: number): boolean {
	if (has(tree, node, 'disabled')) return true;
	const name = tree.names[node] as string;
	if (CONTROLS.includes(name)) return inDisabledFieldset(tree, node);
	const parent = tree.parents[node] as number;
	return name === 'option' && tree.names[parent] === 'optgroup' && has(tree, parent, 'disabled');
}

/** What stands in the first legend of a fieldset goes on working. */
function inDisabledFieldset(tree: Tree, node: number): boolean {
	for (let child = node, parent = tree.parents[node] as number; parent > 0; parent = tree.parents[parent] as number) {
		if (tree.names[parent] === 'fieldset' && has(tree, parent, 'disabled') && !isFirstLegend(tree, child)) return true;
		child = parent;
	}
	return false;
}

function isFirstLegend(tree: Tree, node: number): boolean {
	if (tree.names[node] !== 'legend') return false;
	let before = previousElement(tree, node);
	while (before !== NONE && tree.names[before] !== 'legend') before = previousElement(tree, before);
	return before === NONE;
}

/** The nearest language that is said, by `lang` or `xml:lang`, is one of these or a kind of one. */
export function languageMatcher(ranges: readonly string[]): Matcher {
	return (tree, node) => {
		for (let at = node; at > 0; at = tree.parents[at] as number) {
			const said = tree.attribute(at, 'lang') ?? tree.attribute(at, 'xml:lang');
			if (said === null) continue;
			const language = `${asciiLower(said)}-`;
			return ranges.some((range) => (range === '*' ? said !== '' : language.startsWith(`${range}-`)));
		}
		return false;
	};
}
