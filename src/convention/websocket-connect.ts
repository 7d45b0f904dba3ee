/**
 * A WebSocket that was asked for over HTTP/2, by extended CONNECT (RFC 8441), in the words of HTTP/1.1: for libraries and
 * upstreams that know no other. Its bytes are the same in both.
 */
import { FieldList } from '../fields/index.ts';
import type { App, Middleware, RawRequest } from './app.ts';
import type { Context } from './context.ts';
import { derive } from './derive.ts';
import { raw, rawResponse } from './raw.ts';
import type { IncomingRequest } from './request.ts';
import { OutgoingResponse } from './response.ts';

/** Of the handshake in HTTP/1.1; RFC 8441 section 5 has no use for them. */
const HANDSHAKE = ['connection', 'upgrade', 'sec-websocket-accept'];

/** The app within is asked by Upgrade, and its 101 is a 200 to the client; all other requests are passed on as they are. */
export const webSocketsByUpgrade: Middleware = (next: App): App => {
	return (request, context) => {
		const message = raw(request);
		if (!isWebSocketConnect(message, context)) return next(request, context, context);
		const answer = next(asUpgrade(message), context, context);
		return answer instanceof Promise ? answer.then(connected) : connected(answer);
	};
};

export function isWebSocketConnect({ method, form }: RawRequest, { offers }: Context): boolean {
	return method === 'CONNECT' && form === 'origin' && offers.includes('websocket');
}

function asUpgrade(message: RawRequest): IncomingRequest {
	const fields = FieldList.from(message.fields).copy();
	fields.set('Connection', 'Upgrade');
	fields.set('Upgrade', 'websocket');
	// RFC 6455 section 4.1. Nobody looks at what is made of it: the client is bound by HTTP/2.
	fields.set('Sec-WebSocket-Key', btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))));
	return derive(message, { method: 'GET', fields });
}

function connected(answer: Response): Response {
	const response = rawResponse(answer);
	if (response.status !== 101 || response.tunnel === undefined) return response;
	const fields = FieldList.from(response.fields).copy();
	for (const name of HANDSHAKE) fields.delete(name);
	return new OutgoingResponse(200, fields, null, { tunnel: response.tunnel });
}
