/** An exchange on one HTTP/2 stream. */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Tunnel } from '../../bytes/index.ts';
import { type Abilities, Disconnected, UpstreamError } from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import { receivedTrailers, type WireFields, wireFields } from '../../protocol/h2/index.ts';
import type { Member } from '../../transport/index.ts';
import { StreamTunnel } from '../../transport/node/index.ts';
import { type BodyOwner, NodeBody } from '../node-body.ts';
import type { NodeConnection } from '../node-connection.ts';
import { type OutgoingHead, type RequestFacts, ServedExchange, type ServedHost } from '../served-exchange.ts';
import { resetCode } from './reset-code.ts';

/** Names have no case in HTTP/2. */
const abilities: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: false,
	halfClose: true,
	sendFile: false,
};

/** Pieces from this length on are lent to node, which takes as long as it needs for them; shorter ones are copied. */
const LENT = 16_384;

/** Milliseconds without a byte of a request that has been answered. */
const LINGER = 5_000;

export class H2Exchange extends ServedExchange implements BodyOwner, Member {
	rosterPlace = -1;
	readonly can: Abilities = abilities;
	readonly canTrail = true;
	declare body: NodeBody | null;
	/** We have reset the stream. */
	wasCut = false;
	private readonly stream: ServerHttp2Stream;
	private readonly expectsContinue: boolean;
	private continued = false;
	private incomingTrailers: FieldList | null = null;
	private outgoingTrailers: FieldList | null = null;
	private isTunnel = false;
	/** The rest of the request is not wanted. */
	private gaveUp = false;

	/** `ended`: the request has no body. */
	constructor(
		listener: ServedHost,
		owner: NodeConnection,
		facts: RequestFacts,
		stream: ServerHttp2Stream,
		ended: boolean,
		bodyBytes: number,
	) {
		super(listener, owner, facts);
		this.stream = stream;
		this.expectsContinue = /^100-continue$/i.test(facts.fields.getTagged(tags.expect) ?? '');
		if (ended || facts.offers.length > 0) this.requestDone = true;
		else this.body = this.bodyOf(bodyBytes);
		stream.on('finish', () => this.responseFinished());
	}

	private bodyOf(most: number): NodeBody {
		const { stream, fields } = this;
		stream.on('trailers', (_headers, _flags, raw?: string[]) => {
			this.incomingTrailers = receivedTrailers(raw ?? []);
		});
		const declared = fields.getTagged(tags['content-length']);
		return new NodeBody(stream, this, {
			length: declared === null ? null : Number(declared),
			most,
			trailers: () => this.incomingTrailers,
			intact: () => this.intact,
		});
	}

	private get intact(): boolean {
		const { stream } = this;
		return !stream.aborted && (stream.rstCode ?? 0) === constants.NGHTTP2_NO_ERROR;
	}

	// What the body reports.

	bodyStarted(): void {
		if (!this.expectsContinue || this.continued || this.answered) return;
		this.sendInformational(100, FieldList.empty());
	}

	bodyMoved(): void {
		this.clock.arm();
	}

	/** The rest is not read: the window closes, and the stream is reset when the answer is out. */
	bodyExceeds(): void {
		this.giveUpRequest();
		if (this.isOver) this.restUnwanted();
	}

	// How it is written.

	get unsent(): number {
		return this.stream.writableLength;
	}

	protected sendInformational(status: number, fields: FieldList): void {
		if (this.stream.headersSent || this.stream.destroyed) return;
		if (status === 100) this.continued = true;
		this.stream.additionalHeaders(headersOf(status, fields, null));
	}

	/** A stream that was reset takes no head; that it has closed is told a turn later. */
	private get open(): ServerHttp2Stream {
		if (this.stream.destroyed) throw new Disconnected();
		return this.stream;
	}

	sendHead(head: OutgoingHead): void {
		const stream = this.open;
		stream.on('drain', () => this.drained());
		stream.on('wantTrailers', () => this.sendTrailers());
		stream.respond(responseHeaders(head), { waitForTrailers: true });
	}

	sendWhole(head: OutgoingHead, body: string | Uint8Array): void {
		const stream = this.open;
		if (body.length === 0) {
			stream.respond(responseHeaders(head), { endStream: true });
			// Nothing is written, so nothing tells that it has been.
			this.ending = true;
			stream.end();
			return;
		}
		stream.respond(responseHeaders(head));
		if (typeof body === 'string') stream.end(body, 'latin1');
		else stream.end(body);
	}

