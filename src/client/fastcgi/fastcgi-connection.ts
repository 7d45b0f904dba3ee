/**
 * One connection to an application: requests go out one at a time, and what comes back goes through the codec. What lives
 * here is the order of things: when a response is handed on, when the connection is free again, how it is given up.
 */
import { FedSource, type Feeder, latin1Bytes, type Source, WholeSource } from '../../bytes/index.ts';
import { Disconnected, UpstreamError } from '../../convention/index.ts';
import {
	ABORT,
	type CgiHead,
	FastCgiConnection as Codec,
	type FastCgiEvents,
	type Violation,
} from '../../protocol/fastcgi/index.ts';
import { Intake, type IntakeOwner, isBodiless, latin1 } from '../../protocol/h1/index.ts';
import { Timer, type TimerOwner, type Transport, type TransportHandler, wheel } from '../../transport/index.ts';
import { lostError } from '../dial-error.ts';
import type { FastCgiExchange } from './fastcgi-exchange.ts';
import type { FastCgiPool } from './fastcgi-pool.ts';
import { StdinWriter } from './stdin-writer.ts';
import { violationError } from './violation-error.ts';

/** Bodies up to this size that are complete in the read in which their head was are handed on as one string. */
const WHOLE = 16_384;

export class FastCgiConnection implements TransportHandler, FastCgiEvents, IntakeOwner, Feeder, TimerOwner {
	rosterPlace = -1;
	readonly transport: Transport;
	exchange: FastCgiExchange | null = null;
	private readonly codec: Codec;
	private readonly pool: FastCgiPool;
	private readonly intake: Intake;
	private readonly timer: Timer = new Timer(this);
	private writer: StdinWriter | null = null;
	private incoming: FedSource | null = null;
	/** The head, until it is handed on, and what of the body came with it. */
	private nextHead: CgiHead | null = null;
	private early = '';
	private length = -1;
	private handedOn = false;
	private finished = false;
	private violated: Violation | null = null;
	private uses = 0;
	/** Nobody may have accepted us yet. */
	private unaccepted = false;

	constructor(pool: FastCgiPool, transport: Transport) {
		this.pool = pool;
		this.transport = transport;
		this.codec = new Codec(this, pool.settings.limits);
		this.intake = new Intake(this.codec, transport, this);
	}

	send(exchange: FastCgiExchange): void {
		this.exchange = exchange;
		exchange.connection = this;
		if (this.uses++ === 0) {
			this.unaccepted = true;
			this.pool.countUnaccepted(1);
		}
		this.codec.begin(exchange.method);
		this.writer = new StdinWriter(this, exchange);
		try {
			this.writer.begin(this.pool.settings.pool.idle > 0);
		} catch (error) {
			this.giveUp(new UpstreamError('http_request_error', { phase: 'send', cause: error }));
			return;
		}
		this.requestMoved();
	}

