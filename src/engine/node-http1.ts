/**
 * HTTP/1.1 by node:http, on sockets that a listener has accepted: from its events to exchanges. node parses, frames and
 * keeps connections alive; what it leaves open (a limit, a doubled Host, what its errors are answered with) is here.
 */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ProtocolError, reasonPhrase, type TargetForm } from '../convention/index.ts';
import { FieldList, hasConnectionOption, listOf, tags } from '../fields/index.ts';
import { Timer, wheel } from '../transport/index.ts';
import { answerError, runApp } from './answer.ts';
import type { NodeConnection } from './node-connection.ts';
import { Http1Exchange } from './node-http1-exchange.ts';
import type { NodeListener } from './node-listener.ts';
import { nodeRefusal } from './node-refusal.ts';
import type { RequestFacts } from './served-exchange.ts';

const NO_OFFERS: readonly string[] = [];
const NO_BYTES = new Uint8Array(0);
/** Milliseconds within which a FIN behind a request is that of a client that closes its half; later, of one that has left. */
const SAME_BURST = 100;
/** The first pause before such a client is asked whether it is there; doubled each time. */
const PROBE = 500;

/** Milliseconds for reading why a request was refused. */
const PATIENCE = 2_000;

/** What node's codes for a request that it cannot read are answered with; 400 for the rest. */
const STATUSES: Readonly<Record<string, number>> = {
	HPE_HEADER_OVERFLOW: 431,
	HPE_INVALID_VERSION: 505,
	ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What is known of a socket while node speaks HTTP on it. */
interface Seat {
	readonly connection: NodeConnection;
	/** Exchanges under way: several when requests are pipelined. */
	readonly exchanges: Set<Http1Exchange>;
	/** Bytes that had come when the last exchange ended: more means that a request is coming in. */
	restedAt: number;
	/** Nothing more is read after what is under way. */
	closing: boolean;
	/** When the last request was complete, by the wheel. */
	requestEnded: number;
	/** What comes when all under way has been answered: a tunnel's request, or what could not be read. */
	next: (() => void) | null;
}

export class NodeHttp1 {
	private readonly listener: NodeListener;
	private readonly server: Server;
	private readonly seats: WeakMap<object, Seat> = new WeakMap();

	constructor(listener: NodeListener) {
		this.listener = listener;
		const { limits, timeouts } = listener.settings;
		const server = createServer({
			insecureHTTPParser: false,
			requireHostHeader: true,
			joinDuplicateHeaders: true,
			rejectNonStandardBodyWrites: true,
			maxHeaderSize: limits.headBytes,
			headersTimeout: timeouts.header,
			requestTimeout: 0,
			keepAliveTimeout: timeouts.keepAlive,
			keepAliveTimeoutBuffer: 0,
			connectionsCheckingInterval: 200,
			// An offer that comes with a body is passed over, and h2c is none any more (RFC 9113 section 3.1).
			shouldUpgradeCallback: (request: IncomingMessage) => isOffer(request),
		} as Parameters<typeof createServer>[0]);
		this.server = server;
		// node drops what is above, silently; the exchange is refused instead.
		server.maxHeadersCount = 0;
		if (Number.isFinite(limits.requestsPerConnection)) server.maxRequestsPerSocket = limits.requestsPerConnection;
		(server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true;
		server.on('request', (request, response) => this.take(request, response, false));
		server.on('checkContinue', (request, response) => this.take(request, response, true));
		server.on('upgrade', (request, socket, head) => this.takeDetached(request, socket as Socket, head));
		server.on('connect', (request, socket, head) => this.takeDetached(request, socket as Socket, head));
		server.on('clientError', (error: NodeJS.ErrnoException, socket) => this.unreadable(error, socket as Socket));
		server.on('timeout', (socket) => this.idle(socket));
		// node begins to watch time-outs of heads with this; the listener has the listening socket itself.
		server.emit('listening');
	}

	/** Speaks HTTP/1.1 on the socket, beginning with what was pushed back into it. */
	connected(connection: NodeConnection): void {
		const { socket } = connection;
		const seat: Seat = { connection, exchanges: new Set(), restedAt: 0, closing: false, requestEnded: 0, next: null };
		this.seats.set(socket, seat);
		connection.drain = () => this.drain(seat);
		this.server.emit('connection', socket);
		socket.on('end', () => this.halfClosed(seat));
	}

	/** Stops watching time-outs. */
	close(): void {
		this.server.close(() => {});
	}

	private take(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
		const seat = this.seats.get(request.socket);
		if (seat === undefined) return void request.socket.destroy();
		this.begin(seat, request, response, expectsContinue, null);
	}

	/** CONNECT or Upgrade: node has let go of the socket, and a response has to be tied to it by hand. */
	private takeDetached(request: IncomingMessage, socket: Socket, early: Buffer): void {
		const seat = this.seats.get(socket);
		if (seat === undefined) return void socket.destroy();
		// node passes on no more of this: neither to what is under way nor to what follows.
		socket.on('drain', () => {
			for (const { response } of seat.exchanges) response.emit('drain');
		});
		const take = (): void => {
			const response = new ServerResponse(request);
			response.shouldKeepAlive = false;
			response.assignSocket(socket);
			socket.setTimeout(0);
			seat.closing = true;
			this.begin(seat, request, response, false, { socket, early: early ?? NO_BYTES });
		};
		if (seat.exchanges.size === 0) take();
		else seat.next = take;
	}

	private begin(
		seat: Seat,
		request: IncomingMessage,
		response: ServerResponse,
		expectsContinue: boolean,
		detached: { socket: Socket; early: Uint8Array } | null,
	): void {
		const { listener } = this;
		const { limits } = listener.settings;
		const facts = factsOf(request, listener.secure, detached !== null);
		const parts = { request, response, expectsContinue, detached, bodyBytes: limits.bodyBytes };
		const exchange = new Http1Exchange(listener, seat.connection, facts, parts);
		seat.exchanges.add(exchange);
		if (seat.closing) response.shouldKeepAlive = false;
		if (exchange.requestDone) seat.requestEnded = wheel.now;
		else request.once('end', () => (seat.requestEnded = wheel.now));
		response.once('close', () => this.ended(seat, exchange));
		listener.exchangeBegun();
		const refusal = nodeRefusal(facts, limits);
		if (refusal === null) return runApp(listener.app, exchange);
		listener.violation(seat.connection.id, refusal.message);
		answerError(exchange, refusal);
	}

	private ended(seat: Seat, exchange: Http1Exchange): void {
		const { socket } = seat.connection;
		const { next } = seat;
		seat.exchanges.delete(exchange);
		seat.restedAt = socket.bytesRead;
		const [following] = seat.exchanges;
		if (following !== undefined) return following.itsTurn();
		seat.next = null;
		if (next !== null && socket.writable) next();
		else if ((seat.closing || this.listener.draining) && exchange.offers.length === 0) socket.end();
	}

	/** Nothing under way and nothing coming in: it ends now. Otherwise the next head says that it ends. */
	private drain(seat: Seat): void {
		const { socket } = seat.connection;
		const last = [...seat.exchanges].at(-1)?.response;
		if (last !== undefined && !last.headersSent) last.shouldKeepAlive = false;
		seat.closing = true;
		if (seat.exchanges.size === 0 && socket.bytesRead <= seat.restedAt) socket.end(() => socket.destroySoon());
	}

	/**
	 * The client has closed its half. Right behind a whole request that is how scripts ask, and they are answered; later
	 * it means that the client has left. In doubt an interim response finds out: one who has left resets it.
	 */
	private halfClosed(seat: Seat): void {
		const { socket } = seat.connection;
		if (seat.exchanges.size === 0) return void socket.end();
		seat.closing = true;
		const asks = wheel.now - seat.requestEnded <= SAME_BURST;
		for (const exchange of [...seat.exchanges]) {
			if (exchange.offers.length > 0 && exchange.committed) continue;
			if (!exchange.requestDone) {
				exchange.lose();
			} else if (asks || exchange.ending) {
				if (exchange.version === '1.1') probe(exchange);
			} else exchange.lose();
		}
	}

	private idle(socket: Socket): void {
		this.listener.timedOut();
		socket.destroy();
	}

	/** node cannot read on. What is under way is answered still; nothing is read after it (RFC 9112 section 2.2). */
	private unreadable(error: NodeJS.ErrnoException, socket: Socket): void {
		const seat = this.seats.get(socket);
		const { code = '' } = error;
		if (seat === undefined || !socket.writable || code === 'ECONNRESET' || code === 'EPIPE')
			return void socket.destroy();
		const status = STATUSES[code] ?? 400;
		if (status === 408) this.listener.timedOut();
		else this.listener.violation(seat.connection.id, error.message);
		const failure = new ProtocolError({ side: 'remote', code: code || 'MALFORMED', status, message: error.message });
		const last = [...seat.exchanges].at(-1);
		seat.closing = true;
		if (last === undefined) {
			// Who has not said a word is told none.
			if (status === 408 && socket.bytesRead <= seat.restedAt) socket.destroySoon();
			else refuse(socket, status);
		} else if (last.requestDone) seat.next = () => refuse(socket, status);
		else {
			last.giveUpRequest();
			this.listener.attempt(last, () => last.body?.cutShort(failure));
		}
	}
}

/** Answers what could not be read, and closes. */
function refuse(socket: Socket, status: number): void {
	const text = `${status} ${reasonPhrase(status)}\n`;
	socket.end(
		`HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
	);
	const timer = setTimeout(() => socket.destroy(), PATIENCE).unref();
	socket.once('close', () => clearTimeout(timer));
}

/** Asks a silent client now and then whether it is there. */
function probe(exchange: Http1Exchange): void {
	let pause = PROBE;
	const owner = {
		timedOut: (): void => {
			if (exchange.isOver || exchange.committed) return;
			exchange.inform(100);
			pause *= 2;
			wheel.set(timer, pause);
		},
	};
	const timer = new Timer(owner);
	wheel.set(timer, pause);
	exchange.onFinished({ exchangeFinished: () => wheel.remove(timer) });
}

function isOffer({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
	if (httpVersionMinor === 0) return false;
	const fields = listFrom(rawHeaders);
	if (fields.hasTagged(tags['transfer-encoding'])) return false;
	if ((fields.getTagged(tags['content-length']) ?? '0') !== '0') return false;
	return offersOf(fields).length > 0;
}

function offersOf(fields: FieldList): readonly string[] {
	if (!hasConnectionOption(fields.getTagged(tags.connection) ?? '', 'upgrade')) return NO_OFFERS;
	return listOf((fields.getTagged(tags.upgrade) ?? '').toLowerCase()).filter((token) => token !== 'h2c');
}

/** node has checked the lines already. */
function listFrom(raw: readonly string[]): FieldList {
	const list = FieldList.empty();
	for (let i = 0; i + 1 < raw.length; i += 2) list.append(raw[i] as string, raw[i + 1] as string);
	return list;
}

function factsOf(request: IncomingMessage, secure: boolean, detached: boolean): RequestFacts {
	const { method = '', url: target = '' } = request;
	const fields = listFrom(request.rawHeaders);
	const form = formOf(method, target);
	const absolute = form === 'absolute' ? /^(https?):\/\/([^/?]*)/i.exec(target) : null;
	const host = fields.getTagged(tags.host) ?? '';
	const offers = method === 'CONNECT' ? ['connect'] : offersOf(fields);
	return {
		method,
		target,
		form,
		authority: form === 'authority' ? target : (absolute?.[2] ?? host),
		scheme: absolute === null ? (secure ? 'https' : 'http') : (absolute[1]?.toLowerCase() as 'http' | 'https'),
		version: request.httpVersionMinor === 0 ? '1.0' : '1.1',
		fields,
		offers: detached ? offers : NO_OFFERS,
	};
}

function formOf(method: string, target: string): TargetForm {
	if (method === 'CONNECT') return 'authority';
	if (target.startsWith('/')) return 'origin';
	return target === '*' ? 'asterisk' : 'absolute';
}
