/**
 * One exchange of an engine that stands on somebody else's HTTP, node's for instance. Everything that holds whatever the
 * protocol is, is here; a protocol adds how a head, a body, an interim response and a tunnel are sent. How the response is
 * written is in served-writer.ts; how long anybody is waited for, in served-clock.ts.
 */
import type { Source, Tunnel } from '../bytes/index.ts';
import { type Connection, Disconnected, type RawResponse, type TargetForm, type Version } from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { type Framing, NONE } from '../protocol/h1/index.ts';
import type { EngineTimeouts } from './engine.ts';
import { EngineExchange, type ExchangeHost } from './engine-exchange.ts';
import { ServedClock } from './served-clock.ts';
import { ServedWriter } from './served-writer.ts';

/** What a served exchange asks of the listener it came in by. */
export interface ServedHost extends ExchangeHost {
	readonly timeouts: EngineTimeouts;
	readonly draining: boolean;
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
	/** Bytes that have come. */
	readonly received: number;
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

export abstract class ServedExchange extends EngineExchange {
	readonly listener: ServedHost;
	readonly connection: Connection;
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: FieldList;
	readonly offers: readonly string[];
	readonly clock: ServedClock;
	/** The request's body; null where there is none. */
	body: IncomingBody | null = null;
	/** The last byte of the response has been handed over. */
	ending = false;
	/** Bytes that have come through a tunnel. */
	protected tunnelled = 0;
	private writer: ServedWriter | null = null;

	constructor(listener: ServedHost, connection: Connection, facts: RequestFacts) {
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
	protected abstract tunnel(head: OutgoingHead): Tunnel;
	/** Drops the connection or resets the stream, so that nothing looks complete. */
	protected abstract cut(cause: unknown): void;

	get received(): number {
		return this.body?.received ?? this.tunnelled;
	}

	get payload(): Source | null {
		return this.body;
	}

	writerOf(response: RawResponse): ServedWriter {
		this.writer = new ServedWriter(this, response);
		return this.writer;
	}

	/** After the head, both directions belong to the app's tunnel (RFC 9110 sections 7.8 and 9.3.6, RFC 8441). */
	openTunnel(response: RawResponse): void {
		const { status, reason } = response;
		const fields = FieldList.from(response.fields);
		const tunnel = this.tunnel({ status, reason, fields, framing: NONE, bodiless: true });
		this.status = status;
		this.clock.end();
		try {
			response.tunnel?.(tunnel);
		} catch (error) {
			this.listener.logFailure(this, error);
			tunnel.destroy();
		}
	}

	/** The client has taken what was waiting. */
	drained(): void {
		this.writer?.drained();
		this.clock.arm();
	}

	/** The client has left, or is given up on. */
	lose(cause: Error = new Disconnected()): void {
		this.abandon(cause);
		this.cut(cause);
	}

	protected override settled(): void {
		this.clock.end();
		this.listener.exchangeEnded();
	}

	protected override release(reason: unknown): void {
		const { listener, writer, body } = this;
		listener.attempt(this, () => writer?.abandon(reason));
		listener.attempt(this, () => body?.cutShort(reason instanceof Error ? reason : new Disconnected()));
	}
}
