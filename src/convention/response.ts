/**
 * The response that apps and upstreams hand to engines: fetch's Response in shape and prototype, a raw message in
 * substance. Statuses that fetch refuses (101) and payloads that it does not know (sources, files) have their place here.
 */
import type { Tunnel } from '../bytes/index.ts';
import { FieldList, type Fields, type FieldsInit, tags } from '../fields/index.ts';
import type { Payload, RawResponse } from './app.ts';
import { brand, RESPONSE } from './brand.ts';
import { HeadersView } from './headers-view.ts';
import { inspectAs } from './inspect.ts';
import { WebBody } from './web-body.ts';

export interface ResponseOptions {
	/** The reason phrase; null or nothing for the usual one. */
	readonly reason?: string | null;
	/** Asked for trailer fields after the last byte. */
	readonly trailing?: (() => Fields | Promise<Fields>) | undefined;
	/** Required with 101, and allowed with 2xx to CONNECT and extended CONNECT. */
	readonly tunnel?: ((stream: Tunnel) => void) | undefined;
}

/** Node's and Deno's hook for console.log, which would trip over the native one. */
const NOTHING: ResponseOptions = {};

/**
 * A response. `fields` may be a record, pairs or a flat array; a field list is taken over as it is, so keep no hand on it.
 * Text without a content-type gets fetch's `text/plain;charset=UTF-8`. Throws RangeError for a status that is no final
 * status (200 to 999) and not 101 with a tunnel, TypeError for fields or a reason that could not be sent.
 */
export function respond(
	status: number,
	fields?: FieldsInit | null,
	payload: Payload = null,
	options: ResponseOptions = NOTHING,
): OutgoingResponse {
	checkStatus(status, options);
	const list = fields instanceof FieldList ? fields : FieldList.of(fields);
	if (typeof payload === 'string' && !list.hasTagged(tags['content-type']))
		list.append('content-type', 'text/plain;charset=UTF-8');
	return new OutgoingResponse(status, list, payload, options);
}

export class OutgoingResponse implements RawResponse {
	readonly status: number;
	readonly fields: FieldList;
	readonly payload: Payload;
	readonly reason: string | null;
	readonly trailing: (() => Fields | Promise<Fields>) | undefined;
	readonly tunnel: ((stream: Tunnel) => void) | undefined;
	declare readonly type: Response['type'];
	declare readonly url: Response['url'];
	declare readonly redirected: Response['redirected'];
	private webHeaders: HeadersView | null = null;
	private webBody: WebBody | null = null;

	/** Apps call `respond`, which checks; this assigns only. */
	constructor(status: number, fields: FieldList, payload: Payload, options: ResponseOptions = NOTHING) {
		this.status = status;
		this.fields = fields;
		this.payload = payload;
		this.reason = options.reason ?? null;
		this.trailing = options.trailing;
		this.tunnel = options.tunnel;
	}

	get ok(): boolean {
		return this.status >= 200 && this.status <= 299;
	}

	get statusText(): string {
		return this.reason ?? '';
	}

	/** A view: editing it edits `fields`. */
	get headers(): Headers {
		this.webHeaders ??= new HeadersView(this.fields);
		return this.webHeaders;
	}

	get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
		return this.web.stream;
	}

	get bodyUsed(): boolean {
		return this.webBody?.used ?? false;
	}

	text(): Promise<string> {
		return this.web.text();
	}

	json(): Promise<unknown> {
		return this.web.json();
	}

	bytes(): Promise<Uint8Array<ArrayBuffer>> {
		return this.web.bytes();
	}

	arrayBuffer(): Promise<ArrayBuffer> {
		return this.web.arrayBuffer();
	}

	blob(): Promise<Blob> {
		return this.web.blob();
	}

	formData(): Promise<FormData> {
		return this.web.formData();
	}

	textStream(): ReadableStream<string> {
		return this.web.textStream();
	}

	/** Both responses deliver the whole body; what one has read and the other has not is kept in memory. */
	clone(): OutgoingResponse {
		if (this.tunnel !== undefined) throw new TypeError('A response that opens a tunnel cannot be cloned');
		const [mine, copy] = this.web.split();
		// The one place that changes a response: its payload becomes the first half of what it was.
		(this as { payload: Payload }).payload = mine;
		return new OutgoingResponse(this.status, this.fields.copy(), copy, this);
	}

	get [Symbol.toStringTag](): string {
		return 'Response';
	}

	private get web(): WebBody {
		this.webBody ??= new WebBody(this.payload, this.fields);
		return this.webBody;
	}
}

const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

function checkStatus(status: number, options: ResponseOptions): void {
	if (status === 101 ? options.tunnel === undefined : !(status >= 200 && status <= 999 && Number.isInteger(status))) {
		throw new RangeError(
			status === 101
				? 'Status 101 needs a tunnel: respond(101, fields, null, { tunnel })'
				: `Not a final status: ${status}. Informational responses are sent by context.inform`,
		);
	}
	if (options.reason && !REASON.test(options.reason)) throw new TypeError('Not a reason phrase');
}

brand(OutgoingResponse, RESPONSE);
/** `instanceof Response`; every member of fetch's is answered here, since the native ones refuse objects not made by them. */
Object.setPrototypeOf(OutgoingResponse.prototype, Response.prototype);
Object.defineProperties(OutgoingResponse.prototype, {
	type: { value: 'default' },
	url: { value: '' },
	redirected: { value: false },
});
inspectAs(OutgoingResponse, ({ status, fields, payload }) => ({ status, fields: fields.raw, payload }));
