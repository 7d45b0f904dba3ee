/** EXSLT's functions on strings, as libexslt has them. */
import { type Code, nodesCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { stringValue, toString, type XPathValue } from '../value.ts';
import { XPathError } from '../xpath-error.ts';
import { bounded } from './bounded.ts';
import { argument, define, type FunctionDefinition, numberAt, stringFunction, textAt } from './definition.ts';
import { elementTree } from './made-nodes.ts';

/** No page needs more; a wrong number must not fill the memory. */
const LONGEST_PADDING = 100_000;

const textsOf = (value: XPathValue): string[] =>
	typeof value === 'object' ? value.nodes.map((n) => stringValue(value.tree, n)) : [toString(value)];

/**
 * At every place the longest of the searched strings is replaced by its partner, or by nothing where it has none; an
 * empty one stands in front of every character that is not replaced. EXSLT gives nodes; here the string that they make.
 */
export function replace(text: string, searched: readonly string[], partners: readonly string[]): string {
	const pairs = searched.map((search, i) => ({ search, partner: partners[i] ?? '' }));
	const longestFirst = pairs.toSorted((a, b) => b.search.length - a.search.length);
	const [only] = pairs;
	if (pairs.length === 1 && only !== undefined && only.search !== '')
		return text.replaceAll(only.search, () => only.partner);
	let result = '';
	for (let at = 0; at < text.length; ) {
		const found = longestFirst.find(({ search }) => text.startsWith(search, at));
		if (found === undefined || found.search === '') result += (found?.partner ?? '') + text[at++];
		else {
			result += found.partner;
			at += found.search.length;
		}
	}
	return result;
}

/** Each character of `delimiters` ends a token; without any, each character is one. No token is empty. */
export function tokenize(text: string, delimiters: string): string[] {
	if (delimiters === '') return Array.from(text);
	const ends = new Set(delimiters);
	const tokens: string[] = [];
	let token = '';
	for (const character of text) {
		if (!ends.has(character)) token += character;
		else if (token !== '') {
			tokens.push(token);
			token = '';
		}
	}
	if (token !== '') tokens.push(token);
	return tokens;
}

/** The whole of `pattern` ends a token; without one, each character is a token. */
const split = (text: string, pattern: string): string[] =>
	pattern === '' ? Array.from(text) : text.split(pattern).filter((token) => token !== '');

const tokens = (how: (text: string, between: string) => string[], usual: string): FunctionDefinition =>
	define('nodes', [1, 2], (args) =>
		nodesCode((frame) => elementTree('token', how(textAt(frame, args, 0), textAt(frame, args, 1, usual)))),
	);

function padding(frame: Frame, args: readonly Code[]): string {
	const length = Math.max(0, Math.round(numberAt(frame, args, 0)) || 0);
	if (length > LONGEST_PADDING) throw new XPathError(`str:padding() makes at most ${LONGEST_PADDING} characters.`);
	return ''.padEnd(length, textAt(frame, args, 1, ' '));
}

/** The text laid over the padding: left, right or in the middle; cut off where it is longer. */
function align(text: string, room: string, where: string): string {
	const free = room.length - text.length;
	if (free <= 0) return text.slice(0, room.length);
	const before = where === 'right' ? free : where === 'center' ? Math.floor(free / 2) : 0;
	return room.slice(0, before) + text + room.slice(before + text.length);
}

/** Reserved characters stay unless the second argument says otherwise. */
function encode(text: string, reserved: boolean): string {
	const encoded = encodeURIComponent(text.toWellFormed());
	return reserved ? encoded : encoded.replace(/%(?:3B|2F|3F|3A|40|26|3D|2B|24|2C|5B|5D)/g, decodeURIComponent);
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return '';
	}
}

export const stringFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'str:replace': stringFunction([3, 3], (frame, args) => {
		const [searched, partners] = [argument(args, 1), argument(args, 2)];
		const replaced = replace(textAt(frame, args, 0), textsOf(searched.value(frame)), textsOf(partners.value(frame)));
		return bounded(replaced, 'str:replace()');
	}),
	'str:tokenize': tokens(tokenize, '\t\r\n '),
	'str:split': tokens(split, ' '),
	'str:concat': stringFunction(
		[1, 1],
		(frame, args) => bounded(textsOf(argument(args, 0).nodes(frame)).join(''), 'str:concat()'),
		{ nodeSets: [0] },
	),
	'str:padding': stringFunction([1, 2], padding),
	'str:align': stringFunction([2, 3], (frame, args) =>
		align(textAt(frame, args, 0), textAt(frame, args, 1), textAt(frame, args, 2, 'left')),
	),
	'str:encode-uri': stringFunction([2, 3], (frame, args) =>
		encode(textAt(frame, args, 0), argument(args, 1).boolean(frame)),
	),
	'str:decode-uri': stringFunction([1, 2], (frame, args) => decode(textAt(frame, args, 0))),
};
