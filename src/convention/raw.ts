/**
 * The raw message behind any Request or Response: itself when it is ours, whichever copy of this package made it, and a
 * view made from the native one otherwise. A view is made once for each native object. Its payload starts the native
 * body; a body that is a stream of ours, merely passed on, is piped as the source it was made from.
 */
import { sourceOf } from '../bytes/index.ts';
import { FieldList } from '../fields/index.ts';
import type { RawRequest, RawResponse } from './app.ts';
import { REQUEST, RESPONSE } from './brand.ts';
import { nativeLine } from './native-line.ts';
import { IncomingRequest } from './request.ts';
import { OutgoingResponse } from './response.ts';

const views = new WeakMap<object, IncomingRequest | OutgoingResponse>();

/** The raw form of a request: `target`, `fields`, `payload` and what else fetch cannot say. Throws TypeError for what is no Request. */
export function raw(request: Request): RawRequest & IncomingRequest {
	// Asked here and not by `branded`: a question that always has the same brand is a fast one.
	if (typeof request === 'object' && request !== null && REQUEST in (request as object))
		return request as IncomingRequest;
	const known = views.get(request);
	if (known !== undefined) return known as IncomingRequest;
	if (!(request instanceof Request)) throw new TypeError('Not a Request');
	const view = fromNative(request);
	views.set(request, view);
	return view;
}

/** The raw form of a response. Throws TypeError for what is no Response, is a network error, or has a body that was read already. */
export function rawResponse(response: Response): RawResponse & OutgoingResponse {
	if (typeof response === 'object' && response !== null && RESPONSE in (response as object))
		return response as OutgoingResponse;
	const known = views.get(response);
	if (known !== undefined) return known as OutgoingResponse;
	if (!(response instanceof Response)) throw new TypeError('Not a Response');
	if (response.status === 0) throw new TypeError('Response.error() cannot be sent');
	if (response.bodyUsed || response.body?.locked) throw new TypeError('The body of the response has already been read');
	const view = new OutgoingResponse(
		response.status,
		FieldList.of(response.headers),
		response.body === null ? null : sourceOf(response.body, response),
		{ reason: response.statusText === '' ? null : response.statusText },
	);
	views.set(response, view);
	return view;
}

/**
 * For engines on runtimes that bring a Request of their own: from now on, `raw(native)` is `view`, which knows the exchange
 * that the native one came in by.
 */
export function introduce(native: Request, view: IncomingRequest): void {
	views.set(native, view);
}

function fromNative(request: Request): IncomingRequest {
	const { target, authority, scheme } = nativeLine(request);
	return new IncomingRequest({
		method: request.method,
		target,
		form: 'origin',
		authority,
		scheme,
		version: '1.1',
		fields: FieldList.of(request.headers),
		payload: request.body === null ? null : sourceOf(request.body, request),
		trailersReader: null,
		circumstances: {
			get closed() {
				return request.signal;
			},
		},
	});
}
