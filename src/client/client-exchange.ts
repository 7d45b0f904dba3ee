/**
 * One request to an upstream and the promise of its response: who asked, what may be sent again, when it is off.
 * The bytes are moved by whoever carries it: client-connection.ts with request-writer.ts, or a stream of h2/.
 */
import { type Source, type Tunnel, WholeSource } from '../bytes/index.ts';
import {
	type Address,
	type AttemptTrace,
	attemptTracer,
	type ClosedListener,
	type Context,
	Disconnected,
	dialWatcher,
	type FinishedListener,
	OutgoingResponse,
	type UpstreamError,
} from '../convention/index.ts';
import type { FieldList, Fields } from '../fields/index.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';
import { headBy, wholeBy } from './time-left.ts';

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** What an upstream is asked: as much of a RawRequest as goes over the wire. */
export interface Asked {
	readonly method: string;
	readonly target: string;
	/** For Host, when `fields` has none; '' for the upstream's own. */
	readonly authority: string;
	readonly fields: Fields;
	readonly payload: Source | null;
}

/** Which HTTP an upstream has answered in. */
export type SpokenVersion = '1.1' | '2';

/** Who asked: told exactly once. In place of a promise, which would cost a turn and several objects each. */
export interface Receiver {
	received(response: OutgoingResponse, version: SpokenVersion): void;
	failed(error: unknown): void;
}

/** Where it is served: a pool of connections. */
export interface ExchangeHost {
	readonly settings: { readonly timeouts: { readonly total: number } };
	readonly origin: { readonly name: string; readonly host: string; readonly port: number };
	/** Gives the exchange a carrier, at once or later, or fails it. */
	serve(exchange: ClientExchange): void;
	/** It waits for none any more. */
	leave(exchange: ClientExchange): void;
	/** The same on a connection that nobody has used before. */
	retry(exchange: ClientExchange): void;
	countFailure(): void;
}

/** What it goes out on. */
export interface Carrier {
	readonly version: SpokenVersion;
	readonly transport: { readonly remote: Address };
	/** Whom it serves now. */
	readonly exchange: ClientExchange | null;
	/** Drops the exchange, in a way that the upstream notices. */
	abort(reason: Error): void;
	/** The exchange is over: what nobody has begun to read by now, nobody will. */
	dropUnread(): void;
}

/** What a response begins with. */
export interface AnswerHead {
	readonly status: number;
	readonly reason: string | null;
	readonly fields: FieldList;
}

export class ClientExchange implements ClosedListener, FinishedListener {
	readonly request: Asked;
	fields: FieldList;
	readonly context: Context;
	/** Null where nobody traces. */
	private trace: AttemptTrace | null = null;
	connection: Carrier | null = null;
	/** A payload that is complete in memory: it can be sent again. */
	content: string | Uint8Array | null = null;
	/** A payload that is still coming: it can be sent once. */
	source: Source | null = null;
	/** Something of the response has come. */
	answered = false;
	/** When what is awaited must be there, by the wheel's count: the head of the response, then all of it; 0 is never. */
	deadline = 0;
	/** When all of it must be over, in the same way. */
	whole = 0;
	private readonly pool: ExchangeHost;
	private readonly receiver: Receiver;
	private readonly watch: Stopwatch | null;
	private over = false;
	private retried = false;

	constructor(pool: ExchangeHost, request: Asked, fields: FieldList, context: Context, receiver: Receiver) {
		this.pool = pool;
		this.request = request;
		this.fields = fields;
		this.context = context;
		this.receiver = receiver;
		this.watch = startStopwatch(context);
	}

	begin(): void {
		const { payload } = this.request;
		this.traceAttempt();
		if (payload instanceof WholeSource && payload.trailers === null) this.content = payload.take();
		else this.source = payload;
		this.whole = wholeBy(this.pool.settings.timeouts.total);
		this.deadline = headBy(this.whole, this.context);
		this.context.onClosed(this);
		if (!this.over) this.pool.serve(this);
	}

	private traceAttempt(): void {
		const tracer = this.context.get(attemptTracer);
		if (tracer === undefined) return;
		// A copy: whoever asked must not find this attempt's trace in its own.
		this.fields = this.fields.copy();
		this.trace = tracer.attempt(this.request.method, this.pool.origin, this.fields);
	}

	/** What it goes out on. */
	takenBy(connection: Carrier): void {
		this.connection = connection;
		this.context.get(dialWatcher)?.dialled(connection.transport.remote);
	}

	/** Response or failure have been delivered. */
	get isOver(): boolean {
		return this.over;
	}

	/** The client has gone: upstream hears of it at once, whether the response has begun or not. */
	exchangeClosed(reason: unknown): void {
		const error = reason instanceof Error ? reason : new Disconnected();
		const { connection } = this;
		if (connection === null) this.pool.leave(this);
		else if (connection.exchange === this) connection.abort(error);
		this.settleFailure(error);
	}

	/** The client has been answered. A response that nobody has begun to read by then would hold its connection for ever. */
	exchangeFinished(): void {
		const { connection } = this;
		if (connection !== null && connection.exchange === this) connection.dropUnread();
	}

	/** The head of the final response, and what comes behind it. */
	respond(head: AnswerHead, payload: Source | null, tunnel?: (stream: Tunnel) => void): void {
		if (this.over) return payload?.cancel();
		this.over = true;
		this.deadline = this.whole;
		this.watch?.answered();
		this.trace?.answered(head.status);
		const { status, reason, fields } = head;
		this.receiver.received(
			new OutgoingResponse(status, fields, payload, tunnel === undefined ? { reason } : { reason, tunnel }),
			this.connection?.version ?? '1.1',
		);
	}

	/** All of the response has come, or no more of it will. */
	ended(): void {
		this.watch?.ended();
		this.trace?.ended();
	}

	/**
	 * The connection died before anything came back. RFC 9112 section 9.3.1: a request that went out on a connection
	 * kept alive may meet its end on the way; it is sent once more, on a new connection, if that cannot do harm.
	 */
	lostConnection(reused: boolean, error: UpstreamError): void {
		if (!reused || !IDEMPOTENT.has(this.request.method)) return this.fail(error);
		this.unprocessed(error);
	}

	/** The upstream has said that it has not looked at the request (RFC 9113 section 8.7): any may be sent once more. */
	unprocessed(error: UpstreamError): void {
		const replayable = this.request.payload === null || this.content !== null;
		if (this.retried || this.answered || this.over || !replayable) return this.fail(error);
		this.retried = true;
		this.connection = null;
		this.trace?.failed(error);
		this.traceAttempt();
		this.pool.retry(this);
	}

	/** No response will come. */
	fail(error: UpstreamError): void {
		this.trace?.failed(error);
		// A response that was handed on and then cut short is one, too.
		if (!this.over || this.answered) this.pool.countFailure();
		this.settleFailure(error);
	}

	private settleFailure(error: unknown): void {
		if (this.over) return;
		this.over = true;
		this.trace?.failed(error);
		this.ended();
		this.context.offClosed(this);
		this.source?.cancel(error);
		this.receiver.failed(error);
	}
}
