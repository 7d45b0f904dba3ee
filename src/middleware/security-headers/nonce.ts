/** A number used once for each page: what tells its own scripts and styles from those that somebody got into it (CSP3 section 7.1). */
import { type Key, key } from '../../convention/index.ts';

/** The nonce of this exchange, for `<script nonce="…">`; set by `securityHeaders` where its option `nonce` is true. Fit for an attribute as it is. */
export const nonce: Key<string, 'nonce'> = key('nonce');

/** 144 bits: nobody guesses them, and three bytes make four letters without a rest. */
const BYTES = 18;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Asked for many at a time, which costs hardly more than one. */
const pool = new Uint8Array(BYTES * 128);
let used = pool.length;

/** Another one with every call. */
export function makeNonce(): string {
	if (used === pool.length) {
		crypto.getRandomValues(pool);
		used = 0;
	}
	let text = '';
	for (const end = used + BYTES; used < end; used += 3) {
		const bits = ((pool[used] as number) << 16) | ((pool[used + 1] as number) << 8) | (pool[used + 2] as number);
		text += LETTERS.charAt(bits >> 18) + LETTERS.charAt((bits >> 12) & 63);
		text += LETTERS.charAt((bits >> 6) & 63) + LETTERS.charAt(bits & 63);
	}
	return text;
}
