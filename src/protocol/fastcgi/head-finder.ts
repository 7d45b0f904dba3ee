/** Finds where a CGI head ends, over as many pieces as it takes, and keeps those pieces. Each byte is looked at once. */
import { latin1 } from '../h1/index.ts';

const LF = 0x0a;
const CR = 0x0d;

/** More is needed. */
export const INCOMPLETE = -1;
/** The head is longer than it may be. */
export const TOO_LARGE = -2;

export class HeadFinder {
	private readonly most: number;
	/** What has come before this piece. */
	private before = '';
	/** What the line under way holds of that: nothing, one CR, or more. */
	private line: 'empty' | 'cr' | 'text' = 'empty';
	/** The head with its empty line, once it was found. */
	text = '';

	constructor(most: number) {
		this.most = most;
	}

	reset(): void {
		this.before = '';
		this.line = 'empty';
		this.text = '';
	}

	/** Answers the index behind the head in `bytes[start, end)`, INCOMPLETE or TOO_LARGE. */
	find(bytes: Uint8Array, start: number, end: number): number {
		const room = this.most - this.before.length;
		const most = end - start > room ? start + room : end;
		let lineStart = start;
		let { line } = this;
		for (;;) {
			const at = bytes.indexOf(LF, lineStart);
			if (at < 0 || at >= most) break;
			if (isEmpty(line, bytes, lineStart, at)) {
				this.text = this.before + latin1(bytes, start, at + 1);
				return at + 1;
			}
			lineStart = at + 1;
			line = 'empty';
		}
		if (most < end || end - start === room) return TOO_LARGE;
		this.before += latin1(bytes, start, end);
		if (lineStart < end) {
			line = line === 'empty' && end - lineStart === 1 && bytes[lineStart] === CR ? 'cr' : 'text';
		}
		this.line = line;
		return INCOMPLETE;
	}
}

/** Whether the line that ends at `at` has nothing in it but a CR. */
function isEmpty(line: 'empty' | 'cr' | 'text', bytes: Uint8Array, lineStart: number, at: number): boolean {
	if (line === 'text') return false;
	if (line === 'cr') return at === lineStart;
	return at === lineStart || (at === lineStart + 1 && bytes[lineStart] === CR);
}
