/**
 * Values with parameters (RFC 9110 sections 5.6.4 and 5.6.6): `text/html;charset=utf-8`, `for=a;proto=http`. Tokens and
 * quoted strings alone; structured fields (RFC 9651) have a grammar of their own.
 */
import { isToken } from './syntax.ts';
import { trimmed } from './white-space.ts';

/** Name in lower case, and value without quotes; null when there was no `=` (chunk extensions). Order and duplicates are kept. */
export type Parameter = readonly [name: string, value: string | null];

/** `value;name=value;name=value`. */
export interface Parameterized {
	/** What stands before the first semicolon, without white space around it. */
	readonly value: string;
	readonly parameters: readonly Parameter[];
}

const NOT_QUOTABLE = /[^\t\x20-\x7e\x80-\xff]/;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\\0-\x08\x0a-\x1f\x7f]|\\[^\0-\x08\x0a-\x1f\x7f])*)"/y;
const SPACE = /[ \t]*/y;

/** Reads a value with its parameters. Null when the parameters are malformed; the value itself is not judged. */
export function parseParameterized(text: string): Parameterized | null {
	const semicolon = text.indexOf(';');
	if (semicolon === -1) return { value: trimmed(text), parameters: [] };
	const parameters = parseParameters(text.slice(semicolon + 1));
	return parameters === null ? null : { value: trimmed(text, 0, semicolon), parameters };
}

/** Reads `name=value;name="value"`. Empty parameters are skipped (RFC 9110 section 5.6.6). Null when malformed. */
export function parseParameters(text: string): Parameter[] | null {
	const parameters: Parameter[] = [];
	let at = 0;
	for (;;) {
		at += match(SPACE, text, at).length;
		const name = match(TOKEN, text, at);
		at += name.length;
		if (name !== '' && text[at] === '=') {
			at++;
			const raw = text[at] === '"' ? match(QUOTED, text, at) : match(TOKEN, text, at);
			if (raw === '') return null;
			at += raw.length;
			parameters.push([name.toLowerCase(), raw[0] === '"' ? unescape(raw) : raw]);
		} else if (name !== '') {
			parameters.push([name.toLowerCase(), null]);
		}
		at += match(SPACE, text, at).length;
		if (at === text.length) return parameters;
		if (text[at] !== ';') return null;
		at++;
	}
}

/** Writes a value with its parameters, quoting what is not a token. Throws TypeError for what cannot be written. */
export function formatParameterized(value: string, parameters: readonly Parameter[]): string {
	return parameters.length === 0 ? value : `${value};${formatParameters(parameters)}`;
}

/** Writes parameters joined by semicolons, quoting what is not a token. Throws TypeError for what cannot be written. */
export function formatParameters(parameters: readonly Parameter[]): string {
	let out = '';
	for (const [name, value] of parameters) {
		if (!isToken(name)) throw new TypeError(`Not a parameter name: ${JSON.stringify(name)}`);
		if (out !== '') out += ';';
		out += value === null ? name : `${name}=${tokenOrQuoted(value)}`;
	}
	return out;
}

/** The value of the first parameter of that name (lower case), or null. */
export function parameter(parameters: readonly Parameter[], name: string): string | null {
	for (const [other, value] of parameters) if (other === name) return value;
	return null;
}

/** The text as a token if it is one, else as a quoted string. */
export function tokenOrQuoted(text: string): string {
	return isToken(text) ? text : quote(text);
}

/** The text as a quoted string (RFC 9110 section 5.6.4). Throws TypeError for control characters and what is not latin1. */
export function quote(text: string): string {
	if (NOT_QUOTABLE.test(text)) throw new TypeError(`Cannot be quoted: ${JSON.stringify(text)}`);
	return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** What a quoted string says, or null when `text` is not exactly one. */
export function unquote(text: string): string | null {
	const raw = match(QUOTED, text, 0);
	return raw !== '' && raw.length === text.length ? unescape(raw) : null;
}

function unescape(quoted: string): string {
	const inner = quoted.slice(1, -1);
	return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner;
}

function match(pattern: RegExp, text: string, at: number): string {
	pattern.lastIndex = at;
	const found = pattern.exec(text);
	return found === null ? '' : found[0];
}
