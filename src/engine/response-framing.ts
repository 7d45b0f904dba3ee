/** How a response is framed: rule 6 of the convention, framing belongs to the engine. */
import { ProtocolError, type RawResponse } from '../convention/index.ts';
import { FieldList, type Fields, listOf, tags, wholeNumber } from '../fields/index.ts';
import { CHUNKED, type Framing, NONE, UNTIL_CLOSE } from '../protocol/h1/index.ts';

/** No body follows the head, whatever it says (RFC 9112 section 6.3). */
export function isBodiless(method: string, status: number): boolean {
	return hasNoContent(method, status) || method === 'HEAD' || status === 304;
}

/** There is none that a head could speak of, either. */
function hasNoContent(method: string, status: number): boolean {
	return status < 200 || status === 204 || (method === 'CONNECT' && status < 300);
}

/**
 * The framing for a payload of `length` bytes, null when unknown. Throws ProtocolError when Content-Length is none, or is
 * not the length of what is sent.
 */
export function framingOf(response: RawResponse, method: string, length: number | null, canChunk: boolean): Framing {
	const { status, fields, payload, trailing } = response;
	const declared = declaredLength(fields);
	if (hasNoContent(method, status)) return NONE;
	if (isBodiless(method, status)) return declared ?? (payload === null ? NONE : (length ?? NONE));
	if (declared !== null && length !== null && declared !== length) throw lengthMismatch(declared, length);
	const known = length ?? (trailing === undefined ? declared : null);
	return known ?? (canChunk ? CHUNKED : UNTIL_CLOSE);
}

function declaredLength(fields: Fields): number | null {
	const value = FieldList.from(fields).getTagged(tags['content-length']);
	if (value === null) return null;
	const length = wholeNumber(value);
	return length >= 0 ? length : repeatedLength(value);
}

/** RFC 9112 section 6.3: several lines that agree are one. */
function repeatedLength(value: string): number {
	const [first = '', ...others] = listOf(value);
	const length = wholeNumber(first);
	if (length < 0 || others.some((other) => other !== first)) throw lengthMismatch(value, 'one length at most');
	return length;
}

export function lengthMismatch(declared: number | string, actual: number | string): ProtocolError {
	return new ProtocolError({
		side: 'local',
		code: 'RESPONSE_LENGTH',
		message: `The response says Content-Length ${declared}, and its payload has ${actual}.`,
	});
}
