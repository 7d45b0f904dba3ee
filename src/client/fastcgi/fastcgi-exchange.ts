/**
 * One request to an application and the promise of its response: who asked, what may be sent again, when it is off.
 * The bytes are moved by fastcgi-connection.ts and stdin-writer.ts.
 */
import { type Source, WholeSource } from '../../bytes/index.ts';
import {
	type ClosedListener,
	Disconnected,
	type FinishedListener,
	OutgoingResponse,
	type UpstreamError,
} from '../../convention/index.ts';
import type { CgiHead } from '../../protocol/fastcgi/index.ts';
import { type Stopwatch, startStopwatch } from '../stopwatch.ts';
import { headBy, wholeBy } from '../time-left.ts';
import type { FastCgiConnection } from './fastcgi-connection.ts';
import type { FastCgiPool } from './fastcgi-pool.ts';
import type { ScriptRequest } from './params.ts';
import { Spool, type SpoolOwner } from './spool.ts';
import { StderrLines } from './stderr-log.ts';

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Who asked: told exactly once. */
export interface FastCgiReceiver {
	received(response: OutgoingResponse): void;
	/** RFC 3875 section 6.2.2: another path is to be answered instead. */
	redirected(to: string): void;
	failed(error: unknown): void;
}

export class FastCgiExchange implements ClosedListener, FinishedListener, SpoolOwner {
	readonly asked: ScriptRequest;
	connection: FastCgiConnection | null = null;
	/** The body, complete in memory: it can be sent again. */
	content: string | Uint8Array | null = null;
	/** A body that is still coming: it can be sent once. */
	source: Source | null = null;
	/** The name-value pairs, end to end. */
	pairs = '';
	/** Something has come back. */
	answered = false;
	/** When what is awaited must be there, by the wheel's count: the head of the response, then all of it; 0 is never. */
	deadline = 0;
	private whole = 0;
	private readonly pool: FastCgiPool;
	private readonly receiver: FastCgiReceiver;
	private spool: Spool | null = null;
	private lines: StderrLines | null = null;
	private readonly watch: Stopwatch | null;
	private over = false;
	private retried = false;

	constructor(pool: FastCgiPool, asked: ScriptRequest, receiver: FastCgiReceiver) {
		this.pool = pool;
		this.asked = asked;
		this.receiver = receiver;
		this.watch = startStopwatch(asked.context);
	}

	get method(): string {
		return this.asked.request.method;
	}

	begin(): void {
		const { request, context } = this.asked;
		const { payload } = request;
		const { settings } = this.pool;
		context.onClosed(this);
		if (this.over) return payload?.cancel();
		// There is no way to hand on trailers.
		if (payload instanceof WholeSource) this.content = payload.take();
		else this.source = payload;
		const { requestBody } = settings;
		const ready = payload === null || this.content !== null || (payload.length !== null && !requestBody.whole);
		if (ready) return this.serve(payload?.length ?? 0);
		this.spool = new Spool(payload, requestBody, this);
		this.source = null;
		this.spool.begin();
	}

	spooled(content: Uint8Array | Source): void {
		this.spool = null;
		if (this.over) {
			if (!(content instanceof Uint8Array)) content.cancel();
			return;
		}
		if (content instanceof Uint8Array) this.content = content;
		else this.source = content;
		this.serve(content.length ?? 0);
	}

	spoolFailed(error: Error): void {
		this.spool = null;
		this.settleFailure(error);
	}

	private serve(length: number): void {
		this.whole = wholeBy(this.pool.settings.timeouts.total);
		this.deadline = headBy(this.whole, this.asked.context);
		try {
			this.pairs = this.pool.params.pairsFor(this.asked, length);
		} catch (error) {
			return this.settleFailure(error);
		}
		this.pool.serve(this);
	}

	/** Response or failure have been delivered. */
	get isOver(): boolean {
		return this.over;
	}

	/** The client has gone: the application hears of it at once, whether the response has begun or not. */
	exchangeClosed(reason: unknown): void {
		const error = reason instanceof Error ? reason : new Disconnected();
		const { connection, spool } = this;
		this.spool = null;
		spool?.cancel(error);
		if (connection === null) this.pool.leave(this);
		else if (connection.exchange === this) connection.abort(error);
		this.settleFailure(error);
	}

	/** The client has been answered. A response that nobody has begun to read by then would hold its connection for ever. */
	exchangeFinished(): void {
		const { connection } = this;
		if (connection !== null && connection.exchange === this) connection.dropUnread();
	}

	/** A piece of the application's log. */
	noteStderr(text: string): void {
		this.lines ??= new StderrLines(this.pool.log, this.name);
		this.lines.write(text);
	}

	/** No more of the response comes, nor of the log. */
	ended(): void {
		this.watch?.ended();
		this.lines?.end();
	}

	noteExcess(): void {
		this.pool.log.line('The response was longer than its Content-Length: the rest was dropped', this.name);
	}

	/** Method and path, for the log. */
	private get name(): string {
		const { request, context, target } = this.asked;
		return `${request.method} ${context.mount}${target.split('?', 1)[0]}`;
	}

	/** The head of the response, and what comes behind it. */
	respond(head: CgiHead, payload: Source | null): void {
		if (this.over) return payload?.cancel();
		this.over = true;
		this.deadline = this.whole;
		this.watch?.answered();
		const { status, reason, fields, redirect } = head;
		if (redirect === null) {
			this.receiver.received(new OutgoingResponse(status, fields, payload, { reason: reason === '' ? null : reason }));
		} else {
			this.asked.context.offClosed(this);
			this.receiver.redirected(redirect);
		}
	}

	/**
	 * The connection died before anything came back. As RFC 9112 section 9.3.1 has it for HTTP: a request that went out on a
	 * connection kept alive may meet its end on the way; it is sent once more, on a new connection, if that cannot do harm.
	 */
	lostConnection(reused: boolean, error: UpstreamError): void {
		const replayable = this.source === null;
		if (!reused || this.retried || this.answered || this.over || !replayable || !IDEMPOTENT.has(this.method)) {
			this.fail(error);
			return;
		}
		this.retried = true;
		this.connection = null;
		this.pool.retry(this);
	}

	/** No response will come, or no more of it. */
	fail(error: UpstreamError): void {
		if (!this.over || this.answered) this.pool.countFailure();
		this.settleFailure(error);
	}

	private settleFailure(error: unknown): void {
		if (this.over) return;
		this.over = true;
		this.watch?.ended();
		this.asked.context.offClosed(this);
		this.source?.cancel(error);
		this.receiver.failed(error);
	}
}
