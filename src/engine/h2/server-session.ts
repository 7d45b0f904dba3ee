/**
 * One HTTP/2 connection: its settings and limits, what a client may do to it, and how it ends. Streams become exchanges
 * here; what is sent on one is in h2-exchange.ts.
 */
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { Roster, Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { answerError, runApp } from '../answer.ts';
import type { NodeConnection } from '../node-connection.ts';
import { Budget } from './budget.ts';
import { H2Exchange } from './h2-exchange.ts';
import type { Http2Listener } from './listener.ts';
import type { Http2Settings } from './options.ts';
import { requestFacts } from './request-facts.ts';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR } = constants;

/** Milliseconds that a client has for closing behind our GOAWAY. */
const GOODBYE = 2_000;
/** The same for one that has closed already: what was handed over leaves meanwhile. */
const FLUSH = 100;
/** What has been said already, and is only there to be acknowledged. */
const PROBE = { enableConnectProtocol: true };

export class ServerSession implements TimerOwner {
	private readonly listener: Http2Listener;
	private readonly connection: NodeConnection;
	private readonly session: ServerHttp2Session;
	private readonly resets: Budget;
	private readonly control: Budget;
	private readonly timer: Timer = new Timer(this);
	private readonly exchanges: Roster<H2Exchange> = new Roster();
	private requests = 0;
	private leaving = false;
	/** The client has closed. */
	private gone = false;
	/** The client has said GOAWAY. */
	private dismissed = false;
	/** Whether the client has acknowledged the last SETTINGS that ask whether it is still there. */
	private probe: 'none' | 'sent' | 'answered' = 'none';

	/** Speaks HTTP/2 on the connection from now on. */
	static begin(listener: Http2Listener, connection: NodeConnection): void {
		const session = new ServerSession(listener, connection);
		session.listen();
	}

	private constructor(listener: Http2Listener, connection: NodeConnection) {
		this.listener = listener;
		this.connection = connection;
		connection.protocol = '2';
		connection.drain = () => this.leave();
		const { limits } = listener.settings;
		const now = performance.now();
		this.resets = new Budget(limits.resetBurst, limits.resetRate, now);
		this.control = new Budget(limits.controlBurst, limits.controlRate, now);
		this.session = performServerHandshake(connection.socket, handshakeOptions(listener.settings));
	}

	private listen(): void {
		const { listener, connection, session } = this;
		session.on('stream', (stream, _headers, flags, raw?: string[]) => this.stream(stream, flags, raw ?? []));
		session.on('error', (error: Error) => {
			listener.violation(connection.id, error.message);
			this.rest();
		});
		// Node closes the session; one with an error is the client's affair.
		session.on('goaway', () => {
			this.dismissed = true;
			this.outlast();
		});
		session.on('close', () => this.closed());
		session.on('ping', () => this.spend(this.control, 'PING frames'));
		session.on('remoteSettings', () => this.spend(this.control, 'SETTINGS frames'));
		session.on('frameError', () => {});
		connection.socket.once('end', () => this.left());
		wheel.set(this.timer, listener.timeouts.header);
	}

	private stream(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
		const { listener, connection } = this;
		stream.on('error', () => {});
		this.requests++;
		wheel.clear(this.timer);
		const { facts, fault } = requestFacts(raw, listener.settings.limits, listener.secure);
		const ended = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
		const exchange = new H2Exchange(listener, connection, facts, stream, ended, listener.settings.limits.bodyBytes);
		this.exchanges.add(exchange);
		stream.on('close', () => this.streamClosed(stream, exchange));
		exchange.onFinished({ exchangeFinished: () => this.rest() });
		listener.exchangeBegun();
		// A GOAWAY right behind the request is told before it.
		if (this.ends) this.outlast();
		if (this.requests >= listener.settings.limits.requestsPerConnection) this.leave();
		if (fault === null) return runApp(listener.app, exchange);
		listener.violation(connection.id, fault.message);
		answerError(exchange, fault);
	}

