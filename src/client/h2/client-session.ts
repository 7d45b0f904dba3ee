/** One connection of HTTP/2 to an upstream: how many requests it takes, when it ends, and whether anybody is still there. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { type Address, UpstreamError } from '../../convention/index.ts';
import { type Member, Roster, Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { addressOf } from '../../transport/node/index.ts';
import type { ClientExchange } from '../client-exchange.ts';
import { lostError } from '../dial-error.ts';
import { ClientStream } from './client-stream.ts';
import type { Sessions } from './sessions.ts';
import { asksForWebSocket } from './web-socket.ts';

/** Bytes of a response's body on their way to us before anybody takes them, of a stream and of all. */
const STREAM_WINDOW = 262_144;
const SESSION_WINDOW = 1_048_576;
/** Milliseconds for the answer to a PING on a connection that may be dead. */
const PATIENCE = 5_000;

export class ClientSession implements Member, TimerOwner {
	rosterPlace = -1;
	readonly remote: Address;
	readonly sessions: Sessions;
	private readonly session: ClientHttp2Session;
	private readonly timer: Timer = new Timer(this);
	/** What has gone out on it, and what is under way. */
	private uses = 0;
	private readonly active: Roster<ClientStream> = new Roster();
	private most = 0;
	private webSockets = false;
	private isReady = false;
	private retired = false;
	private suspected = false;
	private failure: Error | null = null;

	/** `socket`: connected, TLS included. */
	constructor(sessions: Sessions, socket: Socket) {
		this.sessions = sessions;
		this.remote = addressOf(socket.remoteAddress, socket.remotePort);
		const { limits, timeouts } = sessions.settings;
		const { origin } = sessions;
		this.session = connect(`${origin.secure ? 'https' : 'http'}://${origin.authority}`, {
			createConnection: () => socket,
			maxHeaderListPairs: limits.fieldCount,
			strictFieldWhitespaceValidation: true,
			settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxHeaderListSize: limits.headBytes },
		});
		this.listen();
		// HTTP/2 does not work one way only; node does not say so by itself on a socket that may be half open.
		socket.once('end', () => this.left());
		wheel.set(this.timer, timeouts.connect);
	}

	private listen(): void {
		const { session } = this;
		session.on('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
		session.on('remoteSettings', ({ maxConcurrentStreams, enableConnectProtocol }) => {
			this.most = Math.min(maxConcurrentStreams ?? Number.POSITIVE_INFINITY, this.sessions.settings.pool.streams);
			this.webSockets = enableConnectProtocol === true;
			if (this.isReady) return this.sessions.serveWaiting();
			this.isReady = true;
			this.rest();
			this.sessions.ready(this);
		});
		session.on('error', (error: Error) => {
			this.failure = error;
		});
		session.on('goaway', () => this.retire());
		session.on('frameError', () => {});
		session.on('close', () => this.closed());
	}

	/** Requests may be sent on it now. */
	get hasRoom(): boolean {
		return !this.retired && !this.suspected && this.active.size < this.most && !this.session.closed && !this.isGone;
	}

	/** Nothing comes or goes on it any more. */
	get isGone(): boolean {
		return this.session.destroyed;
	}

	get isIdle(): boolean {
		return this.active.size === 0;
	}

	/** Somebody has used it before the request that is under way. */
	get wasUsed(): boolean {
		return this.uses > 1;
	}

	send(exchange: ClientExchange): void {
		if (!this.webSockets && asksForWebSocket(exchange.fields)) return this.sessions.owner.noExtendedConnect(exchange);
		this.uses++;
		wheel.clear(this.timer);
		const stream = new ClientStream(this, exchange);
		this.active.add(stream);
		exchange.takenBy(stream);
		stream.begin(this.session);
	}

	/** A stream is over. */
	released(stream: ClientStream): void {
		this.active.delete(stream);
		if (this.isIdle) this.rest();
		this.sessions.serveWaiting();
	}

	private rest(): void {
		// Whether anybody is there is being asked: that has its own time.
		if (this.suspected) return;
		if (this.retired) this.end();
		else wheel.set(this.timer, this.sessions.settings.timeouts.keepAlive);
	}

	/** No more requests go out on it; what is under way is answered. */
	retire(): void {
		if (this.retired) return;
		this.retired = true;
		this.sessions.remove(this);
		if (this.isIdle) this.end();
	}

	/** The upstream has sent FIN: what has not come by now never will. */
	private left(): void {
		if (!this.isReady) return this.session.destroy();
		this.retire();
		for (const stream of this.active.all()) stream.peerLeft();
	}

	/** An answer has not come in time: either the request takes long, or nobody is there any more. */
	suspect(): void {
		if (this.suspected || this.session.destroyed) return;
		this.suspected = true;
		wheel.set(this.timer, PATIENCE);
		this.session.ping((error) => {
			if (error !== null) return;
			this.suspected = false;
			wheel.clear(this.timer);
			if (this.isIdle) this.rest();
			this.sessions.serveWaiting();
		});
	}

	timedOut(): void {
		if (this.isReady && !this.suspected && !this.retired) return this.retire();
		// It never said what it takes, does not answer any more, or does not end.
		this.failure ??= new UpstreamError('connection_timeout', { retryable: !this.isReady });
		this.session.destroy();
	}

	end(): void {
		if (!this.session.destroyed) this.session.close();
		wheel.set(this.timer, PATIENCE);
	}

	/** Why it is gone, for the streams that were on it. */
	get lost(): UpstreamError {
		return this.failure instanceof UpstreamError ? this.failure : lostError(this.failure);
	}

	private closed(): void {
		wheel.remove(this.timer);
		this.retired = true;
		if (this.isReady) return this.sessions.remove(this);
		const { failure } = this;
		const error = new UpstreamError('http_protocol_error', { retryable: true, details: 'NO_HTTP2', cause: failure });
		this.sessions.unreached(failure instanceof UpstreamError ? failure : error);
	}
}
