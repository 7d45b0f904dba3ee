/**
 * The error classes of the project, one taxonomy for server, client and apps. What is answered and logged for each is
 * decided in `error-response.ts`. `code` is stable; message text is not API. `instanceof` works across copies of this
 * package. Add a class only when something is answered or logged differently for it.
 */
import { FieldList, type FieldsInit } from '../fields/index.ts';
import { brand } from './brand.ts';
import { type Phase, type ProxyStatusError, proxyStatusErrors } from './proxy-status-errors.ts';

export interface HttpErrorOptions {
	readonly cause?: unknown;
	/** Fields of the answer, `www-authenticate` or `retry-after` say. */
	readonly fields?: FieldsInit;
	/** Whether the client may read the message. Default: yes below 500, no from there on. */
	readonly expose?: boolean;
	readonly message?: string;
}

/** Thrown by apps and middleware that want a certain status answered. */
export class HttpError extends Error {
	override readonly name: string = 'HttpError';
	/** `HTTP_404` and the like. */
	readonly code: string;
	readonly status: number;
	readonly fields: FieldList;
	readonly expose: boolean;

	/** Throws RangeError unless `status` is from 400 to 599. */
	constructor(status: number, options: HttpErrorOptions = {}) {
		super(options.message ?? `Status ${status}`, options.cause === undefined ? undefined : { cause: options.cause });
		if (!Number.isInteger(status) || status < 400 || status > 599)
			throw new RangeError(`Not an error status: ${status}`);
		this.status = status;
		this.code = `HTTP_${status}`;
		this.fields = FieldList.of(options.fields);
		this.expose = options.expose ?? (options.message !== undefined && status < 500);
	}
}

export interface ProtocolErrorOptions {
	/** Who broke a rule: the peer, or we. */
	readonly side: 'remote' | 'local';
	/** The name of the rule: `TARGET_TOO_LONG`, `CONTENT_LENGTH`. */
	readonly code: string;
	/** What a server answers. Default: 400 for the remote side, 500 for ours. */
	readonly status?: number;
	readonly message?: string;
	readonly cause?: unknown;
}

/** Thrown by codecs: a message breaks the rules of HTTP. */
export class ProtocolError extends Error {
	override readonly name: string = 'ProtocolError';
	readonly code: string;
	readonly side: 'remote' | 'local';
	readonly status: number;

	constructor(options: ProtocolErrorOptions) {
		super(options.message ?? options.code, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = options.code;
		this.side = options.side;
		this.status = options.status ?? (options.side === 'remote' ? 400 : 500);
	}
}

export interface UpstreamErrorOptions {
	/** Default: the usual phase of the type. */
	readonly phase?: Phase;
	/** Whether the same request may be sent again, here or elsewhere: nothing was sent, or it is idempotent and can be replayed. Default: false. */
	readonly retryable?: boolean;
	/** Default: the usual status of the type. */
	readonly status?: number;
	readonly message?: string;
	/** For logs and Proxy-Status's `details`; it must not hold secrets. */
	readonly details?: string;
	readonly cause?: unknown;
}

/** Thrown by the client side: an upstream could not be asked, or did not answer well. */
export class UpstreamError extends Error {
	override readonly name: string = 'UpstreamError';
	/** `UPSTREAM_CONNECTION_REFUSED` and the like, after the type. */
	readonly code: string;
	/** RFC 9209's error type. */
	readonly type: ProxyStatusError;
	readonly phase: Phase;
	readonly retryable: boolean;
	readonly status: number;
	readonly details: string | null;

	constructor(type: ProxyStatusError, options: UpstreamErrorOptions = {}) {
		const row = proxyStatusErrors[type];
		super(options.message ?? row.message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = `UPSTREAM_${type.toUpperCase()}`;
		this.type = type;
		this.phase = options.phase ?? row.phase;
		this.retryable = options.retryable ?? false;
		this.status = options.status ?? row.status;
		this.details = options.details ?? null;
	}
}

/** What any read or write ends with once the client has left. Nothing is answered, and it is never logged as an error. */
export class Disconnected extends Error {
	override readonly name: string = 'Disconnected';
	readonly code: string = 'DISCONNECTED';

	constructor(message = 'The client has left', options?: ErrorOptions) {
		super(message, options);
	}
}

/** Thrown by an app that wants the connection dropped without an answer. Never logged. */
export class Abort extends Error {
	override readonly name: string = 'Abort';
	readonly code: string = 'ABORT';

	constructor(message = 'The app drops the connection', options?: ErrorOptions) {
		super(message, options);
	}
}

for (const constructor of [HttpError, ProtocolError, UpstreamError, Disconnected, Abort]) {
	brand(constructor, Symbol.for(`turnabout.${constructor.name}`));
}
