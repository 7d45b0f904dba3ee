/** The body of a response out of a stream: it flows at the pace of whoever takes it, and its end is known from a stream's that was cut. */
import { type ClientHttp2Stream, constants } from 'node:http2';
import { CutShortError, fromReadable, type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import { UpstreamError } from '../../convention/index.ts';
import type { FieldList, Fields } from '../../fields/index.ts';

export interface ResponseBodyOwner {
	/** The fields behind the body, once it has ended. */
	readonly trailing: FieldList | null;
	/** `waiting`: for the upstream, and not for who takes it. */
	bodyMoved(waiting: boolean): void;
	bodyCancelled(reason: unknown): void;
	/** All of it has come. */
	bodyEnded(): void;
}

export class ResponseBody implements Source, Sink {
	readonly length: number | null;
	private readonly stream: ClientHttp2Stream;
	private readonly source: Source;
	private readonly owner: ResponseBodyOwner;
	private sink: Sink | null = null;
	private started = false;
	private failure: Error | null = null;

	constructor(stream: ClientHttp2Stream, length: number | null, owner: ResponseBodyOwner) {
		this.stream = stream;
		this.length = length;
		this.owner = owner;
		this.source = fromReadable(stream, { length, destroy: false, trailers: () => owner.trailing ?? undefined });
	}

	/** Nobody has begun to read it. */
	get untouched(): boolean {
		return !this.started;
	}

	start(sink: Sink): void {
		if (this.started) throw usedAlready();
		this.started = true;
		if (this.failure !== null) return sink.fail(this.failure);
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.owner.bodyMoved(true);
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.started = true;
		this.sink = null;
		this.owner.bodyCancelled(reason);
	}

	/** The exchange is given up. */
	cutShort(error: Error): void {
		this.failure ??= error;
		const { sink } = this;
		this.sink = null;
		sink?.fail(error);
	}

	// What comes out of the stream.

	write(chunk: Uint8Array): boolean {
		const more = this.sink?.write(chunk) ?? true;
		this.owner.bodyMoved(more);
		return more;
	}

	end(trailers?: Fields): void {
		// Node ends a stream that was reset, too.
		if (this.stream.aborted || (this.stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR)
			return this.fail(new CutShortError('The stream was reset'));
		const { sink } = this;
		this.sink = null;
		this.owner.bodyEnded();
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	fail(reason: Error): void {
		this.cutShort(new UpstreamError('http_response_incomplete', { cause: reason }));
	}
}
