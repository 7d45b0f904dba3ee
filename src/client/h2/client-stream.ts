/** One request on a stream of HTTP/2, and what comes back on it. */
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { copied, type Sink, type Source } from '../../bytes/index.ts';
import { type Address, Disconnected, UpstreamError } from '../../convention/index.ts';
import { FieldList, type Fields, tags } from '../../fields/index.ts';
import { errorCodes, type Pseudo, receivedFields, receivedTrailers, wireFields } from '../../protocol/h2/index.ts';
import { type Member, Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import type { Carrier, ClientExchange } from '../client-exchange.ts';
import type { UpstreamTimeouts } from '../options.ts';
import type { ClientSession } from './client-session.ts';
import { requestHeaders } from './request-headers.ts';
import { ResponseBody, type ResponseBodyOwner } from './response-body.ts';
import { asksForWebSocket, openWebSocket } from './web-socket.ts';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
const { NGHTTP2_STREAM_STATE_CLOSED, NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE } = constants;

/** What the time-outs wait for. */
type Phase = 'continue' | 'request' | 'head' | 'body' | 'tunnel';

export class ClientStream implements Carrier, Sink, TimerOwner, ResponseBodyOwner, Member {
	rosterPlace = -1;
	readonly version = '2';
	exchange: ClientExchange | null;
	private readonly session: ClientSession;
	private readonly timer: Timer = new Timer(this);
	private stream: ClientHttp2Stream | null = null;
	private source: Source | null = null;
	private phase: Phase = 'request';
	/** All of the request is out, or no more of it will be. */
	private sent = false;
	private trailers: FieldList | null = null;
	private incoming: ResponseBody | null = null;
	private incomingTrailers: FieldList | null = null;

	constructor(session: ClientSession, exchange: ClientExchange) {
		this.session = session;
		this.exchange = exchange;
	}

	get transport(): { readonly remote: Address } {
		return this.session;
	}

	begin(session: ClientHttp2Session): void {
		const exchange = this.exchange as ClientExchange;
		const { content, source } = exchange;
		const webSocket = asksForWebSocket(exchange.fields);
		const hasBody = source !== null || (content !== null && content.length > 0);
		try {
			const headers = requestHeaders(exchange, this.session.sessions.origin, webSocket);
			this.stream = session.request(headers, { endStream: !hasBody && !webSocket, waitForTrailers: source !== null });
		} catch (error) {
			return this.refused(error as NodeJS.ErrnoException);
		}
		this.listen(this.stream);
		this.sent = source === null;
		if (content !== null && hasBody)
			this.stream.end(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
		this.source = source;
		if (source === null) return this.wait('head');
		if (exchange.fields.hasTagged(tags.expect)) return this.wait('continue');
		this.startBody(source);
		this.moved();
	}

	/** The request could not even be written. */
	private refused(error: NodeJS.ErrnoException): void {
		const { exchange } = this;
		this.settle();
		const spent = error.code === 'ERR_HTTP2_OUT_OF_STREAMS' || error.code === 'ERR_HTTP2_INVALID_SESSION';
		if (spent || error.code === 'ERR_HTTP2_GOAWAY_SESSION') {
			this.session.retire();
			exchange?.unprocessed(new UpstreamError('connection_terminated', { retryable: true, cause: error }));
		} else exchange?.fail(new UpstreamError('http_request_error', { phase: 'send', cause: error }));
		this.session.released(this);
	}

	private listen(stream: ClientHttp2Stream): void {
		stream.on('headers', (_headers, _flags, raw?: string[]) => this.guarded(() => this.interim(raw ?? [])));
		stream.on('response', (_headers, flags, raw?: string[]) => this.guarded(() => this.responded(flags, raw ?? [])));
		stream.on('trailers', (_headers, _flags, raw?: string[]) => {
			this.incomingTrailers = receivedTrailers(raw ?? []);
		});
		stream.on('wantTrailers', () => this.sendTrailers(stream));
		stream.on('drain', () => this.drained());
		stream.on('error', () => {});
		stream.on('close', () => this.closed(stream));
	}

	/** A fault of ours, or of a source of somebody's, is this exchange's affair and nobody else's. */
	private guarded(work: () => void): void {
		try {
			work();
		} catch (error) {
			this.giveUp(new UpstreamError('proxy_internal_error', { cause: error }));
		}
	}

	// The request's body.

	private startBody(source: Source): void {
		this.guarded(() => source.start(this));
	}

	write(chunk: Uint8Array): boolean {
		if (this.sent || this.stream === null) return true;
		const more = this.stream.write(copied(chunk));
		this.moved();
		return more;
	}

	end(trailers?: Fields): void {
		if (this.sent) return;
		this.sent = true;
		this.trailers = trailers === undefined ? null : FieldList.from(trailers);
		this.stream?.end();
		this.moved();
	}

	/** The client's body was cut short: the upstream must not take it for complete. */
	fail(reason: Error): void {
		if (this.sent) return;
		const { exchange } = this;
		this.abort(reason);
		exchange?.exchangeClosed(reason);
	}

	private drained(): void {
		this.moved();
		if (!this.sent && this.phase !== 'continue') this.source?.resume();
	}

	private sendTrailers(stream: ClientHttp2Stream): void {
		try {
			stream.sendTrailers(this.trailers === null ? {} : wireFields(this.trailers));
		} catch (error) {
			this.giveUp(new UpstreamError('http_request_error', { phase: 'send', cause: error }));
		}
	}

	/** No more of it is wanted. */
	private abandonRequest(reason?: unknown): void {
		if (this.sent) return;
		this.sent = true;
		this.source?.cancel(reason);
	}

	private goOn(): void {
		if (this.phase !== 'continue') return;
		this.phase = 'request';
		if (this.source !== null) this.startBody(this.source);
		this.moved();
	}

	// What comes back.

	/** RFC 9110 section 15.2: every 1xx is passed on, but the 100 that we asked for ourselves. */
	private interim(raw: readonly string[]): void {
		const { exchange } = this;
		if (exchange === null) return;
		const pseudo: Pseudo = {};
		const fields = receivedFields(raw, pseudo);
		const status = Number(pseudo[':status']);
		if (status === 100 && exchange.fields.hasTagged(tags.expect)) return this.goOn();
		exchange.answered = true;
		if (status >= 100 && status < 200 && status !== 101) exchange.context.inform(status, fields);
	}

	private responded(flags: number, raw: readonly string[]): void {
		const { exchange, stream } = this;
		if (exchange === null || stream === null) return;
		const pseudo: Pseudo = {};
		const fields = receivedFields(raw, pseudo);
		const status = Number(pseudo[':status']);
		exchange.answered = true;
		if (this.phase === 'continue') this.abandonRequest();
		const head = { status, reason: null, fields };
		if (asksForWebSocket(exchange.fields) && status < 300) return this.openTunnel(exchange, head, stream);
		if ((flags & NGHTTP2_FLAG_END_STREAM) !== 0) {
			stream.resume();
			this.bodyEnded();
			return exchange.respond(head, null);
		}
		const declared = fields.getTagged(tags['content-length']);
		this.incoming = new ResponseBody(stream, declared === null ? null : Number(declared), this);
		exchange.context.onFinished(exchange);
		this.wait('body');
		exchange.respond(head, this.incoming);
	}

	private openTunnel(exchange: ClientExchange, head: { fields: FieldList }, stream: ClientHttp2Stream): void {
		this.phase = 'tunnel';
		wheel.remove(this.timer);
		openWebSocket(exchange, head.fields, stream, this.session.sessions.settings.timeouts);
	}

	get trailing(): FieldList | null {
		return this.incomingTrailers;
	}

	bodyMoved(waiting: boolean): void {
		if (this.phase !== 'body') return;
		wheel.set(this.timer, waiting ? this.session.sessions.settings.timeouts.idle : 0, this.exchange?.whole ?? 0);
	}

	/** The response is complete: whatever is left of the request has no meaning any more (RFC 9113 section 8.1). */
	bodyEnded(): void {
		this.exchange?.ended();
		wheel.remove(this.timer);
		if (this.sent) return;
		this.abandonRequest();
		this.stream?.close(NGHTTP2_CANCEL);
	}

	bodyCancelled(reason: unknown): void {
		this.abort(reason instanceof Error ? reason : new Disconnected());
	}

	// Time.

	private wait(phase: Phase): void {
		this.phase = phase;
		const { timeouts } = this.session.sessions.settings;
		const { exchange } = this;
		// The deadline of a layer is the head's.
		const latest = (phase === 'body' ? exchange?.whole : exchange?.deadline) ?? 0;
		wheel.set(this.timer, patienceFor(phase, timeouts), latest);
	}

	/** The upstream's time runs while it has something to do: bytes to take, or an answer to make. The client's is not ours. */
	private moved(): void {
		const { stream, phase } = this;
		if (phase !== 'request' && phase !== 'head') return;
		if (this.sent) this.wait('head');
		else if (stream?.writableNeedDrain === true) this.wait('request');
		else wheel.set(this.timer, 0, this.exchange?.whole ?? 0);
	}

	timedOut(): void {
		if (this.phase === 'continue' && this.session.sessions.settings.timeouts.continue > 0) return this.goOn();
		this.session.suspect();
		this.giveUp(new UpstreamError(this.phase === 'body' ? 'connection_read_timeout' : 'http_response_timeout'));
	}

	// How it ends.

	dropUnread(): void {
		if (this.incoming?.untouched === true) this.incoming.cancel();
	}

	abort(reason: Error): void {
		const { incoming, stream } = this;
		this.settle();
		this.abandonRequest(reason);
		if (stream !== null && !stream.destroyed) stream.close(NGHTTP2_CANCEL);
		incoming?.cutShort(reason);
	}

	/** The upstream has failed us. */
	private giveUp(error: UpstreamError): void {
		const { exchange } = this;
		this.abort(error);
		exchange?.fail(error);
	}

	/** Nobody is served any more. */
	private settle(): void {
		wheel.remove(this.timer);
		this.exchange?.ended();
		this.exchange = null;
	}

	private closed(stream: ClientHttp2Stream): void {
		const { exchange } = this;
		const code = stream.rstCode ?? NGHTTP2_NO_ERROR;
		this.settle();
		this.abandonRequest();
		if (exchange !== null && !exchange.isOver) {
			if (code === NGHTTP2_REFUSED_STREAM) exchange.unprocessed(this.lostError(code));
			else exchange.lostConnection(this.session.wasUsed, this.lostError(code));
		}
		this.session.released(this);
	}

	/** No more frames will come: a response that is complete is read on. */
	peerLeft(): void {
		const { stream, exchange } = this;
		const state = stream?.state.state;
		if (state === NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE || state === NGHTTP2_STREAM_STATE_CLOSED) return;
		const error = this.session.lost;
		this.abort(error);
		exchange?.lostConnection(this.session.wasUsed, error);
	}

	private lostError(code: number): UpstreamError {
		if (code === NGHTTP2_NO_ERROR || this.session.isGone) return this.session.lost;
		return new UpstreamError('http_protocol_error', { details: errorCodes[code] ?? String(code) });
	}
}

function patienceFor(phase: Phase, timeouts: UpstreamTimeouts): number {
	if (phase === 'tunnel') return 0;
	if (phase === 'body') return timeouts.idle;
	return phase === 'continue' && timeouts.continue > 0 ? timeouts.continue : timeouts.firstByte;
}
