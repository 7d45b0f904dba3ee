/** Rules about attributes of theme nodes: dropped first, then copied in the order of the rules, then merged (THEME 1.3). */
import { applyTemplates, type Frame } from '../page/index.ts';
import type { AttributeChange, Rule } from '../rules/index.ts';
import {
	type Attribute,
	attributeAt,
	compareRefs,
	elementOf,
	isAttribute,
	type NodeRef,
	type NodeSet,
	type Settlement,
} from '../tree/index.ts';
import type { Instruction } from '../xslt/index.ts';
import type { RuleSetting } from './bring.ts';
import { contentPatterns } from './node-pattern.ts';
import { compileSelector, selected } from './selector.ts';

/** Changes `attributes` in place; `theme` are those that the theme has. */
export type ApplyAttributes = (attributes: Attribute[], frame: Frame, theme: readonly Attribute[]) => void;

export interface CompiledAttributes {
	readonly order: 'drop' | 'copy' | 'merge';
	readonly apply: ApplyAttributes;
	readonly settlement: Settlement;
	/** What it writes behind the start tag: with Diazo, nodes instead of their attributes (THEME 1.4). */
	readonly fill: Instruction | null;
}

/** What an attribute rule does to theme nodes. `compat`: as Diazo does, not as it says (THEME 1.2, 1.4). */
export function compileAttributes(rule: Rule, setting: RuleSetting, compat: boolean): CompiledAttributes | null {
	const change = rule.attributes;
	if (change === null) return null;
	if (change.action === 'drop')
		return { order: 'drop', settlement: 'start', fill: null, apply: (attributes) => drop(attributes, change) };
	if (change.action === 'replace' && compat) return null;
	const source = sourceOf(rule, setting);
	if (source === null) return null;
	const { settlement, nodes } = source;
	if (change.action === 'merge') {
		return {
			order: 'merge',
			settlement,
			fill: null,
			apply: (attributes, frame, theme) =>
				compat ? mergeEach(attributes, change, nodes(frame), theme) : merge(attributes, change, nodes(frame)),
		};
	}
	const union = compat && rule.reference === null ? unionOf(rule, setting) : null;
	if (union !== null) return copyFromUnion(union, change);
	const clears = change.action === 'replace' || (change.names === '*' && !compat);
	return {
		order: 'copy',
		settlement,
		fill: null,
		apply: (attributes, frame) => {
			const found = nodes(frame);
			if (clears && (change.action === 'replace' || found.nodes.length > 0)) drop(attributes, change);
			for (const attribute of copied(found, change, frame, compat)) set(attributes, attribute);
		},
	};
}

interface Union {
	readonly whole: (frame: Frame) => readonly NodeRef[];
	readonly last: (frame: Frame) => readonly NodeRef[];
}

/** The alternatives of a selector that has several: all but the last, and the last. */
function unionOf({ content }: Rule, setting: RuleSetting): Union | null {
	if (content === null || !/[|,]/.test(content.select.text)) return null;
	const patterns = contentPatterns(content.select, setting);
	const last = patterns.pop();
	if (last === undefined || patterns.length === 0) return null;
	const whole = (frame: Frame): NodeRef[] => [...new Set(patterns.flatMap((one) => one.select(frame)))];
	return { whole: (frame) => whole(frame).toSorted(compareRefs), last: (frame) => last.select(frame) };
}

/** Diazo asks for the attributes of the last alternative, and for the nodes of the others: behind one there are no attributes. */
function copyFromUnion({ whole, last }: Union, change: AttributeChange): CompiledAttributes {
	return {
		order: 'copy',
		settlement: 'end',
		apply: (attributes, frame) => {
			const [first = Number.POSITIVE_INFINITY] = whole(frame);
			const nodes = last(frame).filter((ref) => compareRefs(ref, first) < 0);
			for (const one of copied({ tree: frame.tree, nodes }, change, frame, true)) set(attributes, one);
		},
		fill: (frame, out) => applyTemplates(frame, { tree: frame.tree, nodes: whole(frame) }, null, out),
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

/** Attributes are copied as templates and edits of the content leave them; `xmlns` of `html` is each document's own. */
function* copied(found: NodeSet, change: AttributeChange, frame: Frame, compat: boolean): Generator<Attribute> {
	const { tree, nodes } = found;
	const { page } = frame;
	const edits = page.setting.edits.changesAttributes ? page.edits(tree, null) : null;
	for (const ref of nodes.toSorted(compareRefs)) {
		const left = edits?.attributes(elementOf(ref)) ?? null;
		for (const attribute of valuesOf({ tree, nodes: [ref] }, change)) {
			const isOwn = tree.names[elementOf(ref)] === 'html' && OF_DOCUMENT.has(attribute.name);
			const edited = left === null ? attribute : left.find(({ name }) => name === attribute.name);
			if (edited !== undefined && !(compat && isOwn)) yield edited;
		}
	}
}

const OF_DOCUMENT: ReadonlySet<string> = new Set(['xmlns', 'xml:lang']);

function set(attributes: Attribute[], attribute: Attribute): void {
	const at = attributes.findIndex(({ name }) => name === attribute.name);
	if (at === -1) attributes.push(attribute);
	else attributes[at] = attribute;
}

function merge(attributes: Attribute[], change: AttributeChange, found: NodeSet): void {
	const values = [...valuesOf(found, change)];
	const names = change.names === '*' ? [...new Set([...attributes, ...values].map(({ name }) => name))] : change.names;
	for (const name of names) {
		const own = attributes.find((one) => one.name === name)?.value;
		const more = values.filter((one) => one.name === name).map(({ value }) => value);
		if (own === undefined && more.length === 0) continue;
		const parts = own === undefined || own === '' ? more : [own, ...more];
		set(attributes, { name, value: parts.join(change.separator) });
	}
}

/** As Diazo does: the value is the theme's, whatever other rules made of it, and each node of the content has its part. */
function mergeEach(
	attributes: Attribute[],
	change: AttributeChange,
	found: NodeSet,
	theme: readonly Attribute[],
): void {
	const { tree, nodes } = found;
	for (const name of change.names === '*' ? [] : change.names) {
		const own = theme.find((one) => one.name === name)?.value;
		const parts = nodes.toSorted(compareRefs).map((ref) => (isAttribute(ref) ? null : tree.attribute(ref, name)) ?? '');
		const more = parts.join(change.separator);
		set(attributes, { name, value: own === undefined ? more : own + change.separator + more });
	}
}
