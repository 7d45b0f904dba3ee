/** A body that is counted as it flows, and ends where there is nothing left. */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';
import type { Meter } from './meter.ts';

/** What is cut off when there is nothing left. */
export interface Cut {
	cut(): void;
}

export class CountedSource implements Source, Sink, Cut {
	readonly length: number | null;
	private readonly source: Source;
	private readonly meter: Meter;
	private readonly error: () => Error;
	private sink: Sink | null = null;
	private used = false;

	constructor(source: Source, meter: Meter, error: () => Error) {
		this.length = source.length;
		this.source = source;
		this.meter = meter;
		this.error = error;
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		if (this.meter.over) this.cut();
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
		if (this.sink === null) return false;
		if (!this.meter.take(chunk.length)) this.cut();
		// `take` may have cut it by itself.
		return (this.sink as Sink | null)?.write(chunk) ?? false;
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

	cut(): void {
		const { sink } = this;
		if (sink === null) return;
		const error = this.error();
		this.sink = null;
		this.source.cancel(error);
		sink.fail(error);
	}
}
