/**
 * Connections to one place, whatever is spoken on them: idle ones are used again, the youngest first; new ones up to a
 * limit; then a queue. What a connection is made of, and what is left of it to keep, is for those who extend it.
 */
import type { Socket } from 'node:net';
import { UpstreamError } from '../convention/index.ts';
import { type Member, Roster, Timer, type Transport, type TransportHandler, wheel } from '../transport/index.ts';
import { NOBODY, SocketTransport } from '../transport/node/index.ts';
import { type Dialler, dial } from './dial.ts';
import type { IdleShare } from './idle-share.ts';
import type { PoolLimits } from './options.ts';
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

/** What is done on a connection, one at a time. */
export interface PooledExchange {
	/** When all of it must be over, by the wheel's count; 0 is never. */
	readonly deadline: number;
	/** It needs no connection any more. */
	readonly isOver: boolean;
	fail(error: UpstreamError): void;
}

export interface PooledConnection<Exchange> extends TransportHandler, Member {
	send(exchange: Exchange): void;
	/** Idle from now on. */
	rest(): void;
	/** Nobody needs it any more. */
	discard(): void;
}

/** How many connections there are and how long one is waited for. */
export interface PoolSettings {
	readonly pool: Omit<PoolLimits, 'streams'>;
	readonly timeouts: { readonly connect: number };
}

interface Waiting<Exchange> {
	readonly exchange: Exchange;
	readonly timer: Timer;
}

export abstract class ConnectionPool<Connection extends PooledConnection<Exchange>, Exchange extends PooledExchange> {
	readonly origin: Origin;
	abstract readonly settings: PoolSettings;
	protected readonly dialler: Dialler;
	private readonly share: IdleShare | null;
	protected readonly idle: Connection[] = [];
	private readonly open: Roster<Connection> = new Roster();
	private readonly dialling: Set<() => void> = new Set();
	private readonly waiting: Waiting<Exchange>[] = [];
	private closed = false;
	private requests = 0;
	private dialled = 0;
	private retried = 0;
	private failed = 0;

	/** `share` is of this pool's idle connections and those of others; null where nobody else has any. */
	constructor(origin: Origin, dialler: Dialler, share: IdleShare | null = null) {
		this.origin = origin;
		this.dialler = dialler;
		this.share = share;
	}

	/** A connection over a transport that has just been dialled. */
	protected abstract connectionOver(transport: Transport): Connection;

	/** How the connection for an exchange is made. */
	protected diallerFor(_exchange: Exchange): Dialler {
		return this.dialler;
	}

	/** Gives the exchange a connection, at once or later, or fails it. */
	serve(exchange: Exchange): void {
		this.requests++;
		const connection = this.idle.pop();
		if (connection === undefined) return this.serveFresh(exchange);
		this.share?.giveBack();
		connection.send(exchange);
	}

	/** The same on a connection that nobody has used before: for a request that died with an old one. */
	retry(exchange: Exchange): void {
		this.retried++;
		this.serveFresh(exchange);
	}

	private serveFresh(exchange: Exchange): void {
		if (this.closed) return exchange.fail(new UpstreamError('destination_unavailable', { retryable: true }));
		if (this.open.size + this.dialling.size < this.settings.pool.connections) this.dialFor(exchange);
		else this.queue(exchange);
	}

	private dialFor(exchange: Exchange): void {
		let giveUp: (() => void) | null = null;
		let settledAtOnce = false;
		const time = { patience: this.settings.timeouts.connect, latest: exchange.deadline };
		giveUp = dial(this.diallerFor(exchange), time, (error, socket) => {
			settledAtOnce = true;
			if (giveUp !== null) this.dialling.delete(giveUp);
			if (socket === null) {
				exchange.fail(error as UpstreamError);
				this.serveNext();
				return;
			}
			this.dialled++;
			// Bytes behind the answer of a parent: nobody has asked the origin for anything yet.
			if (socket.readableLength > 0) {
				socket.destroy();
				exchange.fail(new UpstreamError('http_protocol_error', { details: 'UNEXPECTED_BYTES' }));
				return this.serveNext();
			}
			this.carry(socket, exchange);
		});
		if (!settledAtOnce) this.dialling.add(giveUp);
	}

	private carry(socket: Socket, exchange: Exchange): void {
		const transport = new SocketTransport(socket, NOBODY);
		const connection = this.connectionOver(transport);
		transport.handler = connection;
		this.open.add(connection);
		transport.listen();
		if (exchange.isOver) this.release(connection);
		else connection.send(exchange);
	}

	/** Serves the exchange on a socket that somebody else has connected, which belongs to this pool from now on. */
	serveOver(socket: Socket, exchange: Exchange): void {
		this.requests++;
		this.dialled++;
		this.carry(socket, exchange);
	}

	private queue(exchange: Exchange): void {
		const { queue, queueTimeout } = this.settings.pool;
		if (this.waiting.length >= queue) {
			exchange.fail(new UpstreamError('connection_limit_reached', { retryable: true }));
			return;
		}
		const entry: Waiting<Exchange> = { exchange, timer: new Timer({ timedOut: () => this.leaveQueue(entry) }) };
		wheel.set(entry.timer, queueTimeout, exchange.deadline);
		this.waiting.push(entry);
	}

	/** It has waited long enough. */
	private leaveQueue(entry: Waiting<Exchange>): void {
		this.leave(entry.exchange);
		entry.exchange.fail(new UpstreamError('connection_limit_reached', { retryable: true }));
	}

	/** The exchange waits for no connection any more. */
	leave(exchange: Exchange): void {
		const at = this.waiting.findIndex((entry) => entry.exchange === exchange);
		if (at < 0) return;
		const [entry] = this.waiting.splice(at, 1);
		wheel.remove((entry as Waiting<Exchange>).timer);
	}

	private nextWaiting(): Exchange | null {
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
	release(connection: Connection): void {
		const exchange = this.nextWaiting();
		if (exchange !== null) return connection.send(exchange);
		if (this.closed || this.idle.length >= this.settings.pool.idle) return connection.discard();
		if (this.share?.take() === false) return connection.discard();
		this.idle.push(connection);
		connection.rest();
	}

	/** An idle connection is not to be used any more. */
	forget(connection: Connection): void {
		const at = this.idle.lastIndexOf(connection);
		if (at < 0) return;
		this.idle.splice(at, 1);
		this.share?.giveBack();
	}

	/** The connection is gone. */
	remove(connection: Connection): void {
		this.forget(connection);
		if (this.open.delete(connection)) this.serveNext();
	}

	countFailure(): void {
		this.failed++;
	}

	/** Ends idle connections at once and the others with their exchange. */
	close(): void {
		this.closed = true;
		for (const connection of this.idle.splice(0)) {
			this.share?.giveBack();
			connection.discard();
		}
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
