/**
 * Which of the pages that one content can become: a short word that is part of every ETag. Two responses with the same
 * upstream tag have the same word only when the same rules saw the same request fields and parameters, so that a cache
 * that asks about one is never told that it holds the other (RFC 9110 section 8.8.3).
 */
import type { Fields } from '../../fields/index.ts';
import type { Parameters } from './options.ts';
import type { Themer } from './themer.ts';

/** The content as it is, for those who are never shown the theme: does not change with the rules. */
export const PLAIN = 'off';
/** The content as it is, because something went wrong this time: never valid later on. */
export const SKIPPED = 'skipped';

/** The word for what `themer` makes for this request. */
export function variantOf(themer: Themer, fields: Fields, parameters: Parameters): string {
	const facts: (string | null)[] = [themer.revision];
	for (const name of themer.varies) facts.push(name, fields.get(name));
	for (const name of Object.keys(parameters).sort()) facts.push(name, parameters[name] ?? null);
	return digest(JSON.stringify(facts));
}

/** 53 bits of a hash (cyrb53), as a word of letters and digits. No secret is kept by it. */
function digest(text: string): string {
	let high = 0xdeadbeef;
	let low = 0x41c6ce57;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		high = Math.imul(high ^ code, 2654435761);
		low = Math.imul(low ^ code, 1597334677);
	}
	high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
	low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
	return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
