/** The table of rules a peer can break, with the status a server answers and what to tell a person. */

export interface Violation {
	/** Stable name of the rule. */
	readonly code: ViolationCode;
	/** What a server answers before it closes. */
	readonly status: number;
	/** One sentence for a log line or a plain page; it never quotes what the peer sent. */
	readonly message: string;
}

const table = {
	METHOD: [400, 'The request method is not a token.'],
	REQUEST_LINE: [400, 'The request line is malformed.'],
	TARGET: [400, 'The request target is malformed.'],
	VERSION: [505, 'Only HTTP/1.0 and HTTP/1.1 are spoken here.'],
	STATUS_LINE: [502, 'The status line is malformed.'],
	LINE_ENDING: [400, 'A line does not end in CRLF.'],
	FIELD_NAME: [400, 'A field name is malformed or is followed by white space.'],
	FIELD_VALUE: [400, 'A field value holds a character that is not allowed.'],
	FOLDED_FIELD: [400, 'A field value is folded over several lines.'],
	HOST: [400, 'The Host field is missing, doubled or malformed.'],
	CONTENT_LENGTH: [400, 'The Content-Length field is malformed or contradicts itself.'],
	TRANSFER_ENCODING: [400, 'The Transfer-Encoding field is malformed, or chunked is not last.'],
	UNKNOWN_CODING: [501, 'Only the transfer coding chunked is understood.'],
	BOTH_FRAMINGS: [400, 'Content-Length and Transfer-Encoding together.'],
	CHUNK_SIZE: [400, 'A chunk size is malformed or too large.'],
	CHUNK_ENDING: [400, 'A chunk does not end in CRLF.'],
	CHUNK_EXTENSION: [400, 'A chunk extension is malformed or too long.'],
	EXPECT: [417, 'Only 100-continue can be expected.'],
	METHOD_TOO_LONG: [501, 'The request method is too long.'],
	TARGET_TOO_LONG: [414, 'The request target is too long.'],
	FIELDS_TOO_MANY: [431, 'Too many header fields.'],
	FIELDS_TOO_LARGE: [431, 'The header fields are too large.'],
	TRAILERS_TOO_LARGE: [431, 'The trailer fields are too many or too large.'],
	BODY_TOO_LARGE: [413, 'The body is too large.'],
	CUT_SHORT: [400, 'The connection ended in the middle of a message.'],
	UNEXPECTED_BYTES: [400, 'Bytes came that belong to no message.'],
} as const;

export type ViolationCode = keyof typeof table;

/** Every rule by its code. */
export const violations = Object.fromEntries(
	Object.entries(table).map(([code, [status, message]]) => [code, { code, status, message }]),
) as unknown as Readonly<Record<ViolationCode, Violation>>;
