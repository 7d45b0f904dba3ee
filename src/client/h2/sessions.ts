/**
 * The connections of HTTP/2 to one upstream. Requests share the first that has room; another is made when none has, one at
 * a time, up to the pool's limit; whoever finds no room waits.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { UpstreamError } from '../../convention/index.ts';
import { Roster, Timer, wheel } from '../../transport/index.ts';
import type { ClientExchange } from '../client-exchange.ts';
import type { UpstreamStatistics } from '../connection-pool.ts';
import { type Dialler, dial, diallerOf } from '../dial.ts';
import type { UpstreamSettings } from '../options.ts';
import type { Origin } from '../origin.ts';
import { ClientSession } from './client-session.ts';

/** Told what an upstream does not speak. */
export interface SessionsOwner {
	/** ALPN has settled on HTTP/1.1: the socket, and those who waited for it. */
	settledOnHttp1(socket: Socket, waiting: readonly ClientExchange[]): void;
	noExtendedConnect(exchange: ClientExchange): void;
}

interface Waiting {
	readonly exchange: ClientExchange;
	readonly timer: Timer;
}

export class Sessions {
	readonly origin: Origin;
	readonly settings: UpstreamSettings;
	readonly owner: SessionsOwner;
	failed = 0;
	private readonly dialler: Dialler;
	private readonly open: Roster<ClientSession> = new Roster();
	private latest: ClientSession | null = null;
	private waiting: Waiting[] = [];
	/** A connection is being made: how to give it up. */
	private dialling: (() => void) | null = null;
	private closed = false;
	private requests = 0;
	private dialled = 0;
	private retried = 0;

	constructor(origin: Origin, settings: UpstreamSettings, owner: SessionsOwner) {
		this.origin = origin;
		this.settings = settings;
		this.owner = owner;
		const spoken = settings.http === '2' ? (['h2'] as const) : (['h2', 'http/1.1'] as const);
		this.dialler = diallerOf(origin, settings.tls, settings, settings.parent, spoken);
	}

	serve(exchange: ClientExchange): void {
		this.requests++;
		this.place(exchange);
	}

	retry(exchange: ClientExchange): void {
		this.retried++;
		this.place(exchange);
	}

	private place(exchange: ClientExchange): void {
		const session = this.withRoom();
		if (session !== null) return session.send(exchange);
		if (this.closed) return exchange.fail(new UpstreamError('destination_unavailable', { retryable: true }));
		const { queue, queueTimeout } = this.settings.pool;
		if (this.waiting.length >= queue) return exchange.fail(full());
		const entry: Waiting = { exchange, timer: new Timer({ timedOut: () => this.impatient(entry) }) };
		this.waiting.push(entry);
		wheel.set(entry.timer, queueTimeout, exchange.deadline);
		this.dialMore();
	}

	private withRoom(): ClientSession | null {
		// Most requests find room where the last one did.
		if (this.latest?.hasRoom !== true) this.latest = this.open.all().find(({ hasRoom }) => hasRoom) ?? null;
		return this.latest;
	}

	private impatient({ exchange }: Waiting): void {
		this.leave(exchange);
		exchange.fail(this.dialling === null ? full() : new UpstreamError('connection_timeout', { retryable: true }));
	}

	leave(exchange: ClientExchange): void {
		const at = this.waiting.findIndex((entry) => entry.exchange === exchange);
		if (at < 0) return;
		const [entry] = this.waiting.splice(at, 1);
		wheel.remove((entry as Waiting).timer);
	}

	/** All who wait, who wait no longer. */
	private takeWaiting(): ClientExchange[] {
		const { waiting } = this;
		this.waiting = [];
		for (const { timer } of waiting) wheel.remove(timer);
		return waiting.map(({ exchange }) => exchange).filter(({ isOver }) => !isOver);
	}

	// Connections.

	private dialMore(): void {
		if (this.dialling !== null || this.closed || this.open.size >= this.settings.pool.connections) return;
		let settledAtOnce = false;
		const time = { patience: this.settings.timeouts.connect, latest: 0 };
		const giveUp = dial(this.dialler, time, (error, socket) => {
			settledAtOnce = true;
			this.dialling = null;
			if (socket === null) return this.unreached(error as UpstreamError);
			this.dialled++;
			this.reached(socket);
		});
		if (!settledAtOnce) this.dialling = giveUp;
	}

	private reached(socket: Socket): void {
		if (this.origin.secure && (socket as TLSSocket).alpnProtocol !== 'h2')
			return this.owner.settledOnHttp1(socket, this.takeWaiting());
		this.dialling = () => session.end();
		const session = new ClientSession(this, socket);
	}

	/** It is there, and has said what it takes. */
	ready(session: ClientSession): void {
		this.dialling = null;
		this.open.add(session);
		this.serveWaiting();
		if (this.closed) session.retire();
	}

	/** There may be room. */
	serveWaiting(): void {
		while (this.waiting.length > 0) {
			const session = this.withRoom();
			if (session === null) return this.dialMore();
			const { exchange, timer } = this.waiting.shift() as Waiting;
			wheel.remove(timer);
			if (!exchange.isOver) session.send(exchange);
		}
	}

	/** Those who wait go on waiting only where another connection stands. */
	unreached(error: UpstreamError): void {
		this.dialling = null;
		if (this.open.size > 0) return;
		for (const exchange of this.takeWaiting()) exchange.fail(error);
	}

	/** It takes no new requests, or is gone. */
	remove(session: ClientSession): void {
		if (this.open.delete(session)) this.serveWaiting();
	}

	/** Ends idle connections at once and the others with their exchanges. */
	close(): void {
		this.closed = true;
		for (const exchange of this.takeWaiting()) exchange.fail(new UpstreamError('destination_unavailable'));
		for (const session of this.open.all()) session.retire();
		this.dialling?.();
	}

	statistics(): UpstreamStatistics {
		const { requests, dialled, retried, failed } = this;
		const sessions = this.open.all();
		return {
			connections: sessions.length,
			idle: sessions.filter(({ isIdle }) => isIdle).length,
			queued: this.waiting.length,
			requests,
			dialled,
			retried,
			failed,
		};
	}
}

function full(): UpstreamError {
	return new UpstreamError('connection_limit_reached', { retryable: true });
}
