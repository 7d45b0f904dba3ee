/** The connections to one upstream: idle ones are used again, the youngest first; new ones up to a limit; then a queue. */
import { UpstreamError } from '../convention/index.ts';
import { Timer, wheel } from '../transport/index.ts';
import { NOBODY, SocketTransport } from '../transport/node/index.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientExchange } from './client-exchange.ts';
import { type Dialler, dial, diallerOf } from './dial.ts';
import type { UpstreamSettings } from './options.ts';
import type { Origin } from './origin.ts';

export interface UpstreamStatistics {
	/** Connections open now, and how many of them are idle. */
	readonly connections: number;
	readonly idle: number;
	/** Requests waiting for a connection. */
	readonly queued: number;
	/** Since the start: requests, connections made, requests sent a second time, failures (responses cut short included). */
	readonly requests: number;
	readonly dialled: number;
	readonly retried: number;
	readonly failed: number;
}

interface Waiting {
	readonly exchange: ClientExchange;
	readonly timer: Timer;
}

export class Pool {
	readonly origin: Origin;
	readonly settings: UpstreamSettings;
	private readonly dialler: Dialler;
	private readonly idle: ClientConnection[] = [];
	private readonly open: Set<ClientConnection> = new Set();
	private readonly dialling: Set<() => void> = new Set();
	private readonly waiting: Waiting[] = [];
	private closed = false;
	private requests = 0;
	private dialled = 0;
	private retried = 0;
	private failed = 0;

	constructor(origin: Origin, settings: UpstreamSettings) {
		this.origin = origin;
		this.settings = settings;
		this.dialler = diallerOf(origin, settings.tls, settings);
	}

	/** Gives the exchange a connection, at once or later, or fails it. */
	serve(exchange: ClientExchange): void {
		this.requests++;
		const connection = this.idle.pop();
		if (connection !== undefined) connection.send(exchange);
		else this.serveFresh(exchange);
	}

	/** The same on a connection that nobody has used before: for a request that died with an old one. */
	retry(exchange: ClientExchange): void {
		this.retried++;
		this.serveFresh(exchange);
	}

	private serveFresh(exchange: ClientExchange): void {
		if (this.closed) return exchange.fail(new UpstreamError('destination_unavailable', { retryable: true }));
		if (this.open.size + this.dialling.size < this.settings.pool.connections) this.dialFor(exchange);
		else this.queue(exchange);
	}

	private dialFor(exchange: ClientExchange): void {
		let giveUp: (() => void) | null = null;
		let settledAtOnce = false;
		const time = { patience: this.settings.timeouts.connect, latest: exchange.deadline };
		giveUp = dial(this.dialler, this.origin, time, (error, socket) => {
			settledAtOnce = true;
			if (giveUp !== null) this.dialling.delete(giveUp);
			if (socket === null) {
				exchange.fail(error as UpstreamError);
				this.serveNext();
				return;
			}
			this.dialled++;
			const transport = new SocketTransport(socket, NOBODY);
			const connection = new ClientConnection(this, transport);
			transport.handler = connection;
			this.open.add(connection);
			transport.listen();
			if (exchange.isOver) this.release(connection);
			else connection.send(exchange);
		});
		if (!settledAtOnce) this.dialling.add(giveUp);
	}

	private queue(exchange: ClientExchange): void {
		const { queue, queueTimeout } = this.settings.pool;
		if (this.waiting.length >= queue) {
			exchange.fail(new UpstreamError('connection_limit_reached', { retryable: true }));
			return;
		}
		const entry: Waiting = { exchange, timer: new Timer({ timedOut: () => this.leaveQueue(entry) }) };
		wheel.set(entry.timer, queueTimeout, exchange.deadline);
		this.waiting.push(entry);
	}

	/** It has waited long enough. */
	private leaveQueue(entry: Waiting): void {
		this.leave(entry.exchange);
		entry.exchange.fail(new UpstreamError('connection_limit_reached', { retryable: true }));
	}

	/** The exchange waits for no connection any more. */
	leave(exchange: ClientExchange): void {
		const at = this.waiting.findIndex((entry) => entry.exchange === exchange);
		if (at < 0) return;
		const [entry] = this.waiting.splice(at, 1);
		wheel.remove((entry as Waiting).timer);
	}

	private nextWaiting(): ClientExchange | null {
		if (this.waiting.length === 0) return null;
		for (;;) {
			const entry = this.waiting.shift();
			if (entry === undefined) return null;
			wheel.remove(entry.timer);
			if (!entry.exchange.isOver) return entry.exchange;
		}
	}

	/** There is room for another connection. */
	private serveNext(): void {
		const exchange = this.nextWaiting();
		if (exchange !== null) this.serveFresh(exchange);
	}

	/** The connection can take another request. */
	release(connection: ClientConnection): void {
		const exchange = this.nextWaiting();
		if (exchange !== null) return connection.send(exchange);
		if (this.closed || this.idle.length >= this.settings.pool.idle) return connection.discard();
		this.idle.push(connection);
		connection.rest();
	}

	/** An idle connection is not to be used any more. */
	forget(connection: ClientConnection): void {
		const at = this.idle.lastIndexOf(connection);
		if (at >= 0) this.idle.splice(at, 1);
	}

	/** The connection is gone. */
	remove(connection: ClientConnection): void {
		this.forget(connection);
		if (this.open.delete(connection)) this.serveNext();
	}

	countFailure(): void {
		this.failed++;
	}

	/** Ends idle connections at once and the others with their exchange. */
	close(): void {
		this.closed = true;
		for (const connection of this.idle.splice(0)) connection.discard();
		for (const { exchange, timer } of this.waiting.splice(0)) {
			wheel.remove(timer);
			exchange.fail(new UpstreamError('destination_unavailable'));
		}
		for (const giveUp of [...this.dialling]) giveUp();
	}

	statistics(): UpstreamStatistics {
		const { requests, dialled, retried, failed } = this;
		return {
			connections: this.open.size,
			idle: this.idle.length,
			queued: this.waiting.length,
			requests,
			dialled,
			retried,
			failed,
		};
	}
}
