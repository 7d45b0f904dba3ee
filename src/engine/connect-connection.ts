/** A client's connection that asks for one thing alone, a tunnel: one exchange, as if by CONNECT, and then the tunnel or the end. */
import { asError } from '../bytes/index.ts';
import { type Connection, Disconnected, HttpError, type Protocol, type RawResponse } from '../convention/index.ts';
import type { FieldList } from '../fields/index.ts';
import {
	Timer,
	type TimerOwner,
	type Transport,
	TransportTunnel,
	type TunnelOwner,
	wheel,
} from '../transport/index.ts';
import type { SpokenConnection } from './also-spoken.ts';
import { answerError, runApp } from './answer.ts';
import { ConnectExchange, type TunnelOpener } from './connect-exchange.ts';
import { ConnectionFacts } from './connection-facts.ts';
import type { ListenedConnection, SocketListener } from './socket-listener.ts';

/** Milliseconds that a refused client has for reading why. RFC 1928 section 6: at most 10 seconds. */
const LINGER = 5_000;

export abstract class ConnectConnection implements SpokenConnection, TimerOwner, TunnelOwner, TunnelOpener {
	rosterPlace = -1;
	readonly countedAs: string | null;
	readonly listener: SocketListener<ListenedConnection>;
	/** Bytes that have come through the tunnel. */
	tunnelled = 0;
	protected readonly transport: Transport;
	private readonly timer: Timer = new Timer(this);
	protected exchange: ConnectExchange | null = null;
	/** Nothing is answered any more; what comes is dropped until the client has closed, too. */
	protected lingering = false;
	/** The client has sent FIN. */
	protected clientFinished = false;
	/** What has come behind the request while that is being answered. */
	private early: Uint8Array | null = null;
	private known: Connection | null = null;
	private readonly protocol: Protocol;

	constructor(
		listener: SocketListener<ListenedConnection>,
		transport: Transport,
		countedAs: string | null,
		protocol: Protocol,
	) {
		this.protocol = protocol;
		this.listener = listener;
		this.transport = transport;
		this.countedAs = countedAs;
		wheel.set(this.timer, listener.timeouts.header);
	}

	get facts(): Connection {
		this.known ??= new ConnectionFacts(this.transport, this.protocol);
		return this.known;
	}

	// What the transport reports.

	abstract received(bytes: Uint8Array, length: number): void;

	/** What comes early waits for its tunnel, as a copy, and so does everything behind it. */
	protected keep(bytes: Uint8Array): void {
		this.early = joined(this.early, bytes);
		this.transport.pause();
	}

	abstract ended(): void;

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

	// The exchange.

	/** Asks the app for a tunnel to `target`. */
	protected ask(target: string, fields: FieldList, protocol: Protocol = this.protocol): void {
		const { listener } = this;
		const exchange = new ConnectExchange(this, target, fields);
		// Asked for now: logs and audits that are written when the tunnel has ended would find nobody there any more.
		this.known = new ConnectionFacts(this.transport, protocol);
		this.exchange = exchange;
		const { total } = listener.timeouts;
		if (total > 0) wheel.set(this.timer, total);
		else wheel.clear(this.timer);
		listener.exchangeBegun();
		runApp(listener.app, exchange);
	}

	/** No tunnel: what the client is told of it. */
	protected abstract tellRefusal(status: number, proxyStatus: string | null): void;
	/** What the client is told before the tunnel's own bytes. */
	protected abstract tellOpened(): void;

	refuse(status: number, proxyStatus: string | null): void {
		const exchange = this.takeExchange();
		this.tellRefusal(status, proxyStatus);
		exchange?.succeed();
		this.close();
	}

	/** From now on the connection is the app's tunnel. */
	openTunnel(exchange: ConnectExchange, response: RawResponse): void {
		const { listener, early } = this;
		wheel.remove(this.timer);
		this.early = null;
		this.tellOpened();
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

	/** Takes the exchange, which is over. */
	private takeExchange(): ConnectExchange | null {
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
	protected close(): void {
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
