/**
 * The request that engines make: fetch's Request in shape and prototype, the raw message in substance. The constructor
 * only assigns; whatever fetch knows about a request is made when it is read. Answers that fetch keeps for browsers are
 * those of a fresh `new Request(url)`.
 */
import { type Source, tee } from '../bytes/index.ts';
import { FieldList, type Fields } from '../fields/index.ts';
import type { RawRequest, TargetForm, Version } from './app.ts';
import { brand, REQUEST } from './brand.ts';
import type { Connection } from './context.ts';
import { HeadersView } from './headers-view.ts';
import { inspectAs } from './inspect.ts';
import { requestDefaults } from './request-defaults.ts';
import { requestUrl } from './request-url.ts';
import { WebBody } from './web-body.ts';

/** Who knows the trailers of a request; each request asks at most once. */
export interface TrailersReader {
	/** As `RawRequest.trailers`. */
	readTrailers(): Promise<Fields | null>;
}

/** What a request asks of its exchange; a Context is one. */
export interface Circumstances {
	readonly closed: AbortSignal;
	readonly connection?: Connection;
	waitUntil?(work: Promise<unknown>): void;
}

/** What a request is made of. An engine's exchange can be this and the context in one object. */
export interface IncomingInit {
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: Fields;
	readonly payload: Source | null;
	/** Null when there can be no trailers. */
	readonly trailersReader: TrailersReader | null;
	/** Where `signal`, `ip` and `waitUntil` come from; null for a request outside an exchange. */
	readonly circumstances: Circumstances | null;
}

/** Node's and Deno's hook for console.log, which would trip over the native one. */
const NO_TRAILERS: Promise<null> = Promise.resolve(null);

export class IncomingRequest implements RawRequest, TrailersReader {
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: Fields;
	readonly payload: Source | null;
	readonly trailersReader: TrailersReader | null;
	readonly circumstances: Circumstances | null;
	declare readonly cache: Request['cache'];
	declare readonly credentials: Request['credentials'];
	declare readonly destination: Request['destination'];
	declare readonly duplex: Request['duplex'];
	declare readonly integrity: Request['integrity'];
	declare readonly keepalive: Request['keepalive'];
	declare readonly mode: Request['mode'];
	declare readonly redirect: Request['redirect'];
	declare readonly referrer: Request['referrer'];
	declare readonly referrerPolicy: Request['referrerPolicy'];
	private webHeaders: HeadersView | null = null;
	private webBody: WebBody | null = null;
	private webUrl: string | null = null;
	private webSignal: AbortSignal | null = null;
	private trailerFields: Promise<Fields | null> | null = null;

	constructor(init: IncomingInit) {
		this.method = init.method;
		this.target = init.target;
		this.form = init.form;
		this.authority = init.authority;
		this.scheme = init.scheme;
		this.version = init.version;
		this.fields = init.fields;
		this.payload = init.payload;
		this.trailersReader = init.trailersReader;
		this.circumstances = init.circumstances;
	}

	get trailers(): Promise<Fields | null> {
		this.trailerFields ??= this.trailersReader?.readTrailers() ?? NO_TRAILERS;
		return this.trailerFields;
	}

	/** The trailers again, for a request derived from this one. */
	readTrailers(): Promise<Fields | null> {
		return this.trailers;
	}

	get url(): string {
		this.webUrl ??= requestUrl(this.scheme, this.authority, this.target, this.form);
		return this.webUrl;
	}

	get headers(): Headers {
		this.webHeaders ??= new HeadersView(this.fields);
		return this.webHeaders;
	}

	get signal(): AbortSignal {
		this.webSignal ??= this.circumstances?.closed ?? new AbortController().signal;
		return this.webSignal;
	}

	/** Null for GET and HEAD, as in fetch; a body that came with one is in `payload`. */
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

	/** Both requests deliver the whole body; what one has read and the other has not is kept in memory. */
	clone(): IncomingRequest {
		const raw = this.bodiless ? this.payload : null;
		const halves = raw === null ? this.web.split() : tee(raw, Number.POSITIVE_INFINITY);
		// The one place that changes a request: its payload becomes the first half of what it was.
		(this as { payload: Source | null }).payload = halves[0] as Source | null;
		return new IncomingRequest({
			method: this.method,
			target: this.target,
			form: this.form,
			authority: this.authority,
			scheme: this.scheme,
			version: this.version,
			fields: FieldList.of(this.fields),
			payload: halves[1] as Source | null,
			trailersReader: this,
			circumstances: this.circumstances,
		});
	}

	/** What h3 and srvx read: the client's address. */
	get ip(): string | undefined {
		const remote = this.circumstances?.connection?.remote;
		return remote?.kind === 'ip' ? remote.host : undefined;
	}

	/** What h3 and srvx call. */
	waitUntil(work: Promise<unknown>): void {
		this.circumstances?.waitUntil?.(work);
	}

	get [Symbol.toStringTag](): string {
		return 'Request';
	}

	private get bodiless(): boolean {
		return this.method === 'GET' || this.method === 'HEAD';
	}

	private get web(): WebBody {
		this.webBody ??= new WebBody(this.bodiless ? null : this.payload, this.fields);
		return this.webBody;
	}
}

brand(IncomingRequest, REQUEST);
/** `instanceof Request`; every member of fetch's is answered here, since the native ones refuse objects not made by them. */
Object.setPrototypeOf(IncomingRequest.prototype, Request.prototype);
for (const [name, value] of Object.entries(requestDefaults))
	Object.defineProperty(IncomingRequest.prototype, name, { value });
inspectAs(IncomingRequest, ({ method, url, version, fields }) => ({ method, url, version, fields: fields.raw }));
