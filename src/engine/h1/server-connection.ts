/**
 * One client's connection: bytes from the transport go through the codec and become exchanges, one at a time and in
 * order. What lives here is the order of things: when to read on, when the next request may begin, how it all ends.
 * Answering is in response-writer.ts; what the app sees is exchange.ts; time-outs are in patience.ts.
 */
import { asError, FedSource, type Feeder, type Source, WholeSource } from '../../bytes/index.ts';
import { type Connection, Disconnected, ProtocolError, reasonPhrase } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import {
	H1Connection,
	type H1Events,
	Intake,
	type IntakeOwner,
	latin1,
	type RequestHead,
	type Violation,
} from '../../protocol/h1/index.ts';
import type { Transport, TransportHandler, TunnelOwner } from '../../transport/index.ts';
import { runApp } from '../answer.ts';
import { ConnectionFacts } from '../connection-facts.ts';
import type { ListenedConnection } from '../socket-listener.ts';
import { answerViolation } from './answer-violation.ts';
import { Exchange } from './exchange.ts';
import type { H1Listener } from './listener.ts';
import { Patience } from './patience.ts';
import type { ResponseWriter } from './response-writer.ts';

/** Bodies up to this size that come in one read are handed on as one string. */
const WHOLE = 16_384;
/** Bytes of a body nobody wants that are read for the sake of the next request; beyond, the connection is given up. */
const DISCARD = 262_144;
/** Requests answered in one turn of the loop before others get theirs. */
const REQUESTS_PER_TURN = 32;

