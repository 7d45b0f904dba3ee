/**
 * One exchange of an engine that stands on somebody else's HTTP, node's for instance: the context that the app is given
 * and what the request facade is made of. Everything that holds whatever the protocol is, is here; a protocol adds how a
 * head, a body, an interim response and a tunnel are sent. How the response is written is in served-answer.ts and
 * served-writer.ts; how long anybody is waited for, in served-clock.ts.
 */
import type { Source, Tunnel } from '../bytes/index.ts';
import {
	type Abilities,
	type ClosedListener,
	type Connection,
	type Context,
	Disconnected,
	ExchangeState,
	type FinishedListener,
	type IncomingInit,
	type Outcome,
	type ResponseTaker,
	type TargetForm,
	type TrailersReader,
	type Version,
} from '../convention/index.ts';
import { FieldList, type Fields } from '../fields/index.ts';
import type { Framing } from '../protocol/h1/index.ts';
import type { EngineTimeouts } from './engine.ts';
import { answer, answerError } from './served-answer.ts';
import { ServedClock } from './served-clock.ts';
import type { ServedWriter } from './served-writer.ts';

/** What an exchange asks of the listener it came in by. */
export interface ExchangeHost {
	readonly timeouts: EngineTimeouts;
	readonly draining: boolean;
	logFailure(exchange: ServedExchange, error: unknown): void;
	/** Calls something of the app's; an error is logged, and the rest goes on. */
	attempt(exchange: ServedExchange, work: () => void): void;
	waitUntil(work: Promise<unknown>, exchange: ServedExchange): void;
	exchangeEnded(): void;
	timedOut(): void;
}

/** What was read of a request before its body. */
export interface RequestFacts {
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: FieldList;
	readonly offers: readonly string[];
}

/** A request's body as an exchange sees it. */
export interface IncomingBody extends Source {
	/** The app waits for more of it. */
	readonly waiting: boolean;
	/** Nobody has asked for it. */
	readonly untouched: boolean;
	/** Cuts it short. */
	cutShort(error: Error): void;
}

/** How a head is to be written. */
export interface OutgoingHead {
	readonly status: number;
	/** '' for none; null for the usual one. */
	readonly reason: string | null;
	readonly fields: FieldList;
	/** As the codec has it: a length, CHUNKED, UNTIL_CLOSE, NONE. */
	readonly framing: Framing;
	/** No body follows, whatever the framing says. */
	readonly bodiless: boolean;
}

