/**
 * Rules at their places in one theme: which node of it each of them is about. What can be wrong with that is told here:
 * selectors that match nothing, rules that exclude each other, and rules that can never be reached.
 */
import type { Diagnostics } from '../diagnostics/index.ts';
import type { Rule } from '../rules/index.ts';
import { ELEMENT, isAttribute, NONE, type NodeRef, TEXT, type Tree } from '../tree/index.ts';
import type { XPathContext } from '../xpath/index.ts';
import type { CompiledAttributes } from './attributes.ts';
import type { Brought } from './bring.ts';
import type { CompiledCondition } from './questions.ts';
import { compileSelector } from './selector.ts';

/** A rule, ready to be put into themes. */
export interface CompiledRule {
	readonly rule: Rule;
	/** Its place among all rules. */
	readonly number: number;
	readonly condition: CompiledCondition;
	readonly brought: Brought;
	/** Attribute rules: what they do to the attributes of a theme node. */
	readonly attributes: CompiledAttributes | null;
}

/** The rules about one node of the theme, in the order of their rules. */
export interface NodeRules {
	readonly before: CompiledRule[];
	readonly drop: CompiledRule[];
	readonly replace: CompiledRule[];
	readonly strip: CompiledRule[];
	readonly attributes: CompiledRule[];
	readonly prepend: CompiledRule[];
	readonly fill: CompiledRule[];
	readonly append: CompiledRule[];
	readonly after: CompiledRule[];
}

/** For a node that no rule is about. */
export const none = (): NodeRules => ({
	before: [],
	drop: [],
	replace: [],
	strip: [],
	attributes: [],
	prepend: [],
	fill: [],
	append: [],
	after: [],
});

/** Where a kind of rule goes: for the node itself, and for its children. To drop them is to fill with nothing. */
const PLACES = {
	before: ['before', 'prepend'],
	after: ['after', 'append'],
	replace: ['replace', 'fill'],
	drop: ['drop', 'fill'],
	strip: ['strip', 'strip'],
	attributes: ['attributes', 'attributes'],
} as const satisfies Record<Rule['kind'], readonly [keyof NodeRules, keyof NodeRules]>;

export class ThemeRules {
	readonly byNode: Map<number, NodeRules> = new Map();
	/** How many nodes of the theme each rule is about, by its number. */
	readonly matches: Map<number, number> = new Map();

	add(compiled: CompiledRule, nodes: readonly NodeRef[]): void {
		const { theme, kind } = compiled.rule;
		const place = PLACES[kind][theme?.children === true ? 1 : 0];
		let count = 0;
		for (const node of nodes) {
			if (isAttribute(node)) continue;
			count++;
			let rules = this.byNode.get(node);
			if (rules === undefined) {
				rules = none();
				this.byNode.set(node, rules);
			}
			rules[place].push(compiled);
		}
		this.matches.set(compiled.number, count);
	}
}

/** Looks up every rule's place in a theme. */
export function placeRules(
	rules: readonly CompiledRule[],
	tree: Tree,
	diagnostics: Diagnostics,
	compat: boolean,
): ThemeRules {
	const placed = new ThemeRules();
	const context = themeContext(tree);
	for (const compiled of rules) {
		const { theme } = compiled.rule;
		if (theme === null) continue;
		const selector = compileSelector(theme.select, diagnostics);
		if (selector === null) continue;
		try {
			const value = selector.evaluate(context);
			if (typeof value !== 'object') {
				const message = `'${theme.select.text}' selects no nodes: it is a ${typeof value}.`;
				diagnostics.error('bad-selector', message, theme.select.place);
			} else
				placed.add(
					compiled,
					value.nodes.filter((node) => fits(compiled.rule, tree, node, compat)),
				);
		} catch (error) {
			diagnostics.error('bad-xpath', (error as Error).message, theme.select.place);
		}
	}
	checkConflicts(placed, diagnostics);
	return placed;
}

/** Attributes, children and tags are an element's; the document itself is nobody's to change, nor texts in Diazo. */
function fits({ kind, theme }: Rule, tree: Tree, node: NodeRef, compat: boolean): boolean {
	if (node === 0 || (compat && tree.kinds[node] === TEXT)) return false;
	const needsElement = theme?.children === true || kind === 'attributes' || kind === 'strip';
	return !needsElement || tree.kinds[node] === ELEMENT;
}

function themeContext(tree: Tree): XPathContext {
	const context: XPathContext = {
		tree,
		node: 0,
		position: 1,
		size: 1,
		current: { tree, node: 0 },
		variable: () => undefined,
		document: () => null,
		index: () => null,
		memo: new Map(),
	};
	return context;
}

/** Two rules that both take the place of one node, whatever the content: only one of them can be meant. */
function checkConflicts({ byNode }: ThemeRules, diagnostics: Diagnostics): void {
	const told = new Set<CompiledRule>();
	for (const rules of byNode.values()) {
		for (const kind of ['replace', 'fill'] as const) {
			const [first, second] = rules[kind].filter(({ condition }) => condition.always);
			if (first === undefined || second === undefined || told.has(second)) continue;
			told.add(second);
			const message = `Two rules without a condition are about the same part of the theme: ${first.rule.spelled} and ${second.rule.spelled}.`;
			diagnostics.error('conflict', message, second.rule.place, 'Give one of them a condition, or another selector.');
		}
	}
}

/** Warns of rules about nodes inside of what is always replaced or dropped. */
export function warnUnreachable({ byNode }: ThemeRules, tree: Tree, diagnostics: Diagnostics): void {
	const told = new Set<CompiledRule>();
	for (const [node, rules] of byNode) {
		const by = hiddenBy(byNode, tree, node);
		if (by === null) continue;
		for (const compiled of Object.values(rules).flat() as CompiledRule[]) {
			if (told.has(compiled)) continue;
			told.add(compiled);
			const message = `This rule is about a part of the theme that is always taken away by ${by.rule.spelled}.`;
			diagnostics.warn('unreachable', message, compiled.rule.place);
		}
	}
}

function hiddenBy(byNode: ReadonlyMap<number, NodeRules>, tree: Tree, node: number): CompiledRule | null {
	for (let up = tree.parents[node] as number; up !== NONE; up = tree.parents[up] as number) {
		const rules = byNode.get(up);
		if (rules === undefined) continue;
		const hider = [...rules.drop, ...rules.replace, ...rules.fill].find(({ condition }) => condition.always);
		if (hider !== undefined) return hider;
	}
	return null;
}
