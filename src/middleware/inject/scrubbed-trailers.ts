/** A body whose trailers are looked through; its bytes are left alone. */
import type { Sink, Source } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';
import type { Scrubber } from './scrubber.ts';

export class ScrubbedTrailers implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly scrubber: Scrubber;
	private sink: Sink | null = null;

	constructor(source: Source, scrubber: Scrubber) {
		this.length = source.length;
		this.source = source;
		this.scrubber = scrubber;
	}

	start(sink: Sink): void {
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		return (this.sink as Sink).write(chunk);
	}

	end(trailers?: Fields): void {
		const sink = this.sink as Sink;
		if (trailers === undefined) sink.end();
		else sink.end(this.scrubber.fields(trailers));
	}

	fail(reason: Error): void {
		(this.sink as Sink).fail(reason);
	}
}
