/**
 * The spellings in which an answer may show a secret again: as it is, percent-encoded, in base64 at any of its three
 * alignments, in hexadecimal digits, escaped for JSON or HTML.
 */
import { percentEncoded } from './query-parameters.ts';

/** Secrets that are shorter cannot be told from other text. */
export const SHORTEST = 8;

/** All that is looked for, as byte strings, the longest first. What is too short to be told from other text is left out. */
export function spellingsOf(hidden: readonly string[]): readonly string[] {
	const all = new Set(hidden.filter((one) => one.length >= SHORTEST).flatMap(spellings));
	return [...all].toSorted((a, b) => b.length - a.length);
}

function spellings(value: string): string[] {
	const percents = [percentEncoded(value), encoded(value), encoded(value).replaceAll('%20', '+')];
	const slashed = percentEncoded(value).replaceAll('%2F', '/');
	const hex = Buffer.from(value, 'latin1').toString('hex');
	const json = JSON.stringify(value).slice(1, -1);
	return [
		...[value, json, json.replaceAll('/', '\\/'), asJsonUnits(value), html(value)],
		...[...percents, slashed].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())]),
		...[hex, hex.toUpperCase()],
		...[0, 1, 2].flatMap((offset) => base64At(value, offset)),
	];
}

/** As `encodeURIComponent` leaves it. */
function encoded(value: string): string {
	return percentEncoded(value).replace(/%(?:21|27|28|29|2A)/g, (octet) =>
		String.fromCharCode(Number.parseInt(octet.slice(1), 16)),
	);
}

/** With what is not ASCII as `\uXXXX`: JSON counts characters, not bytes. */
function asJsonUnits(value: string): string {
	const text = Buffer.from(value, 'latin1').toString('utf8');
	return JSON.stringify(text)
		.slice(1, -1)
		.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function html(value: string): string {
	return value
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;')
		.replaceAll("'", '&#39;');
}

/** Characters of base64 that bits of what stands before would be in, by the number of bytes before. */
const SHARED = [0, 2, 3] as const;

/** What of base64 is the secret's alone when so many bytes stand before it, in both alphabets (RFC 4648 sections 4 and 5). */
function base64At(value: string, offset: number): string[] {
	const bytes = Buffer.from('\0'.repeat(offset) + value, 'latin1');
	const known = Math.floor((bytes.length * 8) / 6);
	const text = bytes.toString('base64').slice(SHARED[offset], known);
	return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
