/** An exchange over a request and a response of node:http. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Tunnel } from '../bytes/index.ts';
import { type Abilities, reasonPhrase } from '../convention/index.ts';
import { FieldList, FRAMING, NOT_IN_TRAILERS, tags } from '../fields/index.ts';
import { CHUNKED, UNTIL_CLOSE } from '../protocol/h1/index.ts';
import { resetSocket, StreamTunnel } from '../transport/node/index.ts';
import { type BodyOwner, DISCARD, NodeBody } from './node-body.ts';
import type { NodeConnection } from './node-connection.ts';
import { type OutgoingHead, type RequestFacts, ServedExchange, type ServedHost } from './served-exchange.ts';

/** Pieces from this length on are lent to node, which takes as long as it needs for them; shorter ones are copied. */
const LENT = 16_384;
/** Milliseconds that a client has for reading an answer that came before the end of its request (RFC 9112 section 9.6). */
const LINGER = 5_000;

/** Since Node 26; older ones have a call of its own for each of 100, 102 and 103. */
type WriteInformation = (status: number, fields: readonly string[]) => void;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_REASON = /[^\t\x20-\x7e\x80-\xff]/;

export interface Http1Parts {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** The client waits for 100. */
	readonly expectsContinue: boolean;
	/** The socket that CONNECT or Upgrade may turn into a tunnel, with what came behind the head. */
	readonly detached: { readonly socket: Socket; readonly early: Uint8Array } | null;
	readonly bodyBytes: number;
}

export class Http1Exchange extends ServedExchange implements BodyOwner {
	readonly can: Abilities;
	readonly response: ServerResponse;
	private readonly owner: NodeConnection;
	private readonly request: IncomingMessage;
	private readonly detached: Http1Parts['detached'];
	private readonly expectsContinue: boolean;
	private continued = false;
	private endsByClose = false;
	/** 1xx that wait for the answers of earlier requests: node would write them into the middle of this one's. */
	private held: (() => void)[] = [];

	constructor(listener: ServedHost, owner: NodeConnection, facts: RequestFacts, parts: Http1Parts) {
		super(listener, owner, facts);
		const { request, response } = parts;
		this.owner = owner;
		this.request = request;
		this.response = response;
		this.detached = parts.detached;
		this.expectsContinue = parts.expectsContinue;
		this.can = abilitiesOf(response);
		this.body = this.bodyOf(parts.bodyBytes);
		if (this.body === null) this.requestDone = true;
		request.on('error', () => {});
		response.on('error', () => {});
		response.on('drain', () => this.drained());
		response.on('finish', () => this.responseFinished());
		response.on('close', () => {
			if (!response.writableFinished) this.abandon(undefined);
		});
	}

	private bodyOf(most: number): NodeBody | null {
		const { fields, request } = this;
		if (this.detached !== null) return null;
		const declared = fields.getTagged(tags['content-length']);
		const chunked = fields.hasTagged(tags['transfer-encoding']);
		if (!chunked && (declared === null || declared === '0')) return null;
		return new NodeBody(request, this, {
			length: declared === null ? null : Number(declared),
			most,
			trailers: () => (request.rawTrailers.length === 0 ? null : trailersOf(request.rawTrailers)),
			intact: () => request.complete,
		});
	}

	// What the body reports.

	bodyStarted(): void {
		if (!this.expectsContinue || this.continued || this.answered) return;
		this.sendInformational(100, FieldList.empty());
	}

	bodyMoved(): void {
		this.clock.arm();
	}

	bodyExceeds(): void {
		this.giveUpRequest();
	}

	// How it is written.

	get canTrail(): boolean {
		return this.version === '1.1';
	}

	get unsent(): number {
		const { response, owner } = this;
		return response.writableLength > 0 || this.ending ? response.writableLength + owner.socket.writableLength : 0;
	}

	protected sendInformational(status: number, fields: FieldList): void {
		if (status === 100) this.continued = true;
		if (this.response.socket === null) this.held.push(() => this.writeInformational(status, fields));
		else this.writeInformational(status, fields);
	}

	private writeInformational(status: number, fields: FieldList): void {
		const { response } = this;
		const { writeInformation } = response as unknown as { writeInformation?: WriteInformation };
		const list = fields.copy();
		list.deleteFlagged(FRAMING);
		if (writeInformation !== undefined) writeInformation.call(response, status, list.raw);
		else if (status === 100) response.writeContinue();
		else if (status === 102) response.writeProcessing();
		else if (status === 103 && list.has('link')) response.writeEarlyHints({ link: list.all('link') });
	}

	/** The answers of earlier requests are out. */
	itsTurn(): void {
		const { held } = this;
		this.held = [];
		if (!this.answered && !this.isOver) for (const write of held) this.listener.attempt(this, write);
	}

	sendHead(head: OutgoingHead): void {
		const { response } = this;
		this.beforeHead(head);
		this.endsByClose = head.framing === UNTIL_CLOSE;
		response.writeHead(head.status, reasonOf(head), this.linesOf(head));
	}

	sendWhole(head: OutgoingHead, body: string | Uint8Array): void {
		this.sendHead(head);
		if (body.length === 0) this.response.end();
		else if (typeof body === 'string') this.response.end(body, 'latin1');
		else this.response.end(body);
	}

	flushHead(): void {
		this.response.flushHeaders();
	}

