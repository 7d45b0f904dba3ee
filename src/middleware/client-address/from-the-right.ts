/**
 * The elements of a list, the last first. What a trusted proxy has written stands at the end, and whoever sent the rest must
 * not be able to change how the end is read: a quote that is never closed, a comma in quotes. Read from the left it could;
 * from the right, what is outside of quotes is known at the end and from there on. Linear in the length of the value.
 */

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class FromTheRight {
	private readonly value: string;
	private end: number;

	constructor(value: string) {
		this.value = value;
		this.end = value.length;
	}

	/** The next element towards the left, without white space around it; empty ones are passed over. Null when there is none left. */
	next(): string | null {
		while (this.end > 0) {
			const start = this.startOf(this.end);
			const element = this.value.slice(start, this.end).trim();
			this.end = start - 1;
			if (element !== '') return element;
		}
		return null;
	}

	/** Where the element that ends at `end` begins. */
	private startOf(end: number): number {
		const { value } = this;
		let quoted = false;
		for (let at = end - 1; at >= 0; at--) {
			const code = value.charCodeAt(at);
			if (code === COMMA && !quoted) return at + 1;
			if (code !== QUOTE) continue;
			// A quote behind an odd number of backslashes is a character of the quoted text (RFC 9110 section 5.6.4).
			let before = at;
			while (before > 0 && value.charCodeAt(before - 1) === BACKSLASH) before--;
			if ((at - before) % 2 === 0 || !quoted) quoted = !quoted;
			at = before;
		}
		return 0;
	}
}
