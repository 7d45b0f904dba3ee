/** One client's connection in SOCKS: a handshake, one exchange, and then a tunnel or the end. */
import { asError } from '../../bytes/index.ts';
import { type Connection, Disconnected, HttpError, type RawResponse } from '../../convention/index.ts';
import { type SocksReply, type SocksRequest, SocksServer, socksReply } from '../../protocol/socks/index.ts';
import {
	Timer,
	type TimerOwner,
	type Transport,
	TransportTunnel,
	type TunnelOwner,
	wheel,
} from '../../transport/index.ts';
import type { SpokenConnection } from '../also-spoken.ts';
import { answerError, runApp } from '../answer.ts';
import { ConnectionFacts } from '../connection-facts.ts';
import type { ListenedConnection, SocketListener } from '../socket-listener.ts';
import { SocksExchange } from './socks-exchange.ts';

/** Milliseconds that a refused client has for reading why. RFC 1928 section 6: at most 10 seconds. */
const LINGER = 5_000;
/** A FIN this soon behind the request is a client that closes its half; later, one that has left. */
const SAME_BURST = 100;

export class SocksConnection implements SpokenConnection, TimerOwner, TunnelOwner {
	rosterPlace = -1;
	readonly countedAs: string | null;
	readonly listener: SocketListener<ListenedConnection>;
	/** Bytes that have come through the tunnel. */
	tunnelled = 0;
	private readonly transport: Transport;
	private readonly handshake: SocksServer = new SocksServer();
	private readonly timer: Timer = new Timer(this);
	private exchange: SocksExchange | null = null;
	/** Nothing is answered any more; what comes is dropped until the client has closed, too. */
	private lingering = false;
	/** When the request was complete. */
	private asked = 0;
	/** The client has sent FIN. */
	private clientFinished = false;
	/** What has come behind the request while that is being answered. */
	private early: Uint8Array | null = null;
	private known: Connection | null = null;

	constructor(listener: SocketListener<ListenedConnection>, transport: Transport, countedAs: string | null) {
		this.listener = listener;
		this.transport = transport;
		this.countedAs = countedAs;
		wheel.set(this.timer, listener.timeouts.header);
	}

	get facts(): Connection {
		this.known ??= new ConnectionFacts(this.transport, 'socks5');
		return this.known;
	}

	// What the transport reports.

	received(bytes: Uint8Array, length: number): void {
		if (this.lingering) return;
		if (this.exchange !== null) return this.keep(bytes.subarray(0, length));
		const { handshake, transport } = this;
		const end = handshake.receive(bytes, 0, length);
		const output = handshake.takeOutput();
		if (output.length > 0) transport.write(output);
		if (handshake.failure !== null) return this.violated(handshake.failure);
		if (handshake.request === null) return;
		if (end < length) this.keep(bytes.subarray(end, length));
		this.ask(handshake.request);
	}

	/** What comes early waits for its tunnel, as a copy, and so does everything behind it. */
	private keep(bytes: Uint8Array): void {
		this.early = joined(this.early, bytes);
		this.transport.pause();
	}

	/** FIN. A client may close its half behind its request, or right behind what it sends early. */
	ended(): void {
		this.clientFinished = true;
		if (this.lingering) return;
		if (this.exchange === null) return this.transport.destroy();
		if (performance.now() - this.asked > SAME_BURST) this.lose(new Disconnected());
	}

	drained(): void {}

	closed(error: Error | null): void {
		this.lingering = true;
		wheel.remove(this.timer);
		this.abandon(new Disconnected(undefined, { cause: error }));
		this.listener.connectionClosed(this);
	}

	/** We have a fault, or somebody who uses the tunnel has. */
	broken(error: unknown): void {
		const { exchange, listener } = this;
		if (exchange !== null) listener.logFailure(exchange, error);
		else listener.settings.log({ level: 'error', message: 'A connection failed', connection: this.facts.id, error });
		this.lose(asError(error));
	}

	private violated(message: string): void {
		this.listener.violation(this.facts.id, message);
		this.close();
	}

	// The exchange.

	private ask(request: SocksRequest): void {
		const { listener } = this;
		const exchange = new SocksExchange(this, request);
		// Asked for now: logs and audits that are written when the tunnel has ended would find nobody there any more.
		this.known = new ConnectionFacts(this.transport, request.version === 4 ? 'socks4' : 'socks5');
		this.asked = performance.now();
		this.exchange = exchange;
		const { total } = listener.timeouts;
		if (total > 0) wheel.set(this.timer, total);
		else wheel.clear(this.timer);
		listener.exchangeBegun();
		runApp(listener.app, exchange);
	}

	/** No tunnel: the reply is all that the client is told. */
	refuse(reply: SocksReply): void {
		const exchange = this.takeExchange();
		this.reply(reply);
		exchange?.succeed();
		this.close();
	}

	/** From now on the connection is the app's tunnel. */
	openTunnel(exchange: SocksExchange, response: RawResponse): void {
		const { listener, early } = this;
		wheel.remove(this.timer);
		this.early = null;
		this.reply('succeeded');
		const patience = { idle: listener.timeouts.tunnelIdle, total: 0 };
		const tunnel = new TransportTunnel(this.transport, early, this, patience, () => new Disconnected());
		// The client's FIN came before the tunnel was there to hear of it.
		if (this.clientFinished) tunnel.ended();
		try {
			response.tunnel?.(tunnel);
		} catch (error) {
			listener.logFailure(exchange, error);
			tunnel.destroy();
		}
	}

	tunnelClosed(sent: number, received: number, error: Error | null): void {
		const exchange = this.takeExchange();
		this.tunnelled = received;
		if (exchange !== null) {
			exchange.bytes = sent;
			if (error === null) exchange.succeed();
			else exchange.abandon(error);
		}
		this.listener.connectionClosed(this);
	}

	private reply(reply: SocksReply): void {
		const { request } = this.handshake;
		if (request !== null) this.transport.write(socksReply(request.version, reply));
	}

	/** Takes the exchange, which is over. */
	private takeExchange(): SocksExchange | null {
		const { exchange } = this;
		this.exchange = null;
		if (exchange !== null) this.listener.exchangeEnded();
		return exchange;
	}

	private abandon(cause: Error): void {
		this.takeExchange()?.abandon(cause);
	}

	// How it ends.

	timedOut(): void {
		const { exchange, listener } = this;
		if (this.lingering) return this.transport.destroy();
		listener.timedOut();
		if (exchange === null) return this.transport.destroy();
		exchange.expire(new DOMException('The exchange took longer than the time-out allows.', 'TimeoutError'));
		answerError(exchange, new HttpError(503, { message: 'This took too long.', expose: true }));
	}

	/** The client has gone, or is given up on. */
	lose(cause: Error): void {
		this.lingering = true;
		this.abandon(cause);
		this.transport.destroy(true);
	}

	/** What was written goes out, then FIN; what still comes is read and dropped, so that no RST loses our answer. */
	private close(): void {
		this.lingering = true;
		this.early = null;
		this.transport.resume();
		this.transport.end();
		wheel.set(this.timer, LINGER);
	}

	/** A handshake has its time-out, and a tunnel is its users': the listener waits for them as long as it wants to. */
	drain(): void {}

	destroy(): void {
		this.transport.destroy();
	}
}

function joined(before: Uint8Array | null, after: Uint8Array): Uint8Array {
	if (before === null) return new Uint8Array(after);
	const all = new Uint8Array(before.length + after.length);
	all.set(before);
	all.set(after, before.length);
	return all;
}
