/**
 * Comma-separated field values (RFC 9110 section 5.6.1): splitting, and nothing about what the elements mean.
 * A comma inside a quoted string or a comment separates nothing; a quote or parenthesis that is never closed is an
 * ordinary character, so that one stray character cannot hide the elements behind it.
 */
import { isToken } from './syntax.ts';
import { trimmed } from './white-space.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x28;
const CLOSE = 0x29;

/** The elements of a list, in order, without white space around them; empty ones are left out. */
export function listOf(value: string): string[] {
	const elements: string[] = [];
	if (!value.includes(',')) {
		add(elements, value, 0, value.length);
		return elements;
	}
	let start = 0;
	let quotes = true;
	let comments = true;
	for (let i = 0; i < value.length; i++) {
		const code = value.charCodeAt(i);
		if (code === COMMA) {
			add(elements, value, start, i);
			start = i + 1;
		} else if (code === QUOTE && quotes) {
			const end = endOfQuoted(value, i);
			// Not looked for again: a value full of open quotes must not cost its length squared.
			if (end === -1) quotes = false;
			else i = end;
		} else if (code === OPEN && comments) {
			const end = endOfComment(value, i);
			if (end === -1) comments = false;
			else i = end;
		}
	}
	add(elements, value, start, value.length);
	return elements;
}

/** The tokens of a list of tokens, in lower case; elements that are not tokens are left out. */
export function tokens(value: string): string[] {
	const found: string[] = [];
	if (isToken(value)) {
		found.push(value.toLowerCase());
		return found;
	}
	for (let start = 0; start <= value.length; ) {
		let end = value.indexOf(',', start);
		if (end === -1) end = value.length;
		const element = trimmed(value, start, end);
		if (isToken(element)) found.push(element.toLowerCase());
		start = end + 1;
	}
	return found;
}

/** Index of the quote that closes the quoted string opened at `start`, or -1. */
function endOfQuoted(text: string, start: number): number {
	for (let i = start + 1; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === BACKSLASH) i++;
		else if (code === QUOTE) return i;
	}
	return -1;
}

/** Index of the parenthesis that closes the comment opened at `start`, or -1. Comments nest (RFC 9110 section 5.6.5). */
function endOfComment(text: string, start: number): number {
	let depth = 0;
	for (let i = start; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === BACKSLASH) i++;
		else if (code === OPEN) depth++;
		else if (code === CLOSE && --depth === 0) return i;
	}
	return -1;
}

function add(elements: string[], value: string, start: number, end: number): void {
	const element = trimmed(value, start, end);
	if (element !== '') elements.push(element);
}
