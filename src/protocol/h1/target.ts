/**
 * The four forms of a request-target (RFC 9112 section 3.2). The bytes have been checked to be target bytes; what is
 * decided here is which form they have, whether the method may have it, and where an authority in it ends.
 */
import { isAuthority, isAuthorityWithPort } from './authority.ts';
import type { RequestHead } from './events.ts';

const SLASH = 0x2f;
const ASTERISK = 0x2a;
const QUESTION = 0x3f;

/** The form of `bytes[start, end)`, or null when it has none that the method may have. */
export function formOf(method: string, bytes: Uint8Array, start: number, end: number): RequestHead['form'] | null {
	if (method === 'CONNECT') return isAuthorityWithPort(bytes, start, end) ? 'authority' : null;
	if (bytes[start] === SLASH) return 'origin';
	if (bytes[start] === ASTERISK && end - start === 1) return method === 'OPTIONS' ? 'asterisk' : null;
	const from = authorityStart(bytes, start, end);
	return from > 0 && isAuthority(bytes, from, authorityEnd(bytes, from, end)) ? 'absolute' : null;
}

/** The authority of an absolute-form target. */
export function authorityOf(target: string): string {
	const start = target.indexOf('//') + 2;
	let end = start;
	while (end < target.length && target[end] !== '/' && target[end] !== '?') end++;
	return target.slice(start, end);
}

const schemes = ['http://', 'https://'];

/** Where the authority begins behind a scheme of ours, in any case; -1 for other schemes. */
function authorityStart(bytes: Uint8Array, start: number, end: number): number {
	for (const scheme of schemes) {
		if (end - start < scheme.length) continue;
		let i = 0;
		// `| 0x20` makes letters small; `:` and `/` have that bit already, but 0x1a and 0x0f are no target bytes.
		while (i < scheme.length && ((bytes[start + i] as number) | 0x20) === scheme.charCodeAt(i)) i++;
		if (i === scheme.length) return start + i;
	}
	return -1;
}

function authorityEnd(bytes: Uint8Array, start: number, end: number): number {
	let p = start;
	while (p < end && bytes[p] !== SLASH && bytes[p] !== QUESTION) p++;
	return p;
}