	// What the transport reports.

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		const { exchange } = this;
		// Nobody asked for these bytes, so they must not become the answer to the next request.
		if (exchange === null) return this.discard();
		this.accepted();
		exchange.answered = true;
		this.intake.take(bytes, length, durable);
	}

	ended(): void {
		const { exchange } = this;
		if (exchange === null) return this.discard();
		if (!exchange.answered) return this.transport.destroy();
		this.codec.receiveEnd();
		this.intakeStopped();
	}

	drained(): void {
		if (this.exchange === null) return;
		this.requestMoved();
		this.writer?.drained();
	}

	closed(error: Error | null): void {
		wheel.remove(this.timer);
		this.intake.stop();
		this.accepted();
		this.pool.remove(this);
		const { exchange, incoming } = this;
		if (exchange === null) return;
		this.exchange = null;
		this.writer?.abandon(error);
		exchange.ended();
		incoming?.fail(new UpstreamError('http_response_incomplete', { cause: error }));
		exchange.lostConnection(this.uses > 1, lostError(error));
	}

	/** We have a fault, or a sink or source of somebody's has. */
	broken(error: unknown): void {
		this.giveUp(new UpstreamError('proxy_internal_error', { cause: error }));
	}

	// What the codec reports.

	head(head: CgiHead): void {
		this.nextHead = head;
		this.length = head.length;
	}

	body(bytes: Uint8Array, start: number, end: number): void {
		if (this.incoming === null && this.early.length + end - start <= WHOLE) this.early += latin1(bytes, start, end);
		else if (!this.stream().feed(bytes.subarray(start, end), this.intake.durable)) this.intake.hold();
	}

	stderr(bytes: Uint8Array, start: number, end: number): void {
		this.exchange?.noteStderr(latin1(bytes, start, end));
	}

	complete(excess: boolean): void {
		this.finished = true;
		if (excess) this.exchange?.noteExcess();
		this.exchange?.ended();
		this.incoming?.finish(null);
	}

	violation(violation: Violation): void {
		// What is written behind the end of a response takes nothing from it: the connection alone is spoilt.
		if (!this.finished) this.violated = violation;
	}

	/** The codec has stopped: act on what it reported. */
	intakeStopped(): void {
		const { exchange, violated, nextHead } = this;
		if (exchange === null) return;
		if (nextHead !== null && this.isDue(nextHead)) this.handOn(exchange, nextHead);
		if (this.exchange !== exchange) return;
		if (violated !== null) this.giveUp(violationError(violated));
		else if (this.finished) this.turnOver();
		else if (this.incoming !== null && this.intake.holding) this.wait(0);
		else if (this.handedOn) this.wait(this.pool.settings.timeouts.idle);
	}

	/** A head is handed on as soon as it is there, unless it is known by then that what follows it is broken; a redirect once the request is over. */
	private isDue(head: CgiHead): boolean {
		return (this.violated === null || this.incoming !== null) && (head.redirect === null || this.finished);
	}

	private handOn(exchange: FastCgiExchange, head: CgiHead): void {
		this.nextHead = null;
		this.handedOn = true;
		const payload = this.payload(exchange, head);
		if (this.incoming !== null) exchange.asked.context.onFinished(exchange);
		// Whoever is told may ask for the next response at once: by then the connection can serve.
		else if (this.finished && this.violated === null) this.turnOver();
		exchange.respond(head, payload);
	}

	private payload(exchange: FastCgiExchange, { status, redirect }: CgiHead): Source | null {
		if (status === 204 || redirect !== null || isBodiless(status, exchange.method)) return null;
		if (!this.finished || this.incoming !== null) return this.stream();
		return this.early === '' ? null : new WholeSource(this.early);
	}

	/** The body as a stream, with what of it was kept so far. */
	private stream(): FedSource {
		if (this.incoming !== null) return this.incoming;
		this.incoming = new FedSource(this.length >= 0 ? this.length : null, this);
		if (this.early !== '' && !this.incoming.feed(latin1Bytes(this.early), true)) this.intake.hold();
		this.early = '';
		return this.incoming;
	}

	/** The response is complete: the connection is free again, or done with. */
	private turnOver(): void {
		const { writer } = this;
		const whole = writer === null || writer.done;
		this.exchange = null;
		writer?.abandon();
		this.writer = null;
		this.incoming = null;
		this.early = '';
		this.handedOn = this.finished = false;
		wheel.clear(this.timer);
		// A body that was not sent to its end would be taken for the next request.
		if (!whole || !this.codec.reusable || this.intake.waiting || this.transport.pending) return this.discard();
		this.pool.release(this);
	}

	// What the request's writer reports.

	/** The application's time runs while it has something to do: bytes to take, or an answer to make. The client's is not ours. */
	requestMoved(): void {
		const { exchange, writer } = this;
		if (exchange === null || exchange.isOver || writer === null) return;
		this.wait(writer.done || this.transport.pending ? this.pool.settings.timeouts.firstByte : 0);
	}

	/** The client's body was cut short: the application must not take it for complete. */
	bodyFailed(reason: Error): void {
		const { exchange } = this;
		this.abort(reason);
		exchange?.exchangeClosed(reason);
	}

	// What the consumer of the response's body wants.

	feedStarted(): void {}

	feedMore(): void {
		this.wait(this.pool.settings.timeouts.idle);
		this.intake.more();
	}

	feedCancelled(reason: unknown): void {
		this.abort(reason instanceof Error ? reason : new Disconnected());
	}

	// How it ends.

	/** Idle in the pool: closed after a while, so that the child is free for others. */
	rest(): void {
		wheel.set(this.timer, this.pool.settings.timeouts.keepAlive);
	}

	timedOut(): void {
		if (this.exchange === null) return this.discard();
		this.giveUp(new UpstreamError(this.handedOn ? 'connection_read_timeout' : 'http_response_timeout'));
	}

	/** Nobody needs this connection any more. */
	discard(): void {
		this.pool.forget(this);
		this.intake.stop();
		this.transport.destroy();
	}

	/** The exchange is over: what nobody has begun to read by now, nobody will. */
	dropUnread(): void {
		if (this.incoming?.untouched) this.incoming.cancel();
	}

	/** Drops the exchange under way, in a way that the application notices; whoever reads the response is told why. */
	abort(reason: Error): void {
		const { incoming, exchange } = this;
		this.exchange = null;
		this.intake.stop();
		this.writer?.abandon(reason);
		exchange?.ended();
		this.transport.write(ABORT);
		this.transport.destroy();
		incoming?.fail(reason);
	}

	/** The application has failed us. */
	private giveUp(error: UpstreamError): void {
		const { exchange } = this;
		this.abort(error);
		exchange?.fail(error);
	}

	private accepted(): void {
		if (!this.unaccepted) return;
		this.unaccepted = false;
		this.pool.countUnaccepted(-1);
	}

	private wait(milliseconds: number): void {
		if (this.exchange !== null) wheel.set(this.timer, milliseconds, this.exchange.deadline);
	}
}
