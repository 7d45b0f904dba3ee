/** Whether an HTML5 tokenizer finds the same ends in a stretch of source as the builder did. */

const GREATER = 62;

/** Whether the tag at `start` ends at `end`, not earlier or later. */
export function tagHolds(source: string, start: number, end: number): boolean {
	if (source.charCodeAt(end - 1) !== GREATER || end - start < 3) return false;
	const first = source.indexOf('>', start);
	return first === end - 1 ? hasNoOpenQuote(source, start, end) : tagEnd(source, start, end) === end;
}

/** No quote at all, or read more closely. */
function hasNoOpenQuote(source: string, start: number, end: number): boolean {
	const tag = source.slice(start, end);
	return (!tag.includes('"') && !tag.includes("'")) || tagEnd(source, start, end) === end;
}

/** Reads a tag as the standard's tokenizer does: a quote means something behind `=` only. */
function tagEnd(source: string, start: number, limit: number): number {
	let at = start + 1;
	if (source[at] === '/') at++;
	while (at < limit && !/[\s/>]/.test(source[at] as string)) at++;
	while (at < limit) {
		while (at < limit && /[\s/]/.test(source[at] as string)) at++;
		if (source[at] === '>') return at + 1;
		at++;
		while (at < limit && !/[\s/>=]/.test(source[at] as string)) at++;
		let value = at;
		while (value < limit && /\s/.test(source[value] as string)) value++;
		if (source[value] === '=') at = valueEnd(source, value + 1);
	}
	return -1;
}

function valueEnd(source: string, from: number): number {
	let at = from;
	while (at < source.length && /\s/.test(source[at] as string)) at++;
	const quote = source[at];
	if (quote === '"' || quote === "'") {
		const end = source.indexOf(quote, at + 1);
		return end === -1 ? source.length : end + 1;
	}
	while (at < source.length && !/[\s>]/.test(source[at] as string)) at++;
	return at;
}

/** Whether a tag's name ends here for everyone, and not only for parsers that stop at odd characters. */
export function nameEnds(source: string, at: number): boolean {
	const code = source.charCodeAt(at);
	return code === GREATER || code === 32 || code === 10 || code === 47 || code === 9 || code === 13 || code === 12;
}

/** Whether no markup begins in a text, though another kind of parser found none. */
export function textHolds(source: string, start: number, end: number): boolean {
	for (let at = source.indexOf('<', start); at !== -1 && at < end; at = source.indexOf('<', at + 1)) {
		if (/[a-z/!?]/i.test(source.charAt(at + 1))) return false;
	}
	return true;
}

/** Whether what the builder took for a comment or processing instruction is just that, and in foreign content too. */
export function commentHolds(source: string, start: number, end: number): boolean {
	if (!source.startsWith('<!--', start)) {
		return !source.startsWith('<![', start) && source.indexOf('>', start) === end - 1 && end - start > 2;
	}
	const inner = source.slice(start + 2, end);
	const bang = inner.indexOf('--!>', 2);
	return inner.indexOf('-->') === inner.length - 3 && bang === -1 && end - start > 4;
}

/** Whether the raw text from `start` ends at `end`, because the first end tag of that name stands there. */
export function rawTextHolds(source: string, start: number, end: number, name: string): boolean {
	const close = `</${name}`;
	for (let at = source.indexOf('</', start); at !== -1 && at < end; at = source.indexOf('</', at + 2)) {
		if (source.slice(at, at + close.length).toLowerCase() === close) return false;
	}
	if (name !== 'script' || !source.slice(start, end).includes('<!--')) return true;
	return !/<script/i.test(source.slice(start, end));
}

/** Whether the tag says of itself that it has no end tag, and means it: not `<path d=x/>`. */
export function endsItself(source: string, openEnd: number, start: number): boolean {
	if (source.charCodeAt(openEnd - 2) !== 47) return false;
	return !/=\s*[^\s"'>][^\s>]*\/>$/.test(source.slice(start, openEnd));
}
