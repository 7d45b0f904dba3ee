/**
 * One exchange of an engine, whatever it speaks: the context that the app is given, what the request facade is made of, and
 * how it ends. An engine adds how the request is read and how a response is written; answer.ts is what lies between.
 */
import type { Source } from '../bytes/index.ts';
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
	type RawResponse,
	type ResponseTaker,
	type TargetForm,
	type TrailersReader,
	type Version,
} from '../convention/index.ts';
import { FieldList, type Fields } from '../fields/index.ts';
import { answer, answerError } from './answer.ts';

/** What an exchange asks of the listener it came in by. */
export interface ExchangeHost {
	logFailure(exchange: EngineExchange, error: unknown): void;
	/** Calls something of the app's; an error is logged, and the rest goes on. */
	attempt(exchange: EngineExchange, work: () => void): void;
	waitUntil(work: Promise<unknown>, exchange: EngineExchange): void;
}

/** What writes one response. */
export interface Writing {
	/** Writes the head and starts the payload. Throws while nothing has been sent. */
	begin(): void;
	/** Cuts the response short, visibly. */
	fail(error: Error): void;
}

export abstract class EngineExchange
	extends ExchangeState
	implements Context, IncomingInit, TrailersReader, ResponseTaker
{
	readonly mount = '';
	/** The request has come in completely. */
	requestDone = false;
	/** The app has answered; the answer may still be on its way. */
	answered = false;
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

	// What an engine adds.

	abstract readonly listener: ExchangeHost;
	abstract readonly connection: Connection;
	abstract readonly method: string;
	abstract readonly target: string;
	abstract readonly form: TargetForm;
	abstract readonly authority: string;
	abstract readonly scheme: 'http' | 'https';
	abstract readonly version: Version;
	abstract readonly fields: FieldList;
	abstract readonly offers: readonly string[];
	abstract readonly can: Abilities;
	/** The request's body; null where there is none. */
	abstract readonly payload: Source | null;
	/** Bytes of the request's body, or from the client of a tunnel, that have come. */
	abstract readonly received: number;
	abstract writerOf(response: RawResponse): Writing;
	/** Writes the head that accepts a tunnel, and hands both directions to the app; the offer is checked. */
	abstract openTunnel(response: RawResponse): void;
	/** The connection ends with this exchange, or the stream with this answer: the rest of the request is not wanted. */
	abstract giveUpRequest(): void;
	/** Tells everybody who waits, and drops the connection or resets the stream. */
	abstract lose(cause: Error): void;
	/** `fields` are checked; the head is not out. */
	protected abstract sendInformational(status: number, fields: FieldList): void;
	/** It is over, and the app has not been told yet. */
	protected settled(): void {}
	/** What reads the request and writes the response is not needed any more. */
	protected release(_reason: unknown): void {}

	// What the request is made of.

	get trailersReader(): TrailersReader | null {
		return this.payload === null ? null : this;
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
		return remote.kind === 'ip'
			? { hostname: remote.host, port: remote.port, transport: 'tcp' }
			: { hostname: '', port: 0, transport: 'tcp' };
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

	/** The response is out as it should be. */
	succeed(): void {
		if (!this.over) this.settle({ ok: true, status: this.status, bytes: this.bytes, received: this.received });
	}

	/** Its time is up: the app is told, and may still be answered for. */
	expire(reason: unknown): void {
		this.reason = reason;
		const listeners = this.closedListeners;
		this.closedListeners = null;
		this.controller?.abort(reason);
		this.tellClosed(listeners, reason);
	}

	/** It was cut short: the app and everybody who waits are told. */
	abandon(cause: unknown): void {
		if (this.over) return;
		this.reason = cause ?? new Disconnected();
		const { bytes, received, status, committed, reason } = this;
		const listeners = this.closedListeners;
		this.closedListeners = null;
		this.settle({ ok: false, status, bytes, received, cause: reason, committed });
		this.release(reason);
		this.controller?.abort(reason);
		this.tellClosed(listeners, reason);
	}

	private settle(outcome: Outcome): void {
		this.over = true;
		this.outcome = outcome;
		this.closedListeners = null;
		this.trailersWaiting?.(null);
		this.trailersWaiting = null;
		const listeners = this.finishedListeners;
		this.finishedListeners = null;
		this.settled();
		if (listeners !== null) for (const listener of listeners) this.tellFinished(listener, outcome);
	}

	/** What is done behind an exchange is no affair of the next one's, nor of the process's. */
	private tellFinished(listener: FinishedListener, outcome: Outcome): void {
		try {
			listener.exchangeFinished(outcome);
		} catch (error) {
			this.listener.logFailure(this, error);
		}
	}

	private tellClosed(listeners: ClosedListener[] | null, reason: unknown): void {
		if (listeners === null) return;
		for (const listener of listeners) this.listener.attempt(this, () => listener.exchangeClosed(reason));
	}
}
