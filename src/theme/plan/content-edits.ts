/**
 * Rules about the content alone become edits of its nodes. Where several are about one node the last wins, in the order
 * drop, strip, before/replace/after, those that replace children, inline templates (THEME 1.3). Edits of attributes are
 * apart from that: they never take another edit's place.
 */
import type { Output } from '../output/index.ts';
import { applyChildren, type Edit, type Frame } from '../page/index.ts';
import type { EditableElement, MarkupElement, Rule } from '../rules/index.ts';
import { type Attribute, ELEMENT } from '../tree/index.ts';
import { attributeOf, compileMarkup, expressionText } from '../xslt/index.ts';
import { AroundEdits, type Group } from './around-edits.ts';
import { drop } from './attributes.ts';
import { bodyReach } from './body-reach.ts';
import type { RuleSetting } from './bring.ts';
import { type AttributeEdit, CATEGORIES, type ContentEdit, priorityOf } from './content-edit.ts';
import { childrenPattern, contentPatterns, type NodePattern } from './node-pattern.ts';
import { ALWAYS } from './questions.ts';

export interface ContentEdits {
	readonly edits: readonly ContentEdit[];
	/** What edits around nodes are put together from, each in the mode of its place. */
	readonly parts: readonly ContentEdit[];
	readonly attributes: readonly AttributeEdit[];
}

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
		if (rule.attributes !== null || rule.edit !== null) {
			const found = attributeEdits(rule, number, setting, compat);
			attributes.push(...found.attributes);
			edits.push(...found.edits);
		} else if (rule.kind === 'drop' || rule.kind === 'strip') edits.push(...simpleEdits(rule, number, setting, compat));
		else groupOf(groups, rule).push({ rule, number });
	}
	const around = new AroundEdits(setting, compat);
	for (const group of groups.values()) around.add(group);
	return { edits: [...edits, ...around.edits], parts: around.parts, attributes };
}

function groupOf(groups: Map<string, Group>, { content }: Rule): Group {
	const key = `${content?.select.language} ${content?.select.text}`;
	let group = groups.get(key);
	if (group === undefined) {
		group = [];
		groups.set(key, group);
	}
	return group;
}

function attributeEdits(
	rule: Rule,
	number: number,
	setting: RuleSetting,
	compat: boolean,
): { attributes: AttributeEdit[]; edits: ContentEdit[] } {
	const { attributes, edit } = rule;
	if (rule.content === null) return { attributes: [], edits: [] };
	const condition = setting.questions.condition(rule.condition);
	let change: AttributeEdit['change'] | null = null;
	if (edit !== null) change = (list, frame) => edit(editable(list, frame));
	else if (attributes?.action === 'drop') change = (list) => drop(list, attributes);
	if (change === null) {
		setting.diagnostics.error('missing-attribute', `${rule.spelled} with attributes needs a theme.`, rule.place);
		return { attributes: [], edits: [] };
	}
	const made = change;
	const patterns = contentPatterns(rule.content.select, setting);
	// Diazo's attributes are those of the last alternative only: of all others the nodes go (THEME 1.4).
	const whole = compat && edit === null ? patterns.slice(0, -1) : [];
	return {
		attributes: patterns.slice(whole.length).map((pattern) => ({ pattern, condition, rule: number, change: made })),
		edits: whole.map((pattern) => ({
			pattern,
			condition: ALWAYS,
			rank: [0, pattern.priority, CATEGORIES.drop, number],
			mode: null,
			reads: 'start',
			rules: [number],
			edit: { run: () => {} },
		})),
	};
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
	const patterns = simplePatterns(rule, setting, compat);
	const { children } = rule.content;
	const isStrip = rule.kind === 'strip';
	const edit: Edit = { run: !isStrip ? () => {} : children && !compat ? unwrapped : applyChildren };
	return patterns.map((pattern, index) => {
		// Diazo's condition is a predicate of the last alternative only (THEME 1.4).
		const binds = !compat || index === patterns.length - 1;
		return {
			pattern,
			condition: binds ? condition : ALWAYS,
			rank: [0, priorityOf(pattern, condition), isStrip ? CATEGORIES.strip : CATEGORIES.drop, number],
			mode: null,
			reads: 'start',
			rules: [number],
			edit,
		};
	});
}

/** Of content-children the children of each node; in Diazo those of the last alternative, and the nodes of the others. */
function simplePatterns({ content }: Rule, setting: RuleSetting, compat: boolean): NodePattern[] {
	if (content === null) return [];
	const patterns = contentPatterns(content.select, setting);
	if (!content.children) return patterns;
	const first = compat ? patterns.length - 1 : 0;
	return patterns.map((pattern, index) => (index < first ? pattern : childrenPattern(pattern)));
}

/** An element without its tags, anything else as it is: Diazo's strip takes texts for elements without content. */
function unwrapped(frame: Frame, out: Output): void {
	if (frame.tree.kinds[frame.node] === ELEMENT) applyChildren(frame, out);
	else out.copy(frame.tree, frame.node);
}

/** An inline `xsl:template` with a pattern; its named twin is compiled elsewhere. */
export function templateEdit(element: MarkupElement, order: number, setting: RuleSetting): ContentEdit[] {
	const match = expressionText(setting.diagnostics, element, 'match');
	if (match === null) return [];
	const given = Number(attributeOf(element, 'priority')?.value ?? Number.NaN);
	const { precedence = 0, importsFrom = Number.NEGATIVE_INFINITY } = element;
	const imports = { from: importsFrom, below: precedence };
	const run = compileMarkup(element.children, { ...setting, inTemplate: true });
	return contentPatterns(
		{ language: 'xpath', text: match.text, place: match.place, namespaces: element.namespaces },
		setting,
	).map((one) => ({
		pattern: one,
		condition: ALWAYS,
		rank: [precedence, Number.isNaN(given) ? one.priority : given, CATEGORIES.template, order],
		reads: bodyReach(element.children, setting.questions),
		mode: attributeOf(element, 'mode')?.value ?? null,
		rules: [],
		edit: { run, imports },
	}));
}
