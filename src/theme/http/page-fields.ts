/** Response fields when the body has changed, when it could have, and when URLs in them are mapped. */

import type { Coding } from '../../coding/index.ts';
import { type FieldList, formatParameterized, parseParameterized } from '../../fields/index.ts';
import type { Links } from './themer.ts';

/** True of the old bytes alone: lengths, digests (RFC 9530 and those before it), ranges, and trailers, which are dropped. */
const OF_THE_BYTES = [
	...['content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest'],
	...['accept-ranges', 'content-range', 'trailer'],
];

/** The fields of a body that was made anew, as UTF-8. Content-Language, Link, policies and cookies are still true. */
export function describeBody(fields: FieldList, contentType: string, coding: Coding | null): void {
	for (const name of OF_THE_BYTES) fields.delete(name);
	const parsed = parseParameterized(fields.get('content-type') ?? '');
	const kept = (parsed?.parameters ?? []).filter(([name, value]) => name !== 'charset' && value !== null);
	fields.set('Content-Type', formatParameterized(contentType, [...kept, ['charset', 'utf-8']]));
	if (coding === null) fields.delete('content-encoding');
	else fields.set('Content-Encoding', coding);
}

/** Fields that are one reference. */
const REFERENCES = ['location', 'content-location'];
const REFRESH = /^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?/i;

/** Maps the URLs in fields. True when one was changed. */
export function mapFields(fields: FieldList, links: Links): boolean {
	let changed = false;
	const map = (name: string, mapped: (value: string) => string): void => {
		const value = fields.get(name);
		if (value === null) return;
		const other = mapped(value);
		if (other === value) return;
		fields.set(name, other);
		changed = true;
	};
	for (const name of REFERENCES) map(name, (value) => links.url(value));
	map('refresh', (value) => refreshed(value, links));
	map('link', (value) => value.replace(/<([^<>]*)>/g, (_, url: string) => `<${links.url(url)}>`));
	return mapCookies(fields, links) || changed;
}

/** `5; url="/next"`: the reference is what stands between the quotes, or all that follows where there are none. */
function refreshed(value: string, links: Links): string {
	const start = REFRESH.exec(value)?.[0];
	if (start === undefined) return value;
	const rest = value.slice(start.length).trimEnd();
	const quote = rest.startsWith('"') || rest.startsWith("'") ? rest.charAt(0) : '';
	if (quote !== '' && (rest.length < 2 || !rest.endsWith(quote))) return value;
	const url = rest.slice(quote.length, rest.length - quote.length);
	return /["']/.test(url) ? value : start + quote + links.url(url) + quote;
}

/** Set-Cookie lines, each on its own: they cannot be joined (RFC 9110 section 5.3). */
function mapCookies(fields: FieldList, links: Links): boolean {
	const lines = fields.all('set-cookie');
	const mapped = lines.map((line) => links.setCookie(line));
	if (mapped.every((line, index) => line === lines[index])) return false;
	fields.delete('set-cookie');
	for (const line of mapped) fields.append('Set-Cookie', line);
	return true;
}
