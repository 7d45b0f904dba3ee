/** Bytes that break off behind so many of them. */
import { CutShortError, type Sink, type Source } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

export class CutSource implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private left: number;
	private sink: Sink | null = null;

	constructor(source: Source, bytes: number) {
		this.source = source;
		this.length = source.length;
		this.left = bytes;
	}

	start(sink: Sink): void {
		this.sink = sink;
		if (this.left === 0) return this.break();
		this.source.start(this);
	}

	resume(): void {
		if (this.sink !== null) this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.sink = null;
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		const { sink } = this;
		if (sink === null) return true;
		const part = chunk.length < this.left ? chunk : chunk.subarray(0, this.left);
		this.left -= part.length;
		const more = sink.write(part);
		if (this.left > 0) return more;
		this.break();
		return true;
	}

	end(trailers?: Fields): void {
		if (trailers === undefined) this.sink?.end();
		else this.sink?.end(trailers);
	}

	fail(reason: Error): void {
		this.sink?.fail(reason);
	}

	private break(): void {
		const { sink } = this;
		const error = new CutShortError('A fault was asked for');
		this.sink = null;
		this.source.cancel(error);
		sink?.fail(error);
	}
}
