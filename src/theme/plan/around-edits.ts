/**
 * Rules that write around and in place of content: before, replace, after, for a node or its children. Each of these
 * places is a mode of its own, as in Diazo's stylesheet, so that rules with other selectors for the same node meet there;
 * in one place the last selector wins, and rules with one selector are one edit.
 */
import type { Output } from '../output/index.ts';
import { applyChildren, type Frame, openCopy } from '../page/index.ts';
import type { Rule } from '../rules/index.ts';
import { bothSettled, ELEMENT, type Settlement, TEXT } from '../tree/index.ts';
import type { Instruction } from '../xslt/index.ts';
import { bodyReach } from './body-reach.ts';
import { bring, type RuleSetting } from './bring.ts';
import { CATEGORIES, type ContentEdit, priorityOf } from './content-edit.ts';
import { contentPatterns, type NodePattern } from './node-pattern.ts';
import { ALWAYS, anyOf, type CompiledCondition } from './questions.ts';

const BEFORE = 'before-content';
const BEFORE_CHILDREN = 'before-content-children';
const REPLACE = 'replace-content';
const AFTER = 'after-content';
const AFTER_CHILDREN = 'after-content-children';

export type Group = { rule: Rule; number: number }[];

interface Part {
	readonly condition: CompiledCondition;
	readonly fill: Instruction;
	readonly number: number;
	readonly reads: Settlement;
}

/** The edits of all rules with one selector: those that are found first, and what they are put together from. */
export class AroundEdits {
	readonly edits: ContentEdit[] = [];
	/** In modes of their own. */
	readonly parts: ContentEdit[] = [];
	private readonly setting: RuleSetting;
	private readonly compat: boolean;
	/** Of the group that is being added. */
	private patterns: readonly NodePattern[] = [];

	constructor(setting: RuleSetting, compat: boolean) {
		this.setting = setting;
		this.compat = compat;
	}

	add(group: Group): void {
		const content = group[0]?.rule.content ?? null;
		this.patterns = content === null ? [] : contentPatterns(content.select, this.setting);
		const of = (kind: Rule['kind'], children: boolean): Part[] =>
			group
				.filter(({ rule }) => rule.kind === kind && rule.content?.children === children)
				.map(({ rule, number }) => this.part(rule, number));
		const around: readonly (readonly [mode: string, parts: readonly Part[]])[] = [
			[BEFORE, of('before', false)],
			[BEFORE_CHILDREN, of('before', true)],
			[AFTER, of('after', false)],
			[AFTER_CHILDREN, of('after', true)],
		];
		const replace = of('replace', false);
		const all = [...around.flatMap(([, parts]) => parts), ...replace];
		if (all.length > 0) this.addAround(all);
		for (const [mode, parts] of around) this.addParts(mode, parts, (frame, out) => fillAll(parts, frame, out));
		this.addParts(REPLACE, replace, (frame, out) => this.replaced(replace, frame, out));
		for (const part of of('replace', true)) this.addChildren(part);
	}

	private part(rule: Rule, number: number): Part {
		const { setting } = this;
		const condition = setting.questions.condition(rule.condition);
		const asked = condition.here ? 'end' : condition.settlement;
		const reads = bothSettled(asked, bodyReach(rule.body ?? [], setting.questions));
		return { condition, fill: bring(rule, setting).fill, number, reads };
	}

	/** Diazo's conditions are asked when the node is taken already: weaker edits do not get it any more. */
	private whenAny(parts: readonly Part[]): CompiledCondition {
		return this.compat ? ALWAYS : anyOf(parts.map(({ condition }) => condition));
	}

	private addAround(parts: readonly Part[]): void {
		const condition = this.whenAny(parts);
		const numbers = parts.map(({ number }) => number).toSorted((a, b) => a - b);
		this.push(this.edits, {
			condition,
			category: CATEGORIES.around,
			order: numbers[0] ?? 0,
			mode: null,
			rules: numbers,
			reads: readsOf(parts),
			run: (frame, out) => {
				this.side(BEFORE, frame, out);
				const replace = frame.page.edits(frame.tree, REPLACE).get(frame.node);
				if (replace === undefined) this.copied(frame, out);
				else replace.run(frame, out);
				this.side(AFTER, frame, out);
			},
		});
	}

	private addParts(mode: string, parts: readonly Part[], run: Instruction): void {
		const [first] = parts;
		if (first === undefined) return;
		const condition = this.whenAny(parts);
		this.push(this.parts, { condition, category: 0, order: first.number, mode, rules: [], reads: readsOf(parts), run });
	}

	private addChildren({ condition, fill, number, reads }: Part): void {
		this.push(this.edits, {
			condition,
			category: CATEGORIES.children,
			order: number,
			mode: null,
			rules: [number],
			reads,
			run: (frame, out) => {
				if (frame.tree.kinds[frame.node] !== ELEMENT) return out.copy(frame.tree, frame.node);
				if (!this.compat) this.side(BEFORE, frame, out);
				openCopy(frame, out);
				if (!this.compat) this.side(BEFORE_CHILDREN, frame, out);
				fill(frame, out);
				if (!this.compat) this.side(AFTER_CHILDREN, frame, out);
				out.end();
				if (!this.compat) this.side(AFTER, frame, out);
			},
		});
	}

	private push(
		to: ContentEdit[],
		edit: {
			condition: CompiledCondition;
			category: number;
			order: number;
			mode: string | null;
			rules: readonly number[];
			reads: Settlement;
			run: Instruction;
		},
	): void {
		const { condition, category, order, mode, rules, reads, run } = edit;
		const { patterns } = this;
		for (const [index, pattern] of patterns.entries()) {
			// Diazo's condition on replaced children is a predicate of the last alternative only (THEME 1.4).
			const binds = !this.compat || index === patterns.length - 1;
			const rank = [0, priorityOf(pattern, condition), category, order] as const;
			to.push({ pattern, condition: binds ? condition : ALWAYS, rank, mode, reads, rules, edit: { run } });
		}
	}

	/** What stands on one side; in Diazo's own modes nothing else takes texts out of the built-in template's hands. */
	private side(mode: string, frame: Frame, out: Output): void {
		const { page, tree, node } = frame;
		const edit = page.edits(tree, mode).get(node);
		if (edit !== undefined) edit.run(frame, out);
		else if (this.compat && tree.kinds[node] === TEXT) out.copy(tree, node);
	}

	/** The conditional replacements are tried in order; those without a condition follow when none holds. */
	private replaced(parts: readonly Part[], frame: Frame, out: Output): void {
		const first = parts.find(({ condition }) => !condition.always && condition.holds(frame));
		const chosen = first === undefined ? parts.filter(({ condition }) => condition.always) : [first];
		if (chosen.length === 0) this.copied(frame, out);
		for (const { fill } of chosen) fill(frame, out);
	}

	/** The node with its content edited, and what belongs in front of and behind its children. */
	private copied(frame: Frame, out: Output): void {
		const { tree, node } = frame;
		if (tree.kinds[node] !== ELEMENT) return out.copy(tree, node);
		openCopy(frame, out);
		this.side(BEFORE_CHILDREN, frame, out);
		applyChildren(frame, out);
		this.side(AFTER_CHILDREN, frame, out);
		out.end();
	}
}

const readsOf = (parts: readonly Part[]): Settlement =>
	parts.reduce<Settlement>((all, { reads }) => bothSettled(all, reads), 'start');

function fillAll(parts: readonly Part[], frame: Frame, out: Output): void {
	for (const { condition, fill } of parts) if (condition.holds(frame)) fill(frame, out);
}