	/** Counts what a client takes back: a request that costs it one frame and us an exchange. */
	private streamClosed(stream: ServerHttp2Stream, exchange: H2Exchange): void {
		exchange.streamClosed();
		this.exchanges.delete(exchange);
		this.rest();
		// What we have reset ourselves is not held against the client.
		if (stream.aborted && !exchange.wasCut && stream.rstCode !== NGHTTP2_NO_ERROR)
			this.spend(this.resets, 'resets of streams');
	}

	private spend(budget: Budget, what: string): void {
		if (budget.spend(performance.now()) || this.session.destroyed) return;
		this.listener.violation(this.connection.id, `Too many ${what}`);
		this.session.goaway(NGHTTP2_ENHANCE_YOUR_CALM);
		this.session.destroy(undefined, NGHTTP2_ENHANCE_YOUR_CALM);
	}

	/**
	 * When nothing is under way, another request is waited for, or that the client closes behind the end of the session. Then
	 * it does not matter whether streams were closed: of a session that breaks a rule behind its GOAWAY node closes none.
	 */
	private rest(): void {
		const { ends, gone } = this;
		if (this.isOver) wheel.set(this.timer, gone ? FLUSH : ends ? GOODBYE : this.listener.timeouts.keepAlive);
	}

	/** Nothing is under way. */
	private get isOver(): boolean {
		const { exchanges } = this;
		return this.ends ? exchanges.all().every(({ isOver }) => isOver) : exchanges.size === 0;
	}

	/** No more streams are begun. */
	private get ends(): boolean {
		return this.leaving || this.dismissed || this.session.closed || this.session.destroyed;
	}

	/** GOAWAY: no new streams; those under way are answered (RFC 9113 section 6.8). */
	private leave(): void {
		if (this.leaving || this.session.destroyed) return;
		this.leaving = true;
		this.session.close();
		this.outlast();
	}

	/**
	 * The session ends once what is under way is over. A client that breaks a rule meanwhile is not heard any more, and node says
	 * nothing of it: one that does not acknowledge SETTINGS for as long as it may be idle has left. (A closed session of node's
	 * sends no PING.)
	 */
	private outlast(): void {
		this.rest();
		if (this.isOver || this.session.destroyed) return;
		wheel.set(this.timer, this.listener.timeouts.keepAlive);
		if (this.probe === 'sent') return;
		this.probe = 'sent';
		this.session.settings(PROBE, (error) => {
			if (error === null) this.probe = 'answered';
		});
	}

	/**
	 * The client has sent FIN. HTTP/2 does not work one way only, without acknowledgements and windows: it has left. node
	 * does not say so by itself on a socket that may be half open. What was handed over already may still reach it.
	 */
	private left(): void {
		this.gone = true;
		for (const exchange of this.exchanges.all()) if (!exchange.ending) exchange.lose();
		this.leave();
		wheel.set(this.timer, GOODBYE);
		this.rest();
	}

	/** Nothing has come on an idle connection for as long as it may be idle. */
	timedOut(): void {
		if (this.ends) return this.probe === 'answered' && !this.isOver ? this.outlast() : this.end();
		if (this.exchanges.size > 0) return;
		this.listener.timedOut();
		this.leave();
	}

	/** A session that was closed in order lets its socket wait for the client's FIN, for ever if need be: not longer than this. */
	private end(): void {
		for (const exchange of this.exchanges.all()) if (!exchange.isOver) exchange.lose();
		this.session.destroy();
		this.connection.socket.destroy();
	}

	private closed(): void {
		wheel.remove(this.timer);
		this.connection.socket.destroy();
	}
}

function handshakeOptions({ limits }: Http2Settings): Parameters<typeof performServerHandshake>[1] {
	return {
		maxSessionMemory: limits.sessionMegabytes,
		maxHeaderListPairs: limits.fieldCount,
		maxOutstandingPings: 10,
		strictFieldWhitespaceValidation: true,
		settings: {
			enablePush: false,
			enableConnectProtocol: true,
			maxConcurrentStreams: limits.concurrentStreams,
			maxHeaderListSize: limits.headerListBytes,
			initialWindowSize: limits.streamWindow,
		},
	};
}