	sendBody(chunk: Uint8Array): boolean {
		if (chunk.length < LENT) return this.response.write(new Uint8Array(chunk));
		this.response.write(chunk, (error) => {
			if (!error) this.drained();
		});
		return false;
	}

	sendEnd(trailers: FieldList | null): void {
		if (trailers !== null) this.response.addTrailers([...trailers] as never);
		this.response.end();
	}

	protected tunnel(head: OutgoingHead): Tunnel {
		const { socket, early } = this.detached as NonNullable<Http1Parts['detached']>;
		const { tunnelIdle } = this.listener.timeouts;
		this.response.detachSocket(socket);
		this.owner.drain = () => {};
		socket.setTimeout(0);
		socket.write(tunnelHead(head), 'latin1');
		if (early.length > 0) socket.unshift(early);
		const drop = (reason: Error | null): void => {
			if (reason === null) socket.destroy();
			else resetSocket(socket);
		};
		return new StreamTunnel(socket, { idle: tunnelIdle, drop }, (sent, received, error) => {
			this.bytes = sent;
			this.tunnelled = received;
			if (error === null) this.succeed();
			else this.abandon(error);
		});
	}

	/** Before the head of a response is made: will the connection outlive it? */
	private beforeHead(head: OutgoingHead): void {
		const { response, requestDone, body } = this;
		const asked = head.fields.getTagged(tags.connection) ?? '';
		if (this.listener.draining || /\bclose\b/i.test(asked)) response.shouldKeepAlive = false;
		if (requestDone || body === null || body.waiting || head.framing === CHUNKED) return;
		const awaitsContinue = this.expectsContinue && !this.continued;
		if (awaitsContinue || body.length === null || body.length > DISCARD) this.giveUpRequest();
	}

	/** The lines of a head: the app's without framing and connection fields, then ours. */
	private linesOf(head: OutgoingHead): string[] {
		const { framing } = head;
		const list = head.fields.copy();
		list.deleteFlagged(FRAMING);
		// node takes a Trailer line for a promise of chunks.
		if (framing !== CHUNKED || head.bodiless) list.deleteTagged(tags.trailer);
		const lines = list.raw;
		if (framing >= 0) lines.push('Content-Length', String(framing));
		else if (framing === CHUNKED && !head.bodiless) lines.push('Transfer-Encoding', 'chunked');
		const upgrade = head.status === 426 ? head.fields.getTagged(tags.upgrade) : null;
		if (upgrade !== null) {
			lines.push('Upgrade', upgrade, 'Connection', this.response.shouldKeepAlive ? 'Upgrade' : 'Upgrade, close');
		} else if (!this.response.shouldKeepAlive) lines.push('Connection', 'close');
		return lines;
	}

	// How it ends.

	private responseFinished(): void {
		this.succeed();
		const { socket } = this.owner;
		if (this.detached !== null) {
			this.response.detachSocket(socket);
			socket.end();
			socket.resume();
			lingerOn(socket);
		}
	}

	giveUpRequest(): void {
		const { response, requestDone, owner } = this;
		if (!response.headersSent) response.shouldKeepAlive = false;
		if (requestDone) return;
		// node would destroy the socket behind the answer, and the reset could lose it for a client that still sends.
		const { socket } = owner;
		socket.destroySoon = () => {
			socket.end();
			lingerOn(socket);
		};
	}

	protected cut(): void {
		const { socket } = this.owner;
		// What was written goes out as far as it can: node keeps it back until the end of the turn.
		if (this.committed) setImmediate(() => this.dropSocket(socket));
		else socket.destroy();
	}

	private dropSocket(socket: Socket): void {
		// A body that runs until the close would look complete behind a plain FIN.
		if (this.endsByClose && !('encrypted' in socket)) resetPlain(socket);
		else socket.destroy();
	}
}

/** The client has a while for its FIN; what it sends meanwhile is dropped. */
function lingerOn(socket: Socket): void {
	const timer = setTimeout(() => socket.destroy(), LINGER).unref();
	socket.once('end', () => socket.destroy());
	socket.once('close', () => clearTimeout(timer));
}

function resetPlain(socket: Socket): void {
	try {
		socket.resetAndDestroy();
	} catch {
		// Node resets TCP only, and says so by throwing.
		socket.destroy();
	}
}

function trailersOf(raw: readonly string[]): FieldList {
	const list = FieldList.empty();
	for (let i = 0; i + 1 < raw.length; i += 2) list.append(raw[i] as string, raw[i + 1] as string);
	list.deleteFlagged(NOT_IN_TRAILERS);
	return list;
}

function reasonOf({ status, reason }: OutgoingHead): string {
	return reason === null || NOT_REASON.test(reason) ? reasonPhrase(status) : reason;
}

function tunnelHead(head: OutgoingHead): string {
	const { status, fields } = head;
	const upgrade = status === 101 ? fields.getTagged(tags.upgrade) : null;
	const switches = upgrade === null ? '' : `Upgrade: ${upgrade}\r\nConnection: Upgrade\r\n`;
	const date = fields.hasTagged(tags.date) ? '' : `Date: ${new Date().toUTCString()}\r\n`;
	return `HTTP/1.1 ${status} ${reasonOf(head)}\r\n${fields.serialize(FRAMING)}${date}${switches}\r\n`;
}

const withInformation: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};
const withoutInformation: Abilities = { ...withInformation, inform: false };

function abilitiesOf(response: ServerResponse): Abilities {
	return 'writeInformation' in response ? withInformation : withoutInformation;
}
