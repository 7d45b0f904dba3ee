/** xsl:number (XSLT 1.0 section 7.7). */
import type { Frame } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import { compareRefs, NONE, type NodeRef } from '../tree/index.ts';
import { type Counted, type Counter, countAlike, countPattern, parentOf } from './counted.ts';
import { expressionText, oneOf, optional, optionalTemplate, patternAt } from './expressions.ts';
import { type Instruction, NOTHING } from './instruction.ts';
import { formatNumbers, type Grouping } from './number-format.ts';
import { spendSteps, spendText } from './spend.ts';
import type { MarkupSetting } from './templates.ts';

const LEVELS = ['single', 'multiple', 'any'] as const;
type Level = (typeof LEVELS)[number];

export function number(element: MarkupElement, setting: MarkupSetting): Instruction {
	const numbers = numbersOf(element, setting);
	const format = optionalTemplate(element, 'format', setting);
	const separator = optionalTemplate(element, 'grouping-separator', setting);
	const size = optionalTemplate(element, 'grouping-size', setting);
	if (numbers === null) return NOTHING;
	return (frame, out) => {
		const grouping: Grouping = { separator: separator?.(frame) ?? '', size: sizeOf(separator && size?.(frame)) };
		const text = formatNumbers(numbers(frame), format?.(frame) ?? '1', grouping);
		spendText(frame, text);
		out.text(text, false);
	};
}

/** Both a separator and a size make groups. */
function sizeOf(text: string | null | undefined): number {
	const size = Math.floor(Number(text ?? 0));
	return size > 0 ? size : 0;
}

function numbersOf(element: MarkupElement, setting: MarkupSetting): ((frame: Frame) => readonly number[]) | null {
	const value = optional(element, 'value', setting);
	if (value === null) return null;
	if (value !== undefined) return (frame) => [value.number(frame)];
	const level = oneOf(element, 'level', LEVELS, setting) ?? 'single';
	const count = counter(element, 'count', setting) ?? countAlike();
	const from = counter(element, 'from', setting);
	return (frame) => placesOf(frame, level, count(frame), from?.(frame) ?? null);
}

function counter(element: MarkupElement, name: string, setting: MarkupSetting): Counter | null {
	const found = expressionText(setting.diagnostics, element, name);
	if (found === null) return null;
	const pattern = patternAt(setting.diagnostics, found.text, element.namespaces, found.place);
	return pattern === null ? null : countPattern(pattern);
}

function placesOf(frame: Frame, level: Level, counted: Counted, from: Counted | null): readonly number[] {
	if (level === 'any') return placeOfAll(frame, counted, from);
	const { tree, node } = frame;
	const places: number[] = [];
	for (let n: NodeRef = node; n !== NONE; n = parentOf(tree, n)) {
		if (from?.places.has(n)) break;
		const place = counted.places.get(n);
		if (place === undefined) continue;
		places.unshift(place);
		if (level === 'single') break;
	}
	spendSteps(frame, 1);
	return places;
}

/** How many there are up to the node at hand, from the last that `from` matches. */
function placeOfAll({ node }: Frame, { nodes }: Counted, from: Counted | null): readonly number[] {
	const upTo = countUpTo(nodes, node, true);
	const last = from === null ? undefined : from.nodes[countUpTo(from.nodes, node, true) - 1];
	const count = upTo - (last === undefined ? 0 : countUpTo(nodes, last, false));
	return count === 0 ? [] : [count];
}

/** How many stand in front of `node`, or are it. */
function countUpTo(nodes: readonly NodeRef[], node: NodeRef, inclusive: boolean): number {
	let [low, high] = [0, nodes.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		const order = compareRefs(nodes[middle] as NodeRef, node);
		if (order < 0 || (inclusive && order === 0)) low = middle + 1;
		else high = middle;
	}
	return low;
}
