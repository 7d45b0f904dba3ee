/**
 * Where a start tag ends, and on the way the places of its attributes. The one grammar of attributes here: quotes count
 * behind `=` only, `/` separates, anything else is a name. `scanAttribute` finds the next one, everybody else calls it.
 */

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;

/** The string ended before the tag. */
export const UNFINISHED = -1;

export function isSpace(c: number): boolean {
	return c === SPACE || c === LINE_FEED || c === TAB || c === RETURN || c === FORM_FEED;
}

export const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

/** Digits, capitals and `-.:_`. */
const isPlain = (c: number): boolean => (c >= 48 && c <= 58) || isLetter(c) || c === 45 || c === 46 || c === 95;

/** Where the name of a tag ends that begins at `start`; with `plain`, anything unusual ends it, as in libxml2. */
export function tagNameEnd(text: string, start: number, plain: boolean): number {
	let i = start;
	for (; i < text.length; i++) {
		const c = text.charCodeAt(i);
		if (c >= 97 && c <= 122) continue;
		if (c === GREATER || c === SLASH || isSpace(c)) break;
		if (plain && !isPlain(c)) break;
	}
	return i;
}

/** Reads one start tag after the other; the fields tell of the attribute, or the tag, that was read last. */
export class TagScanner {
	nameStart = 0;
	nameEnd = 0;
	valueStart = 0;
	valueEnd = 0;
	/** The tag ended in `/>`. */
	selfClosing = false;

	/**
	 * Reads the next attribute from `at`. Answers the offset behind it; of the `>` when there is none left (`nameEnd` is
	 * then the same as `nameStart`); UNFINISHED when the text ends first.
	 */
	attribute(text: string, at: number): number {
		const length = text.length;
		let i = at;
		let c = 0;
		this.selfClosing = false;
		for (; i < length; i++) {
			c = text.charCodeAt(i);
			if (c === SLASH) this.selfClosing = true;
			else if (isSpace(c)) this.selfClosing = false;
			else break;
		}
		this.nameStart = i;
		if (i >= length) return UNFINISHED;
		if (c === GREATER) {
			this.nameEnd = i;
			return i;
		}
		for (i++; i < length; i++) {
			c = text.charCodeAt(i);
			// All that ends a name comes before the letters.
			if (c > GREATER) continue;
			if (c === EQUALS || c === GREATER || c === SLASH || isSpace(c)) break;
		}
		this.nameEnd = this.valueStart = this.valueEnd = i;
		while (i < length && isSpace(text.charCodeAt(i))) i++;
		if (i >= length) return UNFINISHED;
		return text.charCodeAt(i) === EQUALS ? this.value(text, i + 1) : i;
	}

	private value(text: string, at: number): number {
		const length = text.length;
		let i = at;
		while (i < length && isSpace(text.charCodeAt(i))) i++;
		if (i >= length) return UNFINISHED;
		const c = text.charCodeAt(i);
		this.valueStart = i;
		if (c === QUOTE || c === APOSTROPHE) {
			const end = text.indexOf(c === QUOTE ? '"' : "'", i + 1);
			this.valueStart = i + 1;
			this.valueEnd = end;
			return end < 0 ? UNFINISHED : end + 1;
		}
		for (; i < length; i++) {
			const d = text.charCodeAt(i);
			if (d === GREATER || isSpace(d)) break;
		}
		this.valueEnd = i;
		return i >= length ? UNFINISHED : i;
	}
}