export class ServerConnection
	implements TransportHandler, H1Events<RequestHead>, IntakeOwner, Feeder, TunnelOwner, ListenedConnection
{
	readonly listener: H1Listener;
	readonly transport: Transport;
	readonly codec: H1Connection<RequestHead>;
	readonly intake: Intake;
	readonly secure: boolean;
	readonly patience: Patience;
	exchange: Exchange | null = null;
	writer: ResponseWriter | null = null;
	/** The body that is coming in. */
	incoming: FedSource | null = null;
	/** Bytes of the body, or from the client of a tunnel, that have come. */
	bodyBytes = 0;
	/** Nothing is answered any more; what comes is dropped until the client has closed, too (RFC 9112 section 9.6). */
	lingering = false;
	/** The client has sent FIN. */
	clientFinished = false;
	/** A head that was read and not yet dispatched. */
	private nextHead: RequestHead | null = null;
	private whole: string | null = null;
	private headComplete = false;
	/** The trailers of a request that was complete before it was dispatched. */
	private earlyTrailers: FieldList | null = null;
	private violated: Violation | null = null;
	private requests = 0;
	private requestsThisTurn = 0;
	private discarded = 0;
	private continued = false;
	/** The exchange is over, but its last bytes are still on their way. */
	private resting = false;
	private known: ConnectionFacts | null = null;

	/** The address under which the listener counts it; null when it does not count by address. */
	rosterPlace = -1;
	readonly countedAs: string | null;

	constructor(listener: H1Listener, transport: Transport, secure: boolean, countedAs: string | null) {
		this.countedAs = countedAs;
		this.listener = listener;
		this.transport = transport;
		this.secure = secure;
		this.codec = new H1Connection<RequestHead>('server', this, listener.settings.limits);
		this.intake = new Intake(this.codec, transport, this);
		this.patience = new Patience(this, listener.settings.timeouts);
	}

	get facts(): Connection {
		this.known ??= new ConnectionFacts(this.transport, '1.1');
		return this.known;
	}

	/** A request has been read on this connection. */
	get begun(): boolean {
		return this.requests > 0;
	}

	/** The app is waiting for more of the request's body, and so are we. */
	get awaitsBody(): boolean {
		return this.incoming !== null && !this.incoming.untouched && !this.incoming.over && !this.intake.holding;
	}

	/** Nothing is under way: it can be closed without anybody losing anything. */
	get idle(): boolean {
		return this.exchange === null && !this.patience.readingHead && !this.lingering;
	}

	// What the transport reports.

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		if (this.lingering) return this.patience.lingerOn();
		this.requestsThisTurn = 0;
		this.intake.take(bytes, length, durable);
	}

	/** FIN. A client may close its half behind its request and still read the answer. */
	ended(): void {
		this.clientFinished = true;
		if (this.lingering) return;
		const { exchange } = this;
		if (exchange === null || !exchange.requestDone) {
			this.codec.receiveEnd();
			this.intakeStopped();
			if (this.lingering) return;
		}
		if (this.exchange === null) this.close();
		else this.patience.clientFinished(this.exchange);
	}

	drained(): void {
		if (this.resting) this.turnOver();
		else this.writer?.drained();
		this.patience.arm();
	}

	closed(error: Error | null): void {
		this.lingering = true;
		this.intake.stop();
		this.patience.end();
		if (this.exchange !== null) this.abandon(new Disconnected(undefined, { cause: error }));
		this.listener.connectionClosed(this);
	}

	/** We have a fault, or a sink, source or tunnel of the app's has. */
	broken(error: unknown): void {
		const { exchange, listener } = this;
		if (exchange === null) listener.fault(this, error);
		else listener.logFailure(exchange, error);
		this.lose(asError(error));
	}

	// What the codec reports.

	head(head: RequestHead): void {
		this.nextHead = head;
	}

	body(bytes: Uint8Array, start: number, end: number): void {
		this.bodyBytes += end - start;
		if (
			this.incoming === null &&
			this.nextHead !== null &&
			this.nextHead.framing === end - start &&
			end - start <= WHOLE
		) {
			this.whole = latin1(bytes, start, end);
			return;
		}
		this.incoming ??= this.newBody(this.nextHead as RequestHead);
		if (this.incoming.over) return this.discard(end - start);
		try {
			if (!this.incoming.feed(bytes.subarray(start, end), this.intake.durable)) this.intake.hold();
		} catch (error) {
			// Not to be left to whoever has called: that may be the app, by `resume`.
			this.broken(error);
		}
	}

	complete(trailers: FieldList | null): void {
		this.headComplete = true;
		const { exchange, incoming: body } = this;
		if (exchange === null) {
			this.earlyTrailers = trailers;
			return;
		}
		this.patience.requestComplete();
		exchange.requestComplete(trailers);
		body?.finish(trailers);
		// The answer went out before the end of the request.
		if (this.exchange === exchange && exchange.isOver) this.turnOver();
	}

	violation(violation: Violation): void {
		this.violated = violation;
	}

	/** The codec has stopped: act on what it reported. */
	intakeStopped(): void {
		if (this.violated !== null) this.settleViolation(this.violated);
		else if (this.nextHead !== null) this.dispatch(this.nextHead);
		this.patience.arm();
	}

	private settleViolation(violation: Violation): void {
		this.violated = null;
		this.listener.violation(this.facts.id, violation.message);
		this.codec.close();
		this.intake.stop();
		if (this.nextHead !== null) this.dispatch(this.nextHead);
		if (this.exchange === null) return answerViolation(this, violation);
		this.incoming?.fail(new ProtocolError({ side: 'remote', ...violation }));
		// What was being read for the sake of the next request alone will not lead to one.
		if (this.exchange?.isOver) this.close();
	}

	// One exchange after the other.

	private dispatch(head: RequestHead): void {
		this.nextHead = null;
		this.requests++;
		const { listener } = this;
		if (this.requests >= listener.settings.limits.requestsPerConnection) this.codec.close();
		const exchange = new Exchange(this, head, this.payloadOf(head));
		this.exchange = exchange;
		if (this.headComplete) {
			this.patience.requestComplete();
			exchange.requestComplete(this.earlyTrailers);
		}
		listener.exchangeBegun();
		this.patience.exchangeBegun();
		runApp(listener.app, exchange);
	}

	private payloadOf(head: RequestHead): Source | null {
		if (this.whole !== null) return new WholeSource(this.whole);
		if (this.incoming !== null) return this.incoming;
		if (this.headComplete) return this.earlyTrailers === null ? null : new WholeSource('', this.earlyTrailers);
		this.incoming = this.newBody(head);
		return this.incoming;
	}

	private newBody(head: RequestHead): FedSource {
		return new FedSource(head.framing >= 0 ? head.framing : null, this);
	}

	/**
	 * Before the head of a response is made: will the connection outlive it? A streaming response may be about to read the
	 * request; with any other, a body that nobody has asked for by now is not wanted.
	 */
	beforeHead(streams: boolean): void {
		const { exchange, incoming: body } = this;
		if (this.listener.draining) this.codec.close();
		if (exchange === null || exchange.requestDone || body === null) return;
		if (!body.over && (streams || !body.untouched)) return;
		const awaitsContinue = exchange.head.expectsContinue && !this.continued;
		if (awaitsContinue || body.length === null || body.length > DISCARD) this.codec.close();
	}

	inform(status: number, fields: FieldList): void {
		if (status === 100) this.continued = true;
		this.transport.write(this.codec.informational(status, reasonPhrase(status), fields));
	}

	/** The response is out. */
	responseDone(): void {
		const exchange = this.exchange as Exchange;
		exchange.succeed();
		if (exchange.requestDone) return this.turnOver();
		if (this.incoming?.untouched) this.incoming.cancel();
		if (!exchange.requestDone && !this.codec.persistent && (this.incoming === null || this.incoming.over)) this.close();
		this.patience.arm();
	}

	/** The transport has more bytes than the client takes. */
	responseBlocked(): void {
		this.patience.arm();
	}

	/** The response was cut short after its head was out. */
	responseFailed(writer: ResponseWriter, error: unknown): void {
		const exchange = this.exchange as Exchange;
		this.listener.logFailure(exchange, error);
		exchange.abandon(error);
		this.transport.destroy(writer.endsByClose);
	}

	private turnOver(): void {
		this.resting = this.transport.pending;
		if (this.resting) return this.patience.arm();
		this.listener.exchangeEnded();
		this.exchange = null;
		this.writer = null;
		this.incoming = null;
		this.whole = null;
		this.headComplete = false;
		this.earlyTrailers = null;
		this.continued = false;
		this.discarded = 0;
		this.bodyBytes = 0;
		if (!this.codec.reusable || this.clientFinished || this.listener.draining) return this.close();
		this.codec.next();
		this.patience.arm();
		if (++this.requestsThisTurn < REQUESTS_PER_TURN) this.intake.more();
		else setImmediate(() => this.goOn());
	}

	/** Others have had their turn. A request that has come meanwhile goes its own way: its body may be held. */
	private goOn(): void {
		this.requestsThisTurn = 0;
		if (this.exchange === null) this.intake.more();
	}

	// What the consumer of the request's body wants.

	feedStarted(): void {
		const { exchange } = this;
		if (exchange === null || exchange.requestDone || exchange.answered) return;
		if (exchange.head.expectsContinue && !this.continued) this.inform(100, FieldList.empty());
	}

	feedMore(): void {
		this.intake.more();
		this.patience.arm();
	}

	feedCancelled(): void {
		this.intake.more();
	}

	private discard(length: number): void {
		this.discarded += length;
		if (this.discarded <= DISCARD) return;
		this.codec.close();
		if (this.exchange === null || this.exchange.isOver) this.close();
		else this.intake.hold();
	}

	// How it ends.

	/** Tells everybody who has to do with the exchange under way that it is off. */
	abandon(cause: Error): void {
		const { exchange, writer, incoming: body } = this;
		if (exchange === null) return;
		this.exchange = null;
		this.listener.exchangeEnded();
		this.listener.attempt(exchange, () => writer?.abandon(cause));
		this.listener.attempt(exchange, () => body?.fail(cause));
		exchange.abandon(cause);
	}

	/** The client has gone, or is given up on. */
	lose(cause: Error): void {
		this.abandon(cause);
		this.transport.destroy(true);
	}

	/** At once where nothing is under way, else with the answer. */
	drain(): void {
		if (this.idle) this.close();
		else this.codec.close();
	}

	destroy(): void {
		this.transport.destroy();
	}

	/** Everything written goes out, then FIN; what still comes is read and dropped, so that no RST loses our answer. */
	close(): void {
		if (this.lingering) return;
		this.lingering = true;
		this.intake.stop();
		this.transport.resume();
		this.transport.end();
		this.patience.linger();
	}

	tunnelClosed(sent: number, received: number, error: Error | null): void {
		const { exchange } = this;
		this.exchange = null;
		if (exchange !== null) {
			this.listener.exchangeEnded();
			exchange.bytes = sent;
			this.bodyBytes = received;
			if (error === null) exchange.succeed();
			else exchange.abandon(error);
		}
		this.patience.end();
		this.listener.connectionClosed(this);
	}
}
