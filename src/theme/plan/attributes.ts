/** Rules about attributes of theme nodes: dropped first, then copied in the order of the rules, then merged (THEME 1.3). */
import type { Frame } from '../page/index.ts';
import type { AttributeChange, Rule } from '../rules/index.ts';
import {
	type Attribute,
	attributeAt,
	compareRefs,
	elementOf,
	isAttribute,
	type NodeSet,
	type Settlement,
} from '../tree/index.ts';
import type { RuleSetting } from './bring.ts';
import { compileSelector, selected } from './selector.ts';

/** Changes `attributes` in place. */
export type ApplyAttributes = (attributes: Attribute[], frame: Frame) => void;

export interface CompiledAttributes {
	readonly order: 'drop' | 'copy' | 'merge';
	readonly apply: ApplyAttributes;
	readonly settlement: Settlement;
}

/** What an attribute rule does to theme nodes. `compat`: as Diazo does, not as it says (THEME 1.2, 1.4). */
export function compileAttributes(rule: Rule, setting: RuleSetting, compat: boolean): CompiledAttributes | null {
	const change = rule.attributes;
	if (change === null) return null;
	if (change.action === 'drop')
		return { order: 'drop', settlement: 'start', apply: (attributes) => drop(attributes, change) };
	if (change.action === 'replace' && compat) return null;
	const source = sourceOf(rule, setting);
	if (source === null) return null;
	const { settlement, nodes } = source;
	if (change.action === 'merge') {
		return {
			order: 'merge',
			settlement,
			apply: (attributes, frame) => merge(attributes, change, nodes(frame), compat),
		};
	}
	const clears = change.action === 'replace' || (change.names === '*' && !compat);
	return {
		order: 'copy',
		settlement,
		apply: (attributes, frame) => {
			const found = nodes(frame);
			if (clears && (change.action === 'replace' || found.nodes.length > 0)) drop(attributes, change);
			copy(attributes, change, found);
		},
	};
}

/** Where the values come from: the content, or another document. */
function sourceOf(
	rule: Rule,
	setting: RuleSetting,
): { settlement: Settlement; nodes: (frame: Frame) => NodeSet } | null {
	const { content, reference } = rule;
	if (content === null) return null;
	if (reference === null || reference.href === '') {
		const question = setting.questions.content(content);
		if (question === null) return null;
		return { settlement: question.settlement, nodes: (frame) => asNodes(frame.page.answer(question), frame) };
	}
	const selector = compileSelector(content.select, setting.diagnostics);
	if (selector === null) return null;
	setting.documents.want(reference);
	return {
		settlement: 'start',
		nodes: (frame) => {
			const tree = frame.document(reference.href);
			if (tree === null) return { tree: frame.tree, nodes: [] };
			return asNodes(selected(selector, content, frame.at(tree, 0, 1, 1)), frame);
		},
	};
}

const asNodes = (value: unknown, frame: Frame): NodeSet =>
	typeof value === 'object' ? (value as NodeSet) : { tree: frame.tree, nodes: [] };

const named = ({ names }: AttributeChange, name: string): boolean => names === '*' || names.includes(name);

export function drop(attributes: Attribute[], change: AttributeChange): void {
	const kept = attributes.filter(({ name }) => !named(change, name));
	attributes.splice(0, attributes.length, ...kept);
}

/** The values that selected nodes have: of elements their attributes, of attributes themselves. */
function* valuesOf({ tree, nodes }: NodeSet, change: AttributeChange): Generator<Attribute> {
	for (const ref of nodes.toSorted(compareRefs)) {
		const all = tree.kinds[elementOf(ref)] === 1 ? tree.attributes(elementOf(ref)) : [];
		const own = isAttribute(ref) ? all.slice(attributeAt(ref), attributeAt(ref) + 1) : all;
		for (const attribute of own) if (named(change, attribute.name)) yield attribute;
	}
}

function copy(attributes: Attribute[], change: AttributeChange, found: NodeSet): void {
	for (const attribute of valuesOf(found, change)) set(attributes, attribute);
}

function set(attributes: Attribute[], attribute: Attribute): void {
	const at = attributes.findIndex(({ name }) => name === attribute.name);
	if (at === -1) attributes.push(attribute);
	else attributes[at] = attribute;
}

function merge(attributes: Attribute[], change: AttributeChange, found: NodeSet, compat: boolean): void {
	const values = [...valuesOf(found, change)];
	const names = change.names === '*' ? [...new Set([...attributes, ...values].map(({ name }) => name))] : change.names;
	for (const name of names) {
		const own = attributes.find((one) => one.name === name)?.value;
		const more = values.filter((one) => one.name === name).map(({ value }) => value);
		// Diazo writes an empty attribute where neither side has any.
		if (own === undefined && more.length === 0 && !compat) continue;
		const parts = own === undefined || (own === '' && !compat) ? more : [own, ...more];
		set(attributes, { name, value: parts.join(change.separator) });
	}
}
