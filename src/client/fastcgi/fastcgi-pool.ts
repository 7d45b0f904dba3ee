/**
 * The connections to one application, as the pool of upstreams keeps them: idle ones are used again, the youngest first;
 * new ones up to a limit; then a queue. One thing is different. A php-fpm child serves the connection that it has
 * accepted and no other until that is closed: an idle connection is an idle child. So when one of our requests has waited
 * at the socket for a while, connections are given up instead of kept, and the children that become free take those that wait.
 */
import { UpstreamError } from '../../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { NOBODY, SocketTransport } from '../../transport/node/index.ts';
import { type Dialler, dial, diallerOf } from '../dial.ts';
import type { Origin } from '../origin.ts';
import type { UpstreamStatistics } from '../pool.ts';
import { FastCgiConnection } from './fastcgi-connection.ts';
import type { FastCgiExchange } from './fastcgi-exchange.ts';
import type { FastCgiSettings } from './options.ts';
import { ParamsWriter } from './params.ts';
import { StderrLog } from './stderr-log.ts';

interface Waiting {
	readonly exchange: FastCgiExchange;
	readonly timer: Timer;
}

/** Milliseconds without an answer after which a new connection is taken for one that nobody has accepted. */
const ACCEPTED = 100;

export class FastCgiPool implements TimerOwner {
	readonly origin: Origin;
	readonly settings: FastCgiSettings;
	readonly params: ParamsWriter;
	readonly log: StderrLog;
	private readonly dialler: Dialler;
	private readonly idle: FastCgiConnection[] = [];
	private readonly open: Set<FastCgiConnection> = new Set();
	private readonly dialling: Set<() => void> = new Set();
	private readonly waiting: Waiting[] = [];
	/** Connections on which nothing has come back yet: nobody may have accepted them. */
	private unaccepted = 0;
	/** They wait for a child to become free. */
	private crowded = false;
	private readonly timer: Timer = new Timer(this);
	private closed = false;
	private requests = 0;
	private dialled = 0;
	private retried = 0;
	private failed = 0;

	constructor(origin: Origin, settings: FastCgiSettings) {
		this.origin = origin;
		this.settings = settings;
		this.params = new ParamsWriter(settings);
		this.log = new StderrLog(origin.name, settings.log);
		this.dialler = diallerOf(origin, {}, { guard: null, resolve: null });
	}

	/** Gives the exchange a connection, at once or later, or fails it. */
	serve(exchange: FastCgiExchange): void {
		this.requests++;
		const connection = this.idle.pop();
		if (connection !== undefined) connection.send(exchange);
		else this.serveFresh(exchange);
	}

	/** The same on a connection that nobody has used before: for a request that died with an old one. */
	retry(exchange: FastCgiExchange): void {
		this.retried++;
		this.serveFresh(exchange);
	}

	private serveFresh(exchange: FastCgiExchange): void {
		if (this.closed) return exchange.fail(new UpstreamError('destination_unavailable', { retryable: true }));
		if (this.open.size + this.dialling.size < this.settings.pool.connections) this.dialFor(exchange);
		else this.queue(exchange);
	}

	private dialFor(exchange: FastCgiExchange): void {
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
			const connection = new FastCgiConnection(this, transport);
			transport.handler = connection;
			this.open.add(connection);
			transport.listen();
			if (exchange.isOver) this.release(connection);
			else connection.send(exchange);
		});
		if (!settledAtOnce) this.dialling.add(giveUp);
	}

	private queue(exchange: FastCgiExchange): void {
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
	leave(exchange: FastCgiExchange): void {
		const at = this.waiting.findIndex((entry) => entry.exchange === exchange);
		if (at < 0) return;
		const [entry] = this.waiting.splice(at, 1);
		wheel.remove((entry as Waiting).timer);
	}

	private nextWaiting(): FastCgiExchange | null {
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

	/** The first request on a new connection went out, or it is known to have been accepted, or is gone. */
	countUnaccepted(by: 1 | -1): void {
		this.unaccepted += by;
		if (by < 0) this.crowded = false;
		if (this.unaccepted === 0) wheel.clear(this.timer);
		else if (by < 0 || this.unaccepted === 1) wheel.set(this.timer, ACCEPTED);
	}

	/** The children that we keep from their work are wanted. */
	timedOut(): void {
		this.crowded = true;
		for (const connection of this.idle.splice(0, this.unaccepted)) connection.discard();
	}

	/** The connection can take another request. */
	release(connection: FastCgiConnection): void {
		if (this.crowded) return connection.discard();
		const exchange = this.nextWaiting();
		if (exchange !== null) return connection.send(exchange);
		if (this.closed || this.idle.length >= this.settings.pool.idle) return connection.discard();
		this.idle.push(connection);
		connection.rest();
	}

	/** An idle connection is not to be used any more. */
	forget(connection: FastCgiConnection): void {
		const at = this.idle.lastIndexOf(connection);
		if (at >= 0) this.idle.splice(at, 1);
	}

	/** The connection is gone. */
	remove(connection: FastCgiConnection): void {
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
