/**
 * Deviations from the grammar that a connection can be told to accept. Each is named and off by default, and concerns
 * responses only: for requests nothing is ever relaxed.
 */
export interface H1Leniencies {
	/** White space between a response's field name and the colon is removed (RFC 9112 section 5.1). */
	readonly spaceBeforeColonInResponse: boolean;
	/** A response's field value folded over several lines is joined with spaces (RFC 9112 section 5.2). */
	readonly foldedFieldInResponse: boolean;
}

export const h1Leniencies: H1Leniencies = {
	spaceBeforeColonInResponse: false,
	foldedFieldInResponse: false,
};
