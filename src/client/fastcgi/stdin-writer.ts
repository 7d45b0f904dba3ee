/** Sends one request: variables and small body in one write, anything else in records of STDIN with back-pressure. */
import type { Sink, Source } from '../../bytes/index.ts';
import { UpstreamError } from '../../convention/index.ts';
import {
	MOST_CONTENT,
	recordHead,
	requestRecords,
	STDIN_END,
	streamRecords,
	types,
} from '../../protocol/fastcgi/index.ts';
import type { FastCgiConnection } from './fastcgi-connection.ts';
import type { FastCgiExchange } from './fastcgi-exchange.ts';

export class StdinWriter implements Sink {
	private readonly connection: FastCgiConnection;
	private readonly exchange: FastCgiExchange;
	private source: Source | null = null;
	/** Bytes of the body that CONTENT_LENGTH has promised and that were not sent yet. */
	private left = 0;
	private ended = false;

	constructor(connection: FastCgiConnection, exchange: FastCgiExchange) {
		this.connection = connection;
		this.exchange = exchange;
	}

	/** Whether all of the request is out. */
	get done(): boolean {
		return this.ended;
	}

	begin(keep: boolean): void {
		const { content, source, pairs } = this.exchange;
		const { transport } = this.connection;
		const head = requestRecords(pairs, keep);
		if (source !== null) {
			transport.write(head);
			this.source = source;
			this.left = source.length ?? 0;
			source.start(this);
			return;
		}
		this.ended = true;
		if (content === null || content.length === 0) transport.write(head + STDIN_END);
		else if (typeof content === 'string') transport.write(head + streamRecords(types.STDIN, content) + STDIN_END);
		else {
			transport.write(head);
			this.records(content);
			transport.write(STDIN_END);
		}
	}

	drained(): void {
		if (!this.ended) this.source?.resume();
	}

	/** The response is there, or there will be none: the rest of the body is not needed. */
	abandon(reason?: unknown): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		if (this.ended || chunk.length === 0) return true;
		this.left -= chunk.length;
		if (this.left < 0) {
			this.fail(mismatch());
			return false;
		}
		const more = this.records(chunk);
		this.connection.requestMoved();
		return more;
	}

	end(): void {
		if (this.ended) return;
		if (this.left > 0) return this.fail(mismatch());
		this.ended = true;
		this.connection.transport.write(STDIN_END);
		this.connection.requestMoved();
	}

	/** The client's body was cut short: the stream is not ended, and the connection is dropped. */
	fail(reason: Error): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
		this.connection.bodyFailed(reason);
	}

	private records(chunk: Uint8Array): boolean {
		const { transport } = this.connection;
		if (chunk.length <= MOST_CONTENT) return transport.writeFramed(recordHead(types.STDIN, chunk.length), chunk, '');
		let more = true;
		for (let at = 0; at < chunk.length; at += MOST_CONTENT) {
			const piece = chunk.subarray(at, at + MOST_CONTENT);
			more = transport.writeFramed(recordHead(types.STDIN, piece.length), piece, '');
		}
		return more;
	}
}

/** RFC 9110 section 8.6: a length that is not the body's is a fault of who made the request. */
export function mismatch(): UpstreamError {
	return new UpstreamError('http_request_error', {
		phase: 'send',
		message: 'The body is not as long as it was said to be',
	});
}
