/** A request's body that is still coming, and whether it is the client that is waited for. */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

export class WatchedBody implements Source, Sink {
	readonly length: number | null;
	/** The app reads, and the client does not send. */
	awaited = false;
	private readonly source: Source;
	private sink: Sink | null = null;
	private used = false;

	constructor(source: Source) {
		this.source = source;
		this.length = source.length;
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		this.awaited = true;
		this.source.start(this);
	}

	resume(): void {
		this.awaited = this.sink !== null;
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.over();
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		const more = this.sink?.write(chunk) ?? false;
		this.awaited = more && this.sink !== null;
		return more;
	}

	end(trailers?: Fields): void {
		const sink = this.over();
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	fail(reason: Error): void {
		this.over()?.fail(reason);
	}

	private over(): Sink | null {
		const { sink } = this;
		this.sink = null;
		this.awaited = false;
		return sink;
	}
}
