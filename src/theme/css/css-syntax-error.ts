/** A selector that cannot be read. `offset` and `length` say which part of its source is meant. */
export class CssSyntaxError extends Error {
	readonly offset: number;
	readonly length: number;
	/** What to do about it, or null. */
	readonly hint: string | null;

	constructor(message: string, offset: number, length: number, hint: string | null = null) {
		super(message);
		this.name = 'CssSyntaxError';
		this.offset = offset;
		this.length = length;
		this.hint = hint;
	}
}
