/** Whether an HTML5 tokenizer finds the same ends in a stretch of source as the builder did. */

const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;

/** Whether the tag at `start` ends at `end`, not earlier or later. */
export function tagHolds(source: string, start: number, end: number): boolean {
	if (source.charCodeAt(end - 1) !== GREATER || end - start < 3) return false;
	return tagEnd(source, start, end) === end;
}

/** Reads a tag as the standard's tokenizer does: a quote means something behind `=` only. */
function tagEnd(source: string, start: number, limit: number): number {
	let at = start + 1;
	if (source.charCodeAt(at) === SLASH) at++;
	while (at < limit && !endsWord(source.charCodeAt(at))) at++;
	while (at < limit) {
		let code = source.charCodeAt(at);
		for (; at < limit && (code === SLASH || isSpace(code)); code = source.charCodeAt(at)) at++;
		if (code === GREATER) return at + 1;
		at = attributeNameEnd(source, at, limit);
		let value = at;
		while (value < limit && isSpace(source.charCodeAt(value))) value++;
		if (source.charCodeAt(value) === EQUALS) at = valueEnd(source, value + 1, limit);
	}
	return -1;
}

/** Behind the value that begins behind `=`; no farther than it matters. */
function valueEnd(source: string, from: number, limit: number): number {
	let at = from;
	while (at < limit && isSpace(source.charCodeAt(at))) at++;
	const quote = source.charCodeAt(at);
	if (quote === QUOTE || quote === APOSTROPHE) {
		for (at++; at < limit; at++) if (source.charCodeAt(at) === quote) return at + 1;
		return limit;
	}
	for (; at < limit; at++) {
		const code = source.charCodeAt(at);
		if (code === GREATER || isSpace(code)) break;
	}
	return at;
}

/** The quote that the offset in a start tag is between two of; '' when it is in no quoted value. */
export function quoteAround(source: string, start: number, offset: number): string {
	let at = start + 1;
	while (at < offset && !endsWord(source.charCodeAt(at))) at++;
	while (at < offset) {
		const code = source.charCodeAt(at);
		if (code === SLASH || isSpace(code)) {
			at++;
			continue;
		}
		at = attributeNameEnd(source, at, offset);
		let value = at;
		while (isSpace(source.charCodeAt(value))) value++;
		if (source.charCodeAt(value) !== EQUALS) continue;
		for (value++; isSpace(source.charCodeAt(value)); ) value++;
		at = valueEnd(source, value, source.length);
		const quote = source.charAt(value);
		if (value < offset && offset < at) return quote === '"' || quote === "'" ? quote : '';
	}
	return '';
}

/** Behind the name of an attribute, which is whatever does not end one; its first character may be `=`. */
function attributeNameEnd(source: string, from: number, limit: number): number {
	let at = from + 1;
	for (; at < limit; at++) {
		const code = source.charCodeAt(at);
		if (code === EQUALS || endsWord(code)) break;
	}
	return at;
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13 || code === 12;
const endsWord = (code: number): boolean => code === GREATER || code === SLASH || isSpace(code);

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
	return !endsInValue(source, start, openEnd - 2);
}

/** Whether what stands before `end` is a value without quotes, which goes on to there: from the right, so that no tag is read twice. */
function endsInValue(source: string, start: number, end: number): boolean {
	let at = end;
	while (at > start && !/[\s>]/.test(source.charAt(at - 1))) {
		at--;
		if (source[at] === '=' && at + 1 < end && !isQuote(source.charAt(at + 1))) return true;
	}
	if (at === end || isQuote(source.charAt(at))) return false;
	while (at > start && /\s/.test(source.charAt(at - 1))) at--;
	return at > start && source[at - 1] === '=';
}

function isQuote(letter: string): boolean {
	return letter === '"' || letter === "'";
}
