/** Optional white space (RFC 9110 section 5.6.3): space and tab, nothing else. JavaScript's `trim` takes more bytes than that. */

/** `text[start, end)` without white space around it. */
export function trimmed(text: string, start = 0, end: number = text.length): string {
	let from = start;
	let to = end;
	while (from < to && isSpace(text.charCodeAt(from))) from++;
	while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
	return text.slice(from, to);
}

/** Fetch's "normalize": line ends at both sides go as well. */
export function normalized(text: string): string {
	let from = 0;
	let to = text.length;
	while (from < to && isSpaceOrEnd(text.charCodeAt(from))) from++;
	while (to > from && isSpaceOrEnd(text.charCodeAt(to - 1))) to--;
	return text.slice(from, to);
}

const isSpaceOrEnd = (code: number): boolean => isSpace(code) || code === 0x0a || code === 0x0d;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;
