/**
 * Finds the marks of ESI and SSI in a text, in one pass: `<esi:…>`, `</esi:…>`, `<!--esi … -->`, `<!--#… -->`. It reads
 * text and not HTML, as all includers do: a mark counts in a script or an attribute value, too, but not in a comment.
 * Linear whatever comes: a tag ends before the next `<`, and an end of comment that was not found is not looked for again.
 */
import type { IncludeSyntax } from './part.ts';

export interface Mark {
	/** `comment`: the two ends of `<!--esi … -->`, which leave nothing behind. */
	readonly kind: 'open' | 'close' | 'command' | 'comment';
	/** Of the element or command. */
	readonly name: string;
	/** What stands behind the name. */
	readonly rest: string;
	/** `<esi:name/>`. */
	readonly empty: boolean;
	readonly start: number;
	readonly end: number;
}

const NAME = /[\w-]*/y;
const COMMAND = /\s*([a-z]*)/y;

/** Whether there is anything to resolve: cheap, for all the pages where there is not. */
export function hasIncludes(text: string, { esi, ssi }: IncludeSyntax): boolean {
	return (esi && (text.includes('<esi:') || text.includes('<!--esi'))) || (ssi && text.includes('<!--#'));
}

/**
 * The same without anything that reads like a mark. What came with a fragment and was not resolved, because it was malformed,
 * in a comment, or put together from what an include left over, must not be resolved by whoever reads the page next.
 */
export function defused(text: string, syntax: IncludeSyntax): string {
	if (!hasIncludes(text, syntax)) return text;
	let safe = text;
	if (syntax.esi) safe = safe.replaceAll('<esi:', '&lt;esi:').replaceAll('<!--esi', '<!-- esi');
	return syntax.ssi ? safe.replaceAll('<!--#', '<!-- #') : safe;
}

export class Scanner {
	private readonly text: string;
	private readonly syntax: IncludeSyntax;
	private at = 0;
	/** Where the `-->` of an open `<!--esi` is, or -1. */
	private esiEnd = -1;
	private noEnd = false;

	constructor(text: string, syntax: IncludeSyntax) {
		this.text = text;
		this.syntax = syntax;
	}

	/** The next mark, or null. */
	next(): Mark | null {
		const { text } = this;
		for (;;) {
			const start = text.indexOf('<', this.at);
			if (this.esiEnd !== -1 && (start === -1 || start > this.esiEnd)) return this.endEsi();
			if (start === -1) return null;
			this.at = start + 1;
			const mark = this.markAt(start);
			if (mark !== null) {
				this.at = mark.end;
				return mark;
			}
		}
	}

	private endEsi(): Mark {
		const start = this.esiEnd;
		this.esiEnd = -1;
		this.at = start + 3;
		return { kind: 'comment', name: '', rest: '', empty: true, start, end: start + 3 };
	}

	private markAt(start: number): Mark | null {
		const { text } = this;
		const { esi } = this.syntax;
		if (text.startsWith('!--', start + 1)) return this.commentAt(start);
		if (esi && text.startsWith('esi:', start + 1)) return this.tagAt(start, start + 5, 'open');
		if (esi && text.startsWith('/esi:', start + 1)) return this.tagAt(start, start + 6, 'close');
		return null;
	}

	private tagAt(start: number, from: number, kind: 'open' | 'close'): Mark | null {
		const { text } = this;
		const end = tagEnd(text, from);
		if (end === -1) return null;
		NAME.lastIndex = from;
		const name = (NAME.exec(text) as RegExpExecArray)[0];
		const empty = text[end - 1] === '/';
		return { kind, name, rest: text.slice(from + name.length, empty ? end - 1 : end), empty, start, end: end + 1 };
	}

	private commentAt(start: number): Mark | null {
		// Inside of `<!--esi`, the next `-->` is its own.
		if (this.esiEnd !== -1) return null;
		const { text, syntax } = this;
		if (syntax.esi && text.startsWith('esi', start + 4) && !/[\w:-]/.test(text[start + 7] ?? '-')) {
			this.esiEnd = this.commentEnd(start + 7);
			if (this.esiEnd === -1) return null;
			return { kind: 'comment', name: '', rest: '', empty: true, start, end: start + 7 };
		}
		const isCommand = syntax.ssi && text[start + 4] === '#';
		// `<!-->` and `<!--->` are whole comments.
		const end = this.commentEnd(isCommand ? start + 5 : start + 2);
		if (end === -1) return null;
		if (!isCommand) {
			this.at = end + 3;
			return null;
		}
		COMMAND.lastIndex = start + 5;
		const [all, name = ''] = COMMAND.exec(text) as RegExpExecArray;
		const rest = text.slice(start + 5 + all.length, end);
		return { kind: 'command', name, rest, empty: true, start, end: end + 3 };
	}

	private commentEnd(from: number): number {
		if (this.noEnd) return -1;
		const end = this.text.indexOf('-->', from);
		if (end === -1) this.noEnd = true;
		return end;
	}
}

/** The `>` of a tag, or -1 when another `<` comes first. */
function tagEnd(text: string, from: number): number {
	let quote = '';
	for (let at = from; at < text.length; at++) {
		const char = text[at] as string;
		if (char === '<') return -1;
		if (quote !== '') {
			if (char === quote) quote = '';
		} else if (char === '"' || char === "'") quote = char;
		else if (char === '>') return at;
	}
	return -1;
}
