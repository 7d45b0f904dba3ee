/**
 * How long a body is: RFC 9112 section 6.3, whose numbers the comments use. What is here decides from fields that are
 * syntactically sound; the decoders that follow the decision are in chunks and connection. A request that leaves any doubt is
 * refused, since another server on its way may resolve the doubt the other way (RFC 9112 section 11.2).
 */
import { type FieldList, isToken, tags, wholeNumber } from '../../fields/index.ts';
import { CHUNKED, type Framing, NONE, UNTIL_CLOSE } from './events.ts';
import { listItems } from './list-items.ts';
import { SEEN_CODING, SEEN_LENGTH } from './scan.ts';
import { type Violation, violations } from './violations.ts';

/** The framing of a request in which Content-Length or Transfer-Encoding were seen. */
export function requestFraming(
	fields: FieldList,
	seen: number,
	doubled: number,
	version: number,
	method: string,
): Framing | Violation {
	const both = SEEN_LENGTH | SEEN_CODING;
	// 3: both together: refused, whatever they say.
	if ((seen & both) === both) return violations.BOTH_FRAMINGS;
	if ((seen & SEEN_CODING) !== 0) {
		// RFC 9110 section 9.3.6: content of CONNECT has no meaning; what follows would be taken for the tunnel's.
		return method === 'CONNECT' ? violations.TRANSFER_ENCODING : codingFraming(fields, version);
	}
	// 5: identical values could be collapsed; a request has no reason to hold them but to confuse somebody.
	if ((doubled & SEEN_LENGTH) !== 0 || method === 'CONNECT') return violations.CONTENT_LENGTH;
	return lengthFraming(fields.getTagged(tags['content-length']) as string);
}

/**
 * The framing that a response's fields declare; for HEAD and 304, which have no body, what they would declare with one.
 * `seen` is as the scan left it; `method` is that of the request.
 */
export function responseFraming(
	fields: FieldList,
	seen: number,
	version: number,
	status: number,
	method: string,
): Framing | Violation {
	// 1 and 2: no body, whatever the fields say.
	if (status < 200 || status === 204) return NONE;
	if (method === 'CONNECT' && status < 300) return NONE;
	const both = SEEN_LENGTH | SEEN_CODING;
	if ((seen & both) === both) return violations.BOTH_FRAMINGS;
	if ((seen & SEEN_CODING) !== 0) return codingFraming(fields, version);
	if ((seen & SEEN_LENGTH) !== 0) return collapsedFraming(fields.getTagged(tags['content-length']) as string);
	// 8: no field at all; but 1 for those that have no body anyway.
	return isBodiless(status, method) ? NONE : UNTIL_CLOSE;
}

/** Whether a final response has no body although its fields may describe one. */
export function isBodiless(status: number, method: string): boolean {
	return method === 'HEAD' || status === 304;
}

/** 4: Transfer-Encoding, all lines of it; chunked must be the only coding. */
function codingFraming(fields: FieldList, version: number): Framing | Violation {
	// RFC 9112 section 6.1: a message that says 1.0 has faulty framing.
	if (version === 10) return violations.TRANSFER_ENCODING;
	const value = (fields.getTagged(tags['transfer-encoding']) as string).toLowerCase();
	if (value === 'chunked') return CHUNKED;
	const codings = listItems(value);
	const last = codings.pop();
	if (last !== 'chunked') return violations.TRANSFER_ENCODING;
	for (const coding of codings) {
		if (!isToken(coding) || coding === 'chunked' || coding === 'identity') return violations.TRANSFER_ENCODING;
	}
	return violations.UNKNOWN_CODING;
}

/** 5 and 6: digits only, and no number that we could not count up to. */
function lengthFraming(value: string): Framing | Violation {
	const length = wholeNumber(value);
	return length >= 0 ? length : violations.CONTENT_LENGTH;
}

/** 5, in a response: a list of identical values is one value. */
function collapsedFraming(value: string): Framing | Violation {
	if (!value.includes(',')) return lengthFraming(value);
	const values = listItems(value);
	const first = values[0] as string;
	return values.every((one) => one === first) ? lengthFraming(first) : violations.CONTENT_LENGTH;
}
