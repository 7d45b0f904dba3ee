/**
 * One connection to an upstream: requests go out one at a time, and what comes back goes through the codec. What lives
 * here is the order of things: when a response is handed on, when the connection is free again, how it is given up.
 */
import { FedSource, type Feeder, join, type Source, WholeSource } from '../bytes/index.ts';
import { Disconnected, UpstreamError } from '../convention/index.ts';
import { deleteNominated, type FieldList, HOP_BY_HOP, listOf, tags } from '../fields/index.ts';
import {
	DONE,
	H1Connection,
	type H1Events,
	Intake,
	type IntakeOwner,
	isBodiless,
	latin1,
	type ResponseHead,
	type Violation,
} from '../protocol/h1/index.ts';
import {
	Timer,
	type TimerOwner,
	type Transport,
	type TransportHandler,
	TransportTunnel,
	type TunnelOwner,
	wheel,
} from '../transport/index.ts';
import type { Carrier, ClientExchange } from './client-exchange.ts';
import { lostError } from './dial-error.ts';
import type { Pool } from './pool.ts';
import { RequestWriter } from './request-writer.ts';
import { cutBy, tunnelError } from './tunnel-end.ts';
import { violationError } from './violation-error.ts';

/** Bodies up to this size that come in one read with their head are handed on as one string. */
const WHOLE = 16_384;

