/** The table of what an application behind FastCGI can do wrong, or say of itself, instead of answering. */

export interface Violation {
	/** Stable name of the rule. */
	readonly code: ViolationCode;
	/** One sentence for a log line; it never quotes what the peer sent. */
	readonly message: string;
}

const table = {
	RECORD_VERSION: 'A record is not of version 1.',
	RECORD_TYPE: 'A record has a type that no application sends.',
	RECORD_ID: 'A record belongs to a request that was not made.',
	RECORD_LENGTH: 'A record is shorter than its type asks for.',
	RECORD_ORDER: 'Output came behind the end of the output.',
	FIELD_NAME: 'A field name is malformed or is followed by white space.',
	FIELD_VALUE: 'A field value holds a character that is not allowed.',
	FIELDS_TOO_MANY: 'Too many header fields.',
	FIELDS_TOO_LARGE: 'The header fields are too large.',
	STATUS: 'The Status field is malformed, doubled, or no final status.',
	LOCATION: 'The Location field is doubled.',
	CONTENT_LENGTH: 'The Content-Length field is malformed or contradicts itself.',
	TRANSFER_ENCODING: 'A script must not choose a transfer coding.',
	BODY_TOO_LARGE: 'The body is too large.',
	BODY_UNWANTED: 'A body came with a response that has none.',
	CUT_SHORT: 'The response ended before it was complete.',
	NO_HEAD: 'The request ended without a response.',
	UNEXPECTED_BYTES: 'Bytes came that belong to no request.',
	CANT_MPX_CONN: 'The application takes one request at a time.',
	OVERLOADED: 'The application is overloaded.',
	UNKNOWN_ROLE: 'The application is no responder.',
} as const;

export type ViolationCode = keyof typeof table;

/** Every rule by its code. */
export const violations = Object.fromEntries(
	Object.entries(table).map(([code, message]) => [code, { code, message }]),
) as unknown as Readonly<Record<ViolationCode, Violation>>;
