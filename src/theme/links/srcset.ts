/** The URLs of a srcset, by the HTML standard: each ends at white space, or at commas that stand before white space. */
import type { MapUrl } from './css-urls.ts';

const BETWEEN = /[\s,]*/y;
const WORD = /\S*/y;
/** A candidate's descriptors: commas in parentheses do not end them. */
const DESCRIPTORS = /[^,(]*(?:\([^)]*\)?[^,(]*)*/y;

export function mapSrcset(value: string, map: MapUrl): string {
	let written = '';
	let at = 0;
	const take = (pattern: RegExp): string => {
		pattern.lastIndex = at;
		const taken = pattern.exec(value)?.[0] ?? '';
		at += taken.length;
		return taken;
	};
	while (at < value.length) {
		written += take(BETWEEN);
		const found = take(WORD);
		if (found === '') break;
		const url = withoutCommas(found);
		written += map(url) + found.slice(url.length);
		if (url.length === found.length) written += take(DESCRIPTORS);
	}
	return written;
}

function withoutCommas(url: string): string {
	let end = url.length;
	while (url.charAt(end - 1) === ',') end--;
	return url.slice(0, end);
}
