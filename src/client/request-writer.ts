/** Sends one request: head and small payload in one write, anything else with back-pressure. */
import { type Sink, type Source, WholeSource } from '../bytes/index.ts';
import { FieldList, type Fields, tags } from '../fields/index.ts';
import { CHUNKED, type Framing, NONE } from '../protocol/h1/index.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ClientExchange } from './client-exchange.ts';

/** Methods whose meaning expects a body: an absent one is said to be empty (RFC 9110 section 8.6). */
const EXPECTS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export class RequestWriter implements Sink {
	private readonly connection: ClientConnection;
	private readonly exchange: ClientExchange;
	private source: Source | null = null;
	private ended = false;
	/** The body waits for `100 Continue`. */
	private waiting = false;

	constructor(connection: ClientConnection, exchange: ClientExchange) {
		this.connection = connection;
		this.exchange = exchange;
	}

	/** Whether all of the request is out. */
	get done(): boolean {
		return this.ended;
	}

	/** Whether the body waits for `100 Continue`. */
	get awaitsContinue(): boolean {
		return this.waiting;
	}

	begin(): void {
		const { connection, exchange } = this;
		const { content, source, request, fields } = exchange;
		const { codec, transport } = connection;
		const host = fields.hasTagged(tags.host) ? '' : hostLine(request.authority || connection.authority);
		const head = codec.requestHead(request.method, request.target, fields, this.framing(content, source), host);
		if (source !== null) {
			transport.write(head);
			this.source = source;
			this.waiting = fields.hasTagged(tags.expect);
			if (!this.waiting) source.start(this);
			return;
		}
		if (content !== null && content.length > 0) {
			codec.bodyHead(content.length);
			if (typeof content === 'string') transport.write(head + content);
			else transport.writeFramed(head, content, '');
		} else {
			transport.write(head);
		}
		codec.end(null);
		this.ended = true;
	}

	/** The upstream wants the body, or has not said for too long that it does not. */
	goOn(): void {
		if (!this.waiting) return;
		this.waiting = false;
		this.source?.start(this);
	}

	drained(): void {
		if (!this.ended && !this.waiting) this.source?.resume();
	}

	/** The response is there, or there will be none: the rest of the payload is not needed. */
	abandon(reason?: unknown): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
	}

	private framing(content: string | Uint8Array | null, source: Source | null): Framing {
		// A source that is whole all the same has trailers, and those need chunks.
		if (source instanceof WholeSource) return CHUNKED;
		if (source !== null) return source.length ?? CHUNKED;
		if (content !== null) return content.length;
		const { method } = this.exchange.request;
		if (EXPECTS_BODY.has(method)) return 0;
		return this.exchange.fields.hasTagged(tags['content-length']) && method !== 'CONNECT' ? 0 : NONE;
	}

	write(chunk: Uint8Array): boolean {
		if (this.ended || chunk.length === 0) return true;
		const { codec, transport } = this.connection;
		try {
			const before = codec.bodyHead(chunk.length);
			const more = transport.writeFramed(before, chunk, codec.bodyTail());
			this.connection.requestMoved();
			return more;
		} catch (error) {
			this.fail(error as Error);
			return true;
		}
	}

	end(trailers?: Fields): void {
		if (this.ended) return;
		const { codec, transport } = this.connection;
		try {
			const last = codec.end(trailers === undefined ? null : FieldList.from(trailers));
			if (last.length > 0) transport.write(last);
		} catch (error) {
			return this.fail(error as Error);
		}
		this.ended = true;
		this.connection.requestMoved();
	}

	/** The client's body was cut short: upstream must not take it for complete. */
	fail(reason: Error): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
		this.connection.bodyFailed(reason);
	}
}

let lastHost = '';
let lastLine = '';

/** The last one is kept: requests come in rows for one host. */
function hostLine(host: string): string {
	if (host === lastHost) return lastLine;
	lastHost = host;
	lastLine = 'Host: ' + host + '\r\n';
	return lastLine;
}