export class ClientConnection
	implements Carrier, TransportHandler, H1Events<ResponseHead>, IntakeOwner, Feeder, TimerOwner, TunnelOwner
{
	rosterPlace = -1;
	readonly version = '1.1';
	readonly transport: Transport;
	readonly codec: H1Connection<ResponseHead>;
	exchange: ClientExchange | null = null;
	private readonly pool: Pool;
	private readonly intake: Intake;
	private readonly timer: Timer = new Timer(this);
	private writer: RequestWriter | null = null;
	private incoming: FedSource | null = null;
	private nextHead: ResponseHead | null = null;
	private whole: string | null = null;
	private finished = false;
	/** The trailers of a response that was complete before it was handed on. */
	private earlyTrailers: FieldList | null = null;
	private violated: Violation | null = null;
	/** The connection belongs to a tunnel. */
	private tunnelling = false;
	private uses = 0;
	private keepAlive: number;

	constructor(pool: Pool, transport: Transport) {
		this.pool = pool;
		this.transport = transport;
		const { limits, leniencies, timeouts } = pool.settings;
		this.keepAlive = timeouts.keepAlive;
		this.codec = new H1Connection<ResponseHead>('client', this, limits, leniencies);
		this.intake = new Intake(this.codec, transport, this);
	}

	/** For Host, when the request has none. */
	get authority(): string {
		return this.pool.origin.authority;
	}

	send(exchange: ClientExchange): void {
		this.exchange = exchange;
		exchange.takenBy(this);
		this.uses++;
		this.writer = new RequestWriter(this, exchange);
		try {
			this.writer.begin();
		} catch (error) {
			this.giveUp(new UpstreamError('http_request_error', { phase: 'send', cause: error }));
			return;
		}
		if (this.writer.awaitsContinue) this.wait(this.continuePatience);
		else this.requestMoved();
	}

	// What the transport reports.

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		const { exchange } = this;
		// RFC 9112 section 9.2: nobody asked for these bytes, so they must not become the answer to the next request.
		if (exchange === null) return this.discard();
		exchange.answered = true;
		this.intake.take(bytes, length, durable);
	}

	ended(): void {
		if (this.exchange === null) return this.discard();
		this.codec.receiveEnd();
		this.intakeStopped();
		if (this.exchange !== null && this.incoming === null) this.transport.destroy();
	}

	drained(): void {
		if (this.exchange === null) return;
		this.requestMoved();
		this.writer?.drained();
	}

	/** The upstream takes no more of the request. What it answers may have come all the same (RFC 9112 section 9.5). */
	unwritable(error: Error): boolean {
		if (this.exchange === null || this.tunnelling) return false;
		this.codec.close();
		this.writer?.abandon(error);
		return true;
	}

	closed(error: Error | null): void {
		wheel.remove(this.timer);
		this.intake.stop();
		this.pool.remove(this);
		const { exchange, incoming } = this;
		if (exchange === null) return;
		this.exchange = null;
		this.writer?.abandon(error);
		if (incoming !== null) exchange.ended();
		if (incoming !== null) incoming.fail(new UpstreamError('http_response_incomplete', { cause: error }));
		exchange.lostConnection(this.uses > 1, lostError(error));
	}

	/** We have a fault, or a sink or source of somebody's has. */
	broken(error: unknown): void {
		this.giveUp(new UpstreamError('proxy_internal_error', { cause: error }));
	}

	// What the codec reports.

	head(head: ResponseHead): void {
		if (head.status < 200 && head.status !== 101) return this.interim(head);
		this.nextHead = head;
		// A large body goes from the buffer that was read straight to who takes it, if that is there as soon as the head is.
		if (head.framing > WHOLE && this.exchange !== null && !isBodiless(head.status, this.exchange.request.method))
			this.intake.hold();
	}

	body(bytes: Uint8Array, start: number, end: number): void {
		const head = this.nextHead;
		if (head !== null && this.incoming === null && head.framing === end - start && end - start <= WHOLE) {
			this.whole = latin1(bytes, start, end);
			return;
		}
		this.incoming ??= new FedSource(head !== null && head.framing >= 0 ? head.framing : null, this);
		if (!this.incoming.feed(bytes.subarray(start, end), this.intake.durable)) this.intake.hold();
	}

	complete(trailers: FieldList | null): void {
		this.finished = true;
		this.earlyTrailers = trailers;
		this.exchange?.ended();
		this.incoming?.finish(trailers);
	}

	violation(violation: Violation): void {
		this.violated = violation;
	}

	/** The codec has stopped: act on what it reported. */
	intakeStopped(): void {
		const { exchange, violated, nextHead } = this;
		if (exchange === null) return;
		if (nextHead !== null && (violated === null || this.incoming !== null)) this.handOn(exchange, nextHead);
		if (this.tunnelling || this.exchange !== exchange) return;
		if (violated !== null) this.giveUp(violationError(violated));
		else if (this.finished) this.turnOver();
		else if (this.incoming !== null && this.intake.holding) this.wait(0);
		else if (this.incoming !== null) this.wait(this.pool.settings.timeouts.idle);
	}

	/** RFC 9110 section 15.2: every 1xx is passed on, but the 100 that we asked for ourselves. */
	private interim(head: ResponseHead): void {
		const { exchange, writer } = this;
		if (exchange === null || writer === null) return;
		if (head.status === 100 && exchange.fields.hasTagged(tags.expect)) {
			writer.goOn();
			this.requestMoved();
			return;
		}
		deleteNominated(head.fields);
		head.fields.deleteFlagged(HOP_BY_HOP);
		exchange.context.inform(head.status, head.fields);
	}

	private handOn(exchange: ClientExchange, head: ResponseHead): void {
		this.nextHead = null;
		if (this.writer?.awaitsContinue) this.writer.abandon();
		if (head.status === 101 || (exchange.request.method === 'CONNECT' && head.status < 300)) {
			this.openTunnel(exchange, head);
			return;
		}
		if (head.fields.hasTagged(tags['keep-alive'])) this.noteKeepAlive(head.fields);
		const payload = this.payload(head);
		if (this.incoming !== null) exchange.context.onFinished(exchange);
		// Whoever is told may ask for the next response at once: by then the connection can serve.
		else if (this.finished && this.violated === null) this.turnOver();
		exchange.respond(head, payload);
	}

	private payload(head: ResponseHead): Source | null {
		if (this.whole !== null) return new WholeSource(this.whole);
		if (this.finished && this.incoming === null) {
			return this.earlyTrailers === null ? null : new WholeSource('', this.earlyTrailers);
		}
		this.incoming ??= new FedSource(head.framing >= 0 ? head.framing : null, this);
		return this.incoming;
	}

	private openTunnel(exchange: ClientExchange, head: ResponseHead): void {
		// RFC 9110 section 7.8: only what was offered, and not before the request has been read.
		if (this.codec.outgoing !== DONE || (head.status === 101 && !isOffered(exchange.fields, head.fields))) {
			this.giveUp(new UpstreamError('http_upgrade_failed'));
			return;
		}
		const { tunnelIdle, tunnelTotal } = this.pool.settings.timeouts;
		this.codec.switchProtocols();
		this.tunnelling = true;
		wheel.remove(this.timer);
		this.intake.detach((early) => {
			const patience = { idle: tunnelIdle, total: tunnelTotal };
			const tunnel = new TransportTunnel(this.transport, early, this, patience, tunnelError);
			// Whatever became of the response, the upstream's half never outlives the exchange.
			exchange.context.onFinished({ exchangeFinished: (outcome) => tunnel.destroy(cutBy(outcome)) });
			exchange.ended();
			exchange.respond(head, null, (client) => join(client, tunnel));
		});
	}

	tunnelClosed(): void {
		this.exchange = null;
		this.pool.remove(this);
	}

	/** `Keep-Alive: timeout=5` from the upstream: it will close by then, so we stop using the connection before. */
	private noteKeepAlive(fields: FieldList): void {
		const seconds = /\btimeout=(\d{1,6})\b/i.exec(fields.getTagged(tags['keep-alive']) ?? '')?.[1];
		if (seconds === undefined) return;
		const milliseconds = Math.max(1, Number(seconds) * 1000 - 500);
		this.keepAlive = Math.min(this.pool.settings.timeouts.keepAlive || milliseconds, milliseconds);
	}

	/** The response is complete: the connection is free again, or done with. */
	private turnOver(): void {
		const { writer } = this;
		this.exchange = null;
		writer?.abandon();
		this.writer = null;
		this.incoming = null;
		this.whole = null;
		this.finished = false;
		wheel.clear(this.timer);
		if (!this.codec.reusable || this.intake.waiting) return this.discard();
		this.codec.next();
		this.pool.release(this);
	}

	// What the request's writer reports.

	/** The upstream's time runs while it has something to do: bytes to take, or an answer to make. The client's is not ours. */
	requestMoved(): void {
		const { exchange, writer } = this;
		if (exchange === null || exchange.isOver || writer === null) return;
		if (writer.done || this.transport.pending) this.wait(this.pool.settings.timeouts.firstByte);
		else wheel.set(this.timer, 0, exchange.whole);
	}

	/** The client's body was cut short: the upstream must not take it for complete. */
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

	/** Idle in the pool: to be closed by us before the upstream does. */
	rest(): void {
		wheel.set(this.timer, this.keepAlive);
	}

	timedOut(): void {
		const { writer, exchange } = this;
		if (exchange === null) return this.discard();
		if (writer?.awaitsContinue && this.pool.settings.timeouts.continue > 0) {
			writer.goOn();
			return this.requestMoved();
		}
		this.giveUp(new UpstreamError(this.incoming === null ? 'http_response_timeout' : 'connection_read_timeout'));
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

	/** Drops the exchange under way, in a way that the upstream notices; whoever reads the response is told why. */
	abort(reason: Error): void {
		const { incoming } = this;
		this.exchange?.ended();
		this.exchange = null;
		this.intake.stop();
		this.writer?.abandon(reason);
		this.transport.destroy(true);
		incoming?.fail(reason);
	}

	/** The upstream has failed us. */
	private giveUp(error: UpstreamError): void {
		const { exchange } = this;
		this.abort(error);
		exchange?.fail(error);
	}

	private wait(milliseconds: number): void {
		if (this.exchange !== null) wheel.set(this.timer, milliseconds, this.exchange.deadline);
	}

	private get continuePatience(): number {
		const { timeouts } = this.pool.settings;
		return timeouts.continue > 0 ? timeouts.continue : timeouts.firstByte;
	}
}

/** RFC 9110 section 7.8: a server may switch only to what the client offered. */
function isOffered(request: FieldList, response: FieldList): boolean {
	const offers = listOf((request.getTagged(tags.upgrade) ?? '').toLowerCase());
	return listOf((response.getTagged(tags.upgrade) ?? '').toLowerCase()).every((token) => offers.includes(token));
}
