/**
 * One exchange of an app written for node: a real request and a real response for it, and for us what it makes of them.
 * The response is always captured, never handed through, so that outer middleware sees it. What lives here is the order
 * of things: when the head is answered with, whole or with a body that streams, and how it ends on either side.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asError, CutShortError, WholeSource } from '../../bytes/index.ts';
import {
	Abort,
	type ClosedListener,
	type Context,
	type FinishedListener,
	type Outcome,
	OutgoingResponse,
	type Payload,
	PendingResponse,
	type RawRequest,
} from '../../convention/index.ts';
import type { FieldList } from '../../fields/index.ts';
import { type BodyOwner, CapturedBody } from './captured-body.ts';
import {
	capturedResponse,
	close,
	drain,
	hasBody,
	linesOf,
	markEnded,
	type ResponseOwner,
	reasonOf,
	trailersOf,
} from './captured-head.ts';
import { ExchangeSocket, type SocketOwner, type WriteDone } from './exchange-socket.ts';
import { incomingMessage, RequestBody } from './incoming-message.ts';

/** What listens to an `http.Server`'s requests. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface ExchangeSettings {
	readonly highWaterMark: number;
}

export class NodeExchange implements SocketOwner, ResponseOwner, BodyOwner, ClosedListener, FinishedListener {
	readonly message: RawRequest;
	readonly context: Context;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly requestBody: RequestBody;
	private readonly socket: ExchangeSocket;
	private readonly body: CapturedBody;
	private fields: FieldList | null = null;
	/** What was answered, while nobody has been told. */
	private answer: Response | Promise<Response> | null = null;
	private failure: { readonly error: unknown } | null = null;
	private pending: PendingResponse | null = null;
	/** The app's call has led to a response or an error. */
	private settled = false;
	private inEnd = false;
	private flushed = false;
	private complete = false;
	private over = false;

	constructor(message: RawRequest, context: Context, settings: ExchangeSettings) {
		this.message = message;
		this.context = context;
		this.socket = new ExchangeSocket(this);
		this.request = incomingMessage(message, context, this.socket);
		this.response = capturedResponse(this.request, this.socket, settings);
		this.requestBody = new RequestBody(this.request, message.payload, (reason) => this.refuse(reason));
		this.body = new CapturedBody(this, settings.highWaterMark);
		context.onClosed(this);
		context.onFinished(this);
	}

	/** Calls the handler. Throws what it throws before it has answered. */
	run(handler: NodeHandler): Response | Promise<Response> {
		try {
			const returned = handler(this.request, this.response);
			if (isThenable(returned)) returned.then(undefined, (error: unknown) => this.fail(error));
		} catch (error) {
			this.fail(error);
		}
		return this.outcome();
	}

	/** What the engine is given: the response if it is there, or the promise of it. */
	outcome(): Response | Promise<Response> {
		if (this.failure !== null) throw this.failure.error;
		if (this.answer !== null) return this.answer;
		this.pending = new PendingResponse();
		return this.pending;
	}

	/** The handler has failed: that is the answer, or the end of one that was begun. */
	fail(error: unknown): void {
		if (this.over) return;
		if (this.settled) return void this.response.destroy(asError(error));
		this.refuse(error);
		this.abandon(asError(error));
	}

	/** Somebody else answers; the response here says no more than its fields. */
	delegate(answer: Response | Promise<Response>): void {
		this.settled = true;
		if (this.pending === null) this.answer = answer;
		else this.pending.resolve(answer);
	}

	/** After `delegate`: those who wait for the end of the response are told of it as of one of its own. */
	delegated(status: number): void {
		markEnded(this.response, status);
		this.complete = true;
	}

	// What the response says.

	headStored(response: ServerResponse, fields: FieldList): void {
		const { statusCode } = response;
		if (statusCode < 200) throw new RangeError(`Status ${statusCode} is not one that a response can end with`);
		if (!response.shouldKeepAlive && this.message.version === '1.1') fields.append('Connection', 'close');
		this.fields = fields;
	}

	written(data: string | Uint8Array, encoding: string | null | undefined, done: WriteDone): boolean {
		if (this.fields === null) return this.informed(data, done);
		const more = this.body.write(data, encoding ?? null, done);
		this.flushed = true;
		// What is corked goes out when it is uncorked, at the end of the turn or of the response.
		if (!this.settled && this.socket.writableCorked === 0) this.begin();
		return more;
	}

	uncorked(): void {
		if (!this.settled && this.flushed && !this.inEnd) this.begin();
	}

	ending(): void {
		this.inEnd = true;
	}

	ended(): void {
		if (this.complete) return;
		this.complete = true;
		const trailers = trailersOf(this.response);
		if (this.settled) this.body.end(trailers);
		else this.answerWith(this.wholePayload(trailers));
	}

	get waiting(): number {
		return this.body.waiting;
	}

	bodyDrained(): void {
		drain(this.response);
	}

	bodyCancelled(reason: unknown): void {
		if (!this.over) this.abandon(reason instanceof Error ? reason : null);
	}

	// What the request asks for.

	readOn(): void {
		this.requestBody.readOn();
	}

	// How it ends.

	/** The app has destroyed the request, the response or their socket. */
	destroyed(error: Error | null): void {
		if (this.over) return;
		if (!this.settled) this.refuse(new Abort(undefined, error === null ? undefined : { cause: error }));
		else this.body.fail(error ?? new CutShortError('The response was destroyed before its end'));
		this.abandon(error);
	}

	exchangeClosed(reason: unknown): void {
		if (this.over) return;
		this.refuse(reason);
		this.abandon(null);
	}

	exchangeFinished(outcome: Outcome): void {
		if (this.over) return;
		if (!outcome.ok || !this.complete) return this.exchangeClosed(outcome.ok ? new Abort() : outcome.cause);
		this.over = true;
		this.body.settle(null);
		process.nextTick(afterwards, this);
	}

	/** The response was there in full, and it is out. */
	finish(): void {
		const { response } = this;
		if (response.listenerCount('finish') > 0 && this.fields === null) response.emit('finish');
		this.requestBody.dump();
		close(response);
	}

	/** The head goes out, and a body that has only begun. */
	private begin(): void {
		this.answerWith(hasBody(this.response) ? this.body : null);
	}

	private wholePayload(trailers: FieldList | null): Payload {
		if (!hasBody(this.response)) return null;
		const content = this.flushed ? this.body.take() : '';
		if (trailers === null) return content.length === 0 ? null : content;
		return new WholeSource(typeof content === 'string' ? Buffer.from(content) : content, trailers);
	}

	private answerWith(payload: Payload): void {
		const reason = reasonOf(this.response);
		const { statusCode } = this.response;
		this.settled = true;
		const answer = new OutgoingResponse(
			statusCode,
			this.fields as FieldList,
			payload,
			reason === null ? undefined : { reason },
		);
		if (this.pending === null) this.answer = answer;
		else this.pending.resolve(answer);
	}

	/** Before the head there are informational responses alone; node writes each as one text (RFC 9110 section 15.2). */
	private informed(data: string | Uint8Array, done: WriteDone): boolean {
		const text = typeof data === 'string' ? data : '';
		const status = /^HTTP\/1\.1 (1\d\d) /.exec(text)?.[1];
		if (status === undefined)
			throw new TypeError('What is written to the socket of a request is not what node:http writes');
		const fields = linesOf(text.slice(text.indexOf('\r\n') + 2));
		this.context.inform(Number(status), fields);
		if (done) process.nextTick(done);
		return true;
	}

	private refuse(error: unknown): void {
		if (this.settled) return;
		this.settled = true;
		if (this.pending === null) this.failure = { error };
		else this.pending.reject(error);
	}

	/** It is off: everybody who holds a part of it is told, as node tells when a connection is lost. */
	private abandon(error: Error | null): void {
		this.over = true;
		this.body.settle(error ?? new CutShortError('The exchange has ended'));
		this.requestBody.cancel(error ?? undefined);
		this.socket.destroy(error ?? undefined);
		if (!this.request.destroyed) this.request.destroy(error ?? connectionReset());
	}
}

function afterwards(exchange: NodeExchange): void {
	exchange.finish();
}

/** What node tells a request whose client has gone. */
function connectionReset(): Error {
	return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}

function isThenable(returned: unknown): returned is PromiseLike<unknown> {
	return typeof (returned as { then?: unknown } | null | undefined)?.then === 'function';
}