	flushHead(): void {}

	sendBody(chunk: Uint8Array): boolean {
		if (chunk.length < LENT) return this.stream.write(new Uint8Array(chunk));
		this.stream.write(chunk, (error) => {
			if (!error) this.drained();
		});
		return false;
	}

	sendEnd(trailers: FieldList | null): void {
		this.outgoingTrailers = trailers;
		this.stream.end();
	}

	/** Without any, node ends the stream by an empty frame. */
	private sendTrailers(): void {
		const { stream, outgoingTrailers: trailers } = this;
		try {
			stream.sendTrailers(trailers === null ? {} : headersOf(null, trailers, null));
		} catch (error) {
			this.listener.logFailure(this, error);
			this.cut(error);
		}
	}

	protected tunnel(head: OutgoingHead): Tunnel {
		const stream = this.open;
		this.isTunnel = true;
		stream.respond(headersOf(head.status, head.fields, null));
		const options = {
			idle: this.listener.timeouts.tunnelIdle,
			drop: (reason: Error | null): void => this.dropTunnel(reason),
			intact: () => this.intact,
		};
		return new StreamTunnel(stream, options, (sent, received, error) => {
			this.bytes = sent;
			this.tunnelled = received;
			if (error === null) this.succeed();
			else this.abandon(error);
		});
	}

	/**
	 * What has happened to the connection behind it: CONNECT_ERROR (RFC 9113 section 8.5), and CANCEL for a WebSocket (RFC 8441
	 * section 5). CANCEL, too, where it is us who want no more of it.
	 */
	private dropTunnel(reason: Error | null): void {
		const { stream, offers } = this;
		if (stream.destroyed) return;
		this.wasCut = true;
		const broken = reason instanceof UpstreamError && offers.includes('connect');
		stream.close(broken ? constants.NGHTTP2_CONNECT_ERROR : constants.NGHTTP2_CANCEL);
	}

	// How it ends.

	/** Told by the session. */
	streamClosed(): void {
		if (this.isTunnel) return;
		const { stream, ending } = this;
		// Where both ends are through, node may close the stream without saying that what was written has been sent. A client
		// that resets in the middle without an error cannot be told from that; none has a reason to.
		const whole = stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted && stream.writableEnded;
		if (ending && whole && stream.writableLength === 0) this.succeed();
		this.abandon(undefined);
	}

	/** What nobody wants of the request is dropped up to a point: not every client takes a reset for what it is. */
	private responseFinished(): void {
		if (this.isTunnel || this.isOver || !this.ending) return;
		this.succeed();
		if (this.requestDone) return;
		if (this.gaveUp) return this.restUnwanted();
		if (this.body?.untouched === true) this.body.cancel();
		this.awaitRest();
	}

	/** RFC 9113 section 8.1: an answer before the end of its request may be followed by a reset without an error. */
	private restUnwanted(): void {
		this.stream.close(constants.NGHTTP2_NO_ERROR);
	}

	/** Waits for the rest of the request as long as some of it comes. */
	private awaitRest(): void {
		const { stream, body } = this;
		let before = body?.received ?? 0;
		const timer = setInterval(() => {
			const now = body?.received ?? 0;
			if (now === before) this.restUnwanted();
			before = now;
		}, LINGER).unref();
		stream.once('close', () => clearInterval(timer));
	}

	giveUpRequest(): void {
		this.gaveUp = true;
		if (!this.requestDone) this.stream.pause();
	}

	protected cut(cause: unknown): void {
		const { stream } = this;
		if (stream.closed || stream.destroyed) return;
		this.wasCut = true;
		stream.close(resetCode(cause));
	}
}

function responseHeaders(head: OutgoingHead): OutgoingHttpHeaders {
	return headersOf(head.status, head.fields, head.framing >= 0 ? head.framing : null);
}

function headersOf(status: number | null, fields: FieldList, length: number | null): OutgoingHttpHeaders {
	const headers: Record<string, string | number | string[]> = Object.create(null);
	if (status !== null) headers[':status'] = status;
	wireFields(fields, headers as WireFields);
	if (length !== null) headers['content-length'] = String(length);
	return headers as OutgoingHttpHeaders;
}
