/**
 * Rules about the content alone become edits of its nodes. Where several are about one node the last wins, in the order
 * drop, strip, before/replace/after, those of the children, inline templates (THEME 1.3); before, replace and after with
 * one selector are one edit. Edits of attributes are apart from that: they never take another edit's place.
 */
import type { Output } from '../output/index.ts';
import { applyChildren, type Edit, type Frame, openCopy } from '../page/index.ts';
import type { EditableElement, MarkupElement, Rule } from '../rules/index.ts';
import { type Attribute, bothSettled, ELEMENT, type Settlement } from '../tree/index.ts';
import { attributeOf, compileMarkup, expressionText, type Instruction } from '../xslt/index.ts';
import { drop } from './attributes.ts';
import { type Brought, bring, type RuleSetting } from './bring.ts';
import { contentPatterns, type NodePattern } from './node-pattern.ts';
import { ALWAYS, anyOf, type CompiledCondition } from './questions.ts';

/** Nodes that a pattern finds, and how they are written while a condition holds. */
export interface ContentEdit {
	readonly pattern: NodePattern;
	readonly condition: CompiledCondition;
	/** XSLT priority, then category, then the order of the rules: of two for one node the greater wins. */
	readonly rank: readonly [priority: number, category: number, order: number];
	readonly mode: string | null;
	/** The rules it was made from, by number. */
	readonly rules: readonly number[];
	readonly edit: Edit;
}

/** A change of the attributes of every node that a pattern finds. */
export interface AttributeEdit {
	readonly pattern: NodePattern;
	readonly condition: CompiledCondition;
	readonly rule: number;
	change(attributes: Attribute[], frame: Frame): void;
}

const DROP = 0;
const STRIP = 1;
const AROUND = 2;
const CHILDREN = 3;
const TEMPLATE = 4;

export interface ContentEdits {
	readonly edits: readonly ContentEdit[];
	readonly attributes: readonly AttributeEdit[];
}

/** `first`: the number of the first of these rules. */
export function contentEdits(
	rules: readonly { rule: Rule; number: number }[],
	setting: RuleSetting,
	compat: boolean,
): ContentEdits {
	const edits: ContentEdit[] = [];
	const attributes: AttributeEdit[] = [];
	const groups = new Map<string, Group>();
	for (const { rule, number } of rules) {
		if (rule.theme !== null || rule.content === null) continue;
		if (rule.attributes !== null || rule.edit !== null) attributes.push(...attributeEdits(rule, number, setting));
		else if (rule.kind === 'drop' || rule.kind === 'strip') edits.push(...simpleEdits(rule, number, setting, compat));
		else groupOf(groups, rule).push({ rule, number });
	}
	for (const group of groups.values()) edits.push(...aroundEdits(group, setting));
	return { edits, attributes };
}

type Group = { rule: Rule; number: number }[];

function groupOf(groups: Map<string, Group>, { content }: Rule): Group {
	const key = `${content?.children} ${content?.select.language} ${content?.select.text}`;
	let group = groups.get(key);
	if (group === undefined) {
		group = [];
		groups.set(key, group);
	}
	return group;
}

function attributeEdits(rule: Rule, number: number, setting: RuleSetting): AttributeEdit[] {
	const { attributes, edit } = rule;
	if (rule.content === null) return [];
	const condition = setting.questions.condition(rule.condition);
	let change: AttributeEdit['change'] | null = null;
	if (edit !== null) change = (list, frame) => edit(editable(list, frame));
	else if (attributes?.action === 'drop') change = (list) => drop(list, attributes);
	if (change === null) {
		setting.diagnostics.error('missing-attribute', `${rule.spelled} with attributes needs a theme.`, rule.place);
		return [];
	}
	const made = change;
	return contentPatterns(rule.content.select, setting).map((pattern) => ({
		pattern,
		condition,
		rule: number,
		change: made,
	}));
}

function editable(list: Attribute[], { tree, node }: Frame): EditableElement {
	return {
		name: tree.names[node] as string,
		getAttribute: (name) => list.find((one) => one.name === name)?.value ?? null,
		setAttribute: (name, value) => {
			const at = list.findIndex((one) => one.name === name);
			if (at === -1) list.push({ name, value });
			else list[at] = { name, value };
		},
		removeAttribute: (name) => drop(list, { action: 'drop', names: [name], separator: ' ' }),
		get textContent() {
			return tree.stringValue(node);
		},
	};
}

