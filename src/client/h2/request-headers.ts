/** The head of a request as HTTP/2 writes it. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { tags } from '../../fields/index.ts';
import { type WireFields, wireFields } from '../../protocol/h2/index.ts';
import type { ClientExchange } from '../client-exchange.ts';
import type { Origin } from '../origin.ts';

/** Methods whose meaning expects a body: an absent one is said to be empty (RFC 9110 section 8.6). */
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** Of a handshake in HTTP/1.1; RFC 8441 section 5 has no use for them. */
const HANDSHAKE = ['sec-websocket-key', 'upgrade'];

export function requestHeaders(exchange: ClientExchange, origin: Origin, webSocket: boolean): OutgoingHttpHeaders {
	const { request, fields, content, source } = exchange;
	// RFC 9113 section 8.3.1: the authority is said once, not in Host.
	const authority = fields.getTagged(tags.host) ?? (request.authority || origin.authority);
	const list = fields.copy();
	list.deleteTagged(tags.host);
	const headers: WireFields = Object.create(null) as WireFields;
	headers[':method'] = webSocket ? 'CONNECT' : request.method;
	headers[':scheme'] = origin.secure ? 'https' : 'http';
	headers[':authority'] = authority;
	headers[':path'] = request.target;
	if (webSocket) {
		headers[':protocol'] = 'websocket';
		for (const name of HANDSHAKE) list.delete(name);
		return wireFields(list, headers);
	}
	wireFields(list, headers);
	const length = content?.length ?? (source === null ? 0 : source.length);
	if (length === null || (length === 0 && !EXPECTS_BODY.has(request.method))) return headers;
	headers['content-length'] = String(length);
	return headers;
}