export abstract class ServedExchange
	extends ExchangeState
	implements Context, IncomingInit, TrailersReader, ResponseTaker
{
	readonly listener: ExchangeHost;
	readonly connection: Connection;
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: FieldList;
	readonly offers: readonly string[];
	readonly mount = '';
	readonly clock: ServedClock;
	/** The request's body; null where there is none. */
	body: IncomingBody | null = null;
	writer: ServedWriter | null = null;
	/** The request has come in completely. */
	requestDone = false;
	/** The app has answered; the answer may still be on its way. */
	answered = false;
	/** The last byte of the response has been handed over. */
	ending = false;
	/** The status of the response whose head is out; 0 before. */
	status = 0;
	/** Payload bytes of the response that were handed over. */
	bytes = 0;
	private outcome: Outcome | null = null;
	private reason: unknown = undefined;
	private over = false;
	private controller: AbortController | null = null;
	private closedListeners: ClosedListener[] | null = null;
	private finishedListeners: FinishedListener[] | null = null;
	private trailerFields: FieldList | null = null;
	private trailersWaiting: ((fields: Fields | null) => void) | null = null;

	constructor(listener: ExchangeHost, connection: Connection, facts: RequestFacts) {
		super();
		this.listener = listener;
		this.connection = connection;
		this.method = facts.method;
		this.target = facts.target;
		this.form = facts.form;
		this.authority = facts.authority;
		this.scheme = facts.scheme;
		this.version = facts.version;
		this.fields = facts.fields;
		this.offers = facts.offers;
		this.clock = new ServedClock(this, listener.timeouts);
	}

	// What a protocol adds.

	abstract readonly can: Abilities;
	/** Whether trailers can follow a body of this exchange. */
	abstract readonly canTrail: boolean;
	/** Bytes that were handed over and that the client has not taken, as far as the platform says. */
	abstract readonly unsent: number;
	/** Writes a head alone; the body follows. Throws while nothing has been sent. */
	abstract sendHead(head: OutgoingHead): void;
	/** Writes head and whole body, '' or latin1 text or bytes, and ends the response. */
	abstract sendWhole(head: OutgoingHead, body: string | Uint8Array): void;
	/** Lets a head go that waits for the first bytes of its body. */
	abstract flushHead(): void;
	/** A piece of the body; false: wait for `drained`, and leave the piece as it is until then. */
	abstract sendBody(chunk: Uint8Array): boolean;
	abstract sendEnd(trailers: FieldList | null): void;
	/** Writes the head that accepts a tunnel; both directions are the tunnel's from then on. */
	abstract openTunnel(head: OutgoingHead): Tunnel;
	/** Drops the connection or resets the stream, so that nothing looks complete. */
	abstract cut(cause: unknown): void;
	/** The connection ends with this exchange, or the stream with this answer: the rest of the request is not wanted. */
	abstract giveUpRequest(): void;
	/** `fields` are checked; the head is not out. */
	protected abstract sendInformational(status: number, fields: FieldList): void;

	// What the request is made of.

	get payload(): Source | null {
		return this.body;
	}

	get trailersReader(): TrailersReader | null {
		return this.body === null ? null : this;
	}

	get circumstances(): this {
		return this;
	}

	readTrailers(): Promise<Fields | null> {
		if (this.requestDone || this.over) return Promise.resolve(this.trailerFields);
		return new Promise((resolve) => {
			this.trailersWaiting = resolve;
		});
	}

	/** The request has come in completely, with these trailers. */
	requestComplete(trailers: FieldList | null): void {
		if (this.requestDone) return;
		this.requestDone = true;
		this.trailerFields = trailers;
		this.trailersWaiting?.(trailers);
		this.trailersWaiting = null;
	}

	// What the app asks of its circumstances.

	inform(status: number, fields?: Fields): void {
		if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
			throw new RangeError(`Not an informational status: ${status}`);
		}
		if (this.answered || this.over || this.version === '1.0') return;
		this.sendInformational(status, fields === undefined ? FieldList.empty() : FieldList.from(fields));
	}

	waitUntil(work: Promise<unknown>): void {
		this.listener.waitUntil(work, this);
	}

	get closed(): AbortSignal {
		if (this.controller === null) {
			this.controller = new AbortController();
			if (this.reason !== undefined) this.controller.abort(this.reason);
		}
		return this.controller.signal;
	}

	onClosed(listener: ClosedListener): void {
		if (this.reason !== undefined) listener.exchangeClosed(this.reason);
		else if (this.over) return;
		else if (this.closedListeners === null) this.closedListeners = [listener];
		else this.closedListeners.push(listener);
	}

	offClosed(listener: ClosedListener): void {
		const at = this.closedListeners?.indexOf(listener) ?? -1;
		if (at >= 0) this.closedListeners?.splice(at, 1);
	}

	get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	onFinished(listener: FinishedListener): void {
		if (this.outcome !== null) listener.exchangeFinished(this.outcome);
		else if (this.finishedListeners === null) this.finishedListeners = [listener];
		else this.finishedListeners.push(listener);
	}

	get remoteAddr(): Context['remoteAddr'] {
		const { remote } = this.connection;
		const ip = remote.kind === 'ip' ? remote : { host: '', port: 0 };
		return { hostname: ip.host, port: ip.port, transport: 'tcp' };
	}

	get props(): unknown {
		return undefined;
	}

	passThroughOnException(): void {}

	// What the app says.

	responded(response: Response): void {
		answer(this, response);
	}

	refused(error: unknown): void {
		answerError(this, error);
	}

	// How it ends.

	get committed(): boolean {
		return this.status !== 0;
	}

	get isOver(): boolean {
		return this.over;
	}

	/** The client has taken what was waiting. */
	drained(): void {
		this.writer?.drained();
		this.clock.arm();
	}

	/** The response is out as it should be. */
	succeed(): void {
		if (!this.over) this.settle({ ok: true, status: this.status, bytes: this.bytes });
	}

	/** Its time is up: the app is told, and may still be answered for. */
	expire(reason: unknown): void {
		this.reason = reason;
		const listeners = this.closedListeners;
		this.closedListeners = null;
		this.controller?.abort(reason);
		this.tellClosed(listeners, reason);
	}

	/** The client has left, or is given up on. */
	lose(cause: Error = new Disconnected()): void {
		this.abandon(cause);
		this.cut(cause);
	}

	/** It was cut short: the app and everybody who waits are told. */
	abandon(cause: unknown): void {
		if (this.over) return;
		this.reason = cause ?? new Disconnected();
		const { bytes, status, committed, reason, writer, body } = this;
		const listeners = this.closedListeners;
		this.closedListeners = null;
		this.settle({ ok: false, status, bytes, cause: reason, committed });
		this.listener.attempt(this, () => writer?.abandon(reason));
		this.listener.attempt(this, () => body?.cutShort(reason instanceof Error ? reason : new Disconnected()));
		this.controller?.abort(reason);
		this.tellClosed(listeners, reason);
	}

	private settle(outcome: Outcome): void {
		this.over = true;
		this.outcome = outcome;
		this.closedListeners = null;
		this.clock.end();
		this.trailersWaiting?.(null);
		this.trailersWaiting = null;
		const listeners = this.finishedListeners;
		this.finishedListeners = null;
		this.listener.exchangeEnded();
		if (listeners === null) return;
		for (const listener of listeners) this.listener.attempt(this, () => listener.exchangeFinished(outcome));
	}

	private tellClosed(listeners: ClosedListener[] | null, reason: unknown): void {
		if (listeners === null) return;
		for (const listener of listeners) this.listener.attempt(this, () => listener.exchangeClosed(reason));
	}
}
