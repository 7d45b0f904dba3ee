/**
 * Which stretches of a source can be written as XHTML as they stand. Whoever answers yes here answers it for good: what is
 * kept has to be, character for character, what would be written node by node. In doubt the answer is no.
 */
import { NONE } from '../tree/index.ts';
import { isBoolean, repeatsName } from './xhtml-attributes.ts';

const TAB = 9;
const LINE_FEED = 10;
const SPACE = 32;
const QUOTE = 34;
const AMPERSAND = 38;
const HYPHEN = 45;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
/** From here on there are halves of characters, and characters that XML does not have. */
const SURROGATES = 0xd800;

/** Tags with more attributes are not looked at. */
const MOST_ATTRIBUTES = 12;
const hashes: Int32Array = new Int32Array(MOST_ATTRIBUTES);

const isLower = (c: number): boolean => c >= 97 && c <= 122;
const isInName = (c: number): boolean => isLower(c) || (c >= 48 && c <= 57) || c === HYPHEN;

/** Whether the text at [start, end) needs neither decoding nor escaping. */
export function isPlainText(source: string, start: number, end: number): boolean {
	for (let at = start; at < end; at++) {
		const c = source.charCodeAt(at);
		if (c < SPACE ? c !== LINE_FEED && c !== TAB : c >= SURROGATES) return false;
		if (c === AMPERSAND || c === LESS || c === GREATER) return false;
	}
	return true;
}

/** Where the attributes end of the start tag at [start, end), all of them as they would be written; NONE when some are not. */
export function plainTagEnd(source: string, start: number, end: number, element: string): number {
	let at = start + 1;
	if (!isPlainName(element) || !source.startsWith(element, at)) return NONE;
	at += element.length;
	for (let count = 0; source.charCodeAt(at) === SPACE && isLower(source.charCodeAt(at + 1)); count++) {
		const nameEnd = nameEndAt(source, at + 1);
		if (count === MOST_ATTRIBUTES || !isNew(source, at + 1, nameEnd, count)) return NONE;
		const valueEnd = valueEndAt(source, nameEnd, end);
		if (valueEnd === NONE) return NONE;
		if (isWrittenOtherwise(source, at + 1, nameEnd, valueEnd, element)) return NONE;
		at = valueEnd + 1;
	}
	return endsTag(source, at, end) ? at : NONE;
}

function isPlainName(name: string): boolean {
	if (!isLower(name.charCodeAt(0))) return false;
	for (let i = 1; i < name.length; i++) if (!isInName(name.charCodeAt(i))) return false;
	return true;
}

function nameEndAt(source: string, start: number): number {
	let at = start;
	while (isInName(source.charCodeAt(at))) at++;
	return at;
}

/** Whether no attribute before has this name; two names that look alike from afar count as one. */
function isNew(source: string, start: number, end: number, count: number): boolean {
	let hash = 0;
	for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + source.charCodeAt(i)) | 0;
	for (let i = 0; i < count; i++) if (hashes[i] === hash) return false;
	hashes[count] = hash;
	return true;
}

/** Where the quote stands that ends the value. */
function valueEndAt(source: string, nameEnd: number, end: number): number {
	if (source.charCodeAt(nameEnd) !== EQUALS || source.charCodeAt(nameEnd + 1) !== QUOTE) return NONE;
	for (let at = nameEnd + 2; at < end; at++) {
		const c = source.charCodeAt(at);
		if (c === QUOTE) return at;
		if (c < SPACE || c >= SURROGATES || c === AMPERSAND || c === LESS || c === GREATER) return NONE;
	}
	return NONE;
}

/** Whether the attribute gets another value, or brings another one along (xhtml-attributes.ts). */
function isWrittenOtherwise(source: string, start: number, end: number, valueEnd: number, element: string): boolean {
	if (valueEnd === end + 2 && isBoolean(source.slice(start, end))) return true;
	if (end - start !== 4) return false;
	return source.startsWith('lang', start) || (repeatsName(element) && source.startsWith('name', start));
}

/** Whether there are only the marks that end it, in one of the four usual ways. */
function endsTag(source: string, from: number, end: number): boolean {
	let at = from;
	if (source.charCodeAt(at) === SPACE) at++;
	if (source.charCodeAt(at) === SLASH) at++;
	return at === end - 1 && source.charCodeAt(at) === GREATER;
}

/** Whether the end tag at [start, end) is written as it would be anew. */
export function isPlainEndTag(source: string, start: number, end: number, element: string): boolean {
	return (
		end - start === element.length + 3 &&
		source.charCodeAt(start) === LESS &&
		source.charCodeAt(end - 1) === GREATER &&
		source.startsWith(element, start + 2)
	);
}