function simpleEdits(rule: Rule, number: number, setting: RuleSetting, compat: boolean): ContentEdit[] {
	if (rule.content === null) return [];
	const condition = setting.questions.condition(rule.condition);
	const patterns = contentPatterns(rule.content.select, setting);
	const { children } = rule.content;
	const edit: Edit = { run: rule.kind === 'strip' ? applyChildren : children ? emptied : () => {} };
	return patterns.map((pattern, index) => {
		// Diazo's condition is a predicate of the last alternative only (THEME 1.4).
		const binds = !compat || index === patterns.length - 1;
		return {
			pattern,
			condition: binds ? condition : ALWAYS,
			rank: [priority(pattern, condition), rule.kind === 'strip' ? STRIP : DROP, number],
			mode: null,
			rules: [number],
			edit,
		};
	});
}

/** A condition is a predicate, and a pattern with a predicate has priority 0.5 (XSLT 1.0 section 5.5). */
const priority = (pattern: NodePattern, condition: CompiledCondition): number =>
	condition.always ? pattern.priority : 0.5;

function emptied(frame: Frame, out: Output): void {
	if (frame.tree.kinds[frame.node] !== ELEMENT) return;
	openCopy(frame, out);
	out.end();
}

interface Part extends Brought {
	readonly condition: CompiledCondition;
}

function aroundEdits(group: Group, setting: RuleSetting): ContentEdit[] {
	const [first] = group;
	if (first === undefined || first.rule.content === null) return [];
	const parts = (kind: Rule['kind']): Part[] =>
		group
			.filter(({ rule }) => rule.kind === kind)
			.map(({ rule }) => ({ condition: setting.questions.condition(rule.condition), ...bring(rule, setting) }));
	const [before, replace, after] = [parts('before'), parts('replace'), parts('after')];
	const { select, children } = first.rule.content;
	const run = children ? childrenEdit(before, replace, after) : nodeEdit(before, replace, after);
	const all = [...before, ...replace, ...after];
	const condition = anyOf(all.map((part) => part.condition));
	// What is brought in may ask more of the content than the pattern does.
	const settlement = all.reduce<Settlement>((sum, part) => bothSettled(sum, part.settlement), 'start');
	return contentPatterns(select, setting).map((pattern) => ({
		pattern: { ...pattern, settlement: bothSettled(pattern.settlement, settlement) },
		condition,
		rank: [priority(pattern, condition), children ? CHILDREN : AROUND, first.number],
		mode: null,
		rules: group.map(({ number }) => number),
		edit: { run },
	}));
}

function fillAll(parts: readonly Part[], frame: Frame, out: Output): void {
	for (const { condition, fill } of parts) if (condition.holds(frame)) fill(frame, out);
}

/** The conditional replacements are tried in order; those without a condition follow when none holds. */
function replacement(parts: readonly Part[], frame: Frame): readonly Part[] {
	const first = parts.find(({ condition }) => !condition.always && condition.holds(frame));
	return first === undefined ? parts.filter(({ condition }) => condition.always) : [first];
}

function nodeEdit(before: readonly Part[], replace: readonly Part[], after: readonly Part[]): Instruction {
	return (frame, out) => {
		fillAll(before, frame, out);
		const chosen = replacement(replace, frame);
		if (chosen.length > 0) for (const { fill } of chosen) fill(frame, out);
		else copyNode(frame, out);
		fillAll(after, frame, out);
	};
}

function childrenEdit(before: readonly Part[], replace: readonly Part[], after: readonly Part[]): Instruction {
	return (frame, out) => {
		const { tree, node } = frame;
		if (tree.kinds[node] !== ELEMENT) return out.copy(tree, node);
		openCopy(frame, out);
		fillAll(before, frame, out);
		const chosen = replacement(replace, frame);
		if (chosen.length > 0) for (const { fill } of chosen) fill(frame, out);
		else applyChildren(frame, out);
		fillAll(after, frame, out);
		out.end();
	};
}

/** The node with its content edited. */
function copyNode(frame: Frame, out: Output): void {
	const { tree, node } = frame;
	if (tree.kinds[node] !== ELEMENT) return out.copy(tree, node);
	openCopy(frame, out);
	applyChildren(frame, out);
	out.end();
}

/** An inline `xsl:template` with a pattern; its named twin is compiled elsewhere. */
export function templateEdit(element: MarkupElement, order: number, setting: RuleSetting): ContentEdit[] {
	const match = expressionText(setting.diagnostics, element, 'match');
	if (match === null) return [];
	const given = Number(attributeOf(element, 'priority')?.value ?? Number.NaN);
	const run = compileMarkup(element.children, setting);
	return contentPatterns(
		{ language: 'xpath', text: match.text, place: match.place, namespaces: element.namespaces },
		setting,
	).map((one) => ({
		pattern: one,
		condition: ALWAYS,
		rank: [Number.isNaN(given) ? one.priority : given, TEMPLATE, order],
		mode: attributeOf(element, 'mode')?.value ?? null,
		rules: [],
		edit: { run },
	}));
}
