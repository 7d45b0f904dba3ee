/** A bound on the bytes of a source: what comes beyond it is refused before anybody sees it. */
import type { Fields } from '../fields/index.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

/**
 * The same bytes, as long as there are no more than `maximum`; else the sink fails with `error` and `source` is
 * cancelled. A source that declares a greater length fails when it is started, before its first byte.
 */
export function limited(source: Source, maximum: number, error: Error | (() => Error)): Source {
	return new Limited(source, maximum, error);
}

class Limited implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly error: Error | (() => Error);
	private left: number;
	private sink: Sink | null = null;
	private used = false;

	constructor(source: Source, maximum: number, error: Error | (() => Error)) {
		this.length = source.length;
		this.source = source;
		this.left = maximum;
		this.error = error;
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		if (this.length !== null && this.length > this.left) this.refuse(sink);
		else this.source.start(this);
	}

	resume(): void {
		if (this.sink !== null) this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.sink = null;
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		const { sink } = this;
		if (sink === null) return false;
		this.left -= chunk.length;
		if (this.left >= 0) return sink.write(chunk);
		this.refuse(sink);
		return false;
	}

	end(trailers?: Fields): void {
		const { sink } = this;
		this.sink = null;
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	fail(reason: Error): void {
		const { sink } = this;
		this.sink = null;
		sink?.fail(reason);
	}

	private refuse(sink: Sink): void {
		const error = typeof this.error === 'function' ? this.error() : this.error;
		this.sink = null;
		this.source.cancel(error);
		sink.fail(error);
	}
}
