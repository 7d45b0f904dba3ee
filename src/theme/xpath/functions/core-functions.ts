/** The functions of XPath 1.0 on strings, booleans and numbers (sections 4.2 to 4.4). */

import { elementOf } from '../../tree/index.ts';
import { booleanCode, type Code } from '../code.ts';
import type { Frame } from '../frame.ts';
import { stringToNumber, stringValue } from '../value.ts';
import { bounded } from './bounded.ts';
import {
	argument,
	booleanFunction,
	define,
	type FunctionDefinition,
	numberAt,
	numberFunction,
	stringFunction,
	textAt,
} from './definition.ts';

const MANY = Number.POSITIVE_INFINITY;
const HERE = { hereUpTo: 0 };
const SURROGATE = /[\uD800-\uDFFF]/;

const here = (frame: Frame): string => stringValue(frame.tree, frame.node);
const textOrHere = (frame: Frame, args: readonly Code[]): string => args[0]?.string(frame) ?? here(frame);

export const normalizeSpace = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');

/** Characters are Unicode's, not halves of them. */
const lengthOf = (text: string): number => (SURROGATE.test(text) ? Array.from(text).length : text.length);

/** Section 4.2: positions from 1, both ends rounded, so that NaN and infinities do what the standard shows. */
export function substring(text: string, from: number, count: number | null): string {
	const begin = Math.round(from);
	// Without a count, all that is not in front: also of minus infinity.
	const end = count === null ? MANY : begin + Math.round(count);
	if (Number.isNaN(begin) || Number.isNaN(end)) return '';
	const [first, last] = [Math.max(begin, 1) - 1, Math.max(end - 1, 0)];
	return SURROGATE.test(text) ? Array.from(text).slice(first, last).join('') : text.slice(first, last);
}

export function translate(text: string, from: string, to: string): string {
	const replacements = Array.from(to);
	const map = new Map<string, string>();
	for (const [i, character] of Array.from(from).entries()) {
		if (!map.has(character)) map.set(character, replacements[i] ?? '');
	}
	let result = '';
	for (const character of text) result += map.get(character) ?? character;
	return result;
}

/** The nearest xml:lang or lang decides (section 4.3). */
function isLanguage({ tree, node }: Frame, wanted: string): boolean {
	for (let n = elementOf(node); n > 0; n = tree.parents[n] ?? 0) {
		if (!tree.isElement(n)) continue;
		const found = tree.attribute(n, 'xml:lang') ?? tree.attribute(n, 'lang');
		if (found === null) continue;
		const [has, want] = [found.toLowerCase(), wanted.toLowerCase()];
		return has === want || has.startsWith(`${want}-`);
	}
	return false;
}

const not = (args: readonly Code[]): Code => {
	const code = argument(args, 0);
	return booleanCode((frame) => !code.boolean(frame));
};

const contains = (args: readonly Code[]): Code => {
	const [text, part] = [argument(args, 0), argument(args, 1)];
	return booleanCode((frame) => text.string(frame).includes(part.string(frame)));
};

export const coreFunctions: Readonly<Record<string, FunctionDefinition>> = {
	string: stringFunction([0, 1], textOrHere, HERE),
	concat: stringFunction([2, MANY], (frame, args) => {
		let text = '';
		for (const arg of args) text += arg.string(frame);
		return bounded(text, 'concat()');
	}),
	'starts-with': booleanFunction([2, 2], (frame, args) => textAt(frame, args, 0).startsWith(textAt(frame, args, 1))),
	contains: define('boolean', [2, 2], contains),
	'substring-before': stringFunction([2, 2], (frame, args) => {
		const text = textAt(frame, args, 0);
		return text.slice(0, Math.max(0, text.indexOf(textAt(frame, args, 1))));
	}),
	'substring-after': stringFunction([2, 2], (frame, args) => {
		const [text, part] = [textAt(frame, args, 0), textAt(frame, args, 1)];
		const at = text.indexOf(part);
		return at === -1 ? '' : text.slice(at + part.length);
	}),
	substring: stringFunction([2, 3], (frame, args) =>
		substring(textAt(frame, args, 0), numberAt(frame, args, 1), args[2]?.number(frame) ?? null),
	),
	'string-length': numberFunction([0, 1], (frame, args) => lengthOf(textOrHere(frame, args)), HERE),
	'normalize-space': stringFunction([0, 1], (frame, args) => normalizeSpace(textOrHere(frame, args)), HERE),
	translate: stringFunction([3, 3], (frame, args) =>
		translate(textAt(frame, args, 0), textAt(frame, args, 1), textAt(frame, args, 2)),
	),
	boolean: define('boolean', [1, 1], (args) => booleanCode(argument(args, 0).boolean)),
	not: define('boolean', [1, 1], not),
	true: booleanFunction([0, 0], () => true),
	false: booleanFunction([0, 0], () => false),
	lang: booleanFunction([1, 1], (frame, args) => isLanguage(frame, textAt(frame, args, 0)), { hereUpTo: 1 }),
	number: numberFunction([0, 1], (frame, args) => args[0]?.number(frame) ?? stringToNumber(here(frame)), HERE),
	floor: numberFunction([1, 1], (frame, args) => Math.floor(numberAt(frame, args, 0))),
	ceiling: numberFunction([1, 1], (frame, args) => Math.ceil(numberAt(frame, args, 0))),
	round: numberFunction([1, 1], (frame, args) => Math.round(numberAt(frame, args, 0))),
};
