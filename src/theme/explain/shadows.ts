/**
 * Which rule kept another from being carried out on a page, though its own condition held. Follows the order in which
 * a node of the theme is worked on (plan/theme-program.ts), and the ranks of content edits (plan/edit-table.ts): the
 * three change together.
 */

import type { Frame } from '../page/index.ts';
import type { CompiledRule, CompiledTheme, ContentEdit, NodeRules, Plan } from '../plan/index.ts';
import { NONE, type NodeRef } from '../tree/index.ts';

/** What comes before a place at the same node and takes it away. */
const BEFORE: Readonly<Record<keyof NodeRules, readonly (keyof NodeRules)[]>> = {
	before: [],
	after: [],
	drop: [],
	replace: ['drop', 'replace'],
	strip: ['drop', 'replace'],
	attributes: ['drop', 'replace', 'strip'],
	prepend: ['drop', 'replace'],
	append: ['drop', 'replace'],
	fill: ['drop', 'replace', 'fill'],
};

/** What takes away all that is in a node. */
const AROUND = ['drop', 'replace', 'fill'] as const;

/** The rule in whose shadow a theme rule stands at each of its nodes; null when it is carried out at any. */
export function themeShadow({ placed, tree }: CompiledTheme, rule: CompiledRule, root: Frame): CompiledRule | null {
	let first: CompiledRule | null = null;
	for (const [node, rules] of placed.byNode) {
		const places = (Object.keys(BEFORE) as (keyof NodeRules)[]).filter((place) => rules[place].includes(rule));
		for (const place of places) {
			let by = winner(rules, BEFORE[place], rule, root);
			for (let up = tree.parents[node] as number; by === null && up !== NONE; up = tree.parents[up] as number) {
				const around = placed.byNode.get(up);
				if (around !== undefined) by = winner(around, AROUND, rule, root);
			}
			if (by === null) return null;
			first ??= by;
		}
	}
	return first;
}

/** Who is carried out at these places, unless that is the rule itself. */
function winner(
	rules: NodeRules,
	places: readonly (keyof NodeRules)[],
	rule: CompiledRule,
	root: Frame,
): CompiledRule | null {
	for (const place of places) {
		const list = rules[place];
		const conditional = list.find(({ condition }) => !condition.always && condition.holds(root));
		const found = conditional ?? list.find(({ condition }) => condition.always);
		if (found === rule) return null;
		if (found !== undefined) return found;
	}
	return null;
}

/** The edit that takes a content rule's place at all of its nodes; null when it has any for itself. */
export function contentShadow({ edits }: Plan, number: number, root: Frame): ContentEdit | null {
	const winners = new Map<NodeRef, ContentEdit>();
	for (const edit of edits.edits) {
		if (edit.mode !== null || !edit.condition.holds(root)) continue;
		for (const node of edit.pattern.select(root)) winners.set(node, edit);
	}
	const own = edits.edits.filter(({ rules }) => rules.includes(number));
	let first: ContentEdit | null = null;
	for (const node of own.flatMap(({ pattern }) => pattern.select(root))) {
		const by = winners.get(node);
		if (by === undefined || by.rules.includes(number)) return null;
		first ??= by;
	}
	return first;
}
