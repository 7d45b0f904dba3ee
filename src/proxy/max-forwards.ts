/**
 * Max-Forwards (RFC 9110 section 7.6.2): OPTIONS and TRACE say how far they may go. At 0 we are the final recipient and
 * answer; else it is sent on, one less. The field is not made where there is none (section 9.3.7), and means nothing
 * for other methods.
 */
import { type OutgoingResponse, type RawRequest, type RawResponse, respond } from '../convention/index.ts';
import { type FieldList, flags, SECRET, tagOf, tags } from '../fields/index.ts';

/** Our own answer, or null when the request is to go on; then `fields`, which will, are changed. */
export function limitForwards(request: RawRequest, fields: FieldList, most: number): RawResponse | null {
	if (request.method !== 'OPTIONS' && request.method !== 'TRACE') return null;
	const value = fields.getTagged(tags['max-forwards']);
	if (value === null || !/^\d+$/.test(value)) return null;
	const left = Number(value);
	if (left > 0) {
		fields.set('Max-Forwards', String(Math.min(left - 1, most)));
		return null;
	}
	request.payload?.cancel();
	return request.method === 'TRACE' ? echo(request) : describe();
}

/** OPTIONS asks what the recipient can do; all that is certain of a gateway is what it would pass on. */
function describe(): OutgoingResponse {
	return respond(200, { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE' });
}

/** TRACE shows what has arrived, without what might be secret (RFC 9110 section 9.3.8). */
function echo(request: RawRequest): OutgoingResponse {
	let text = `${request.method} ${request.target} HTTP/${request.version}\r\n`;
	for (const [name, value] of request.fields) {
		if (((flags[tagOf(name)] as number) & SECRET) === 0) text += `${name}: ${value}\r\n`;
	}
	return respond(200, { 'Content-Type': 'message/http' }, Buffer.from(`${text}\r\n`, 'latin1'));
}
