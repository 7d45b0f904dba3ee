/** An expression that cannot be understood, and one that cannot be carried out. */

/** The expression is wrong, whatever the document: thrown while compiling. */
export class XPathSyntaxError extends Error {
	readonly source: string;
	/** Where in `source`, and how much of it. */
	readonly offset: number;
	readonly length: number;
	/** What was probably meant, or null. */
	readonly hint: string | null;

	constructor(message: string, source: string, offset: number, length: number, hint: string | null = null) {
		super(message);
		this.name = 'XPathSyntaxError';
		this.source = source;
		this.offset = offset;
		this.length = length;
		this.hint = hint;
	}
}

/** The expression asks for what is not there or is no longer what it should be: thrown while evaluating. */
export class XPathError extends Error {
	/** The expression as it was written; '' until the expression that failed is known. */
	source: string;

	constructor(message: string, source = '') {
		super(message);
		this.name = 'XPathError';
		this.source = source;
	}
}

/** What it asks for is more than a page may have. */
export class XPathLimit extends XPathError {
	/** Which limit, for whoever tells pages that are too much from those that are wrong. */
	readonly limit: string;

	constructor(limit: string, message: string) {
		super(message);
		this.name = 'XPathLimit';
		this.limit = limit;
	}
}
