/**
 * What a field name and a field value may hold (RFC 9110 sections 5.1, 5.5 and 5.6.2), for fields that our side makes:
 * nothing that could end a line early ever reaches a codec. What comes off the wire is checked by the codec itself.
 */

import { trimmed } from './white-space.ts';

const NOT_TOKEN = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether `text` is a token: the syntax of names, methods and many parameters. */
export function isToken(text: string): boolean {
	return text.length > 0 && !NOT_TOKEN.test(text);
}

/** Throws TypeError unless `name` is a field name. */
export function checkName(name: string): void {
	if (name.length === 0 || NOT_TOKEN.test(name)) throw new TypeError(`Not a field name: ${JSON.stringify(name)}`);
}

/** The value without surrounding white space. Throws TypeError when it holds what a field value must not: CR, LF, NUL, other controls, characters beyond latin1. */
export function checkValue(value: string): string {
	if (!isPlain(value) && NOT_VALUE.test(value)) throw new TypeError(`Not a field value: ${JSON.stringify(value)}`);
	return trimmed(value);
}

/** Values up to this length are looked through here, which takes less time than to call upon an expression. */
const SHORT = 32;

/** Whether the value is short and has nothing but visible ASCII and spaces. */
function isPlain(value: string): boolean {
	const { length } = value;
	if (length > SHORT) return false;
	for (let i = 0; i < length; i++) if ((value.charCodeAt(i) - 0x20) >>> 0 > 0x5e) return false;
	return true;
}
