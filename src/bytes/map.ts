/** Bytes changed on their way: compression, decoding, rewriting. The transform is synchronous; pauses are kept here. */
import type { Fields } from '../fields/index.ts';
import { asError } from './as-error.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

/** Hands on a chunk. It must stay as it is until the transform is called again. */
export type Push = (chunk: Uint8Array) => void;

/** What is done to each chunk. An error thrown from it fails the sink and cancels the source. */
export interface Transform {
	/** Takes a chunk and pushes any number; a part of `chunk` itself may be pushed, too. To keep some of it, copy it. */
	write(chunk: Uint8Array, push: Push): void;
	/** Pushes what is left. */
	end?(push: Push): void;
	/** The bytes failed or nobody wants them any more: free what is held. Called at most once, not after `end`, perhaps from within `push`. */
	cancel?(): void;
}

/** What comes out of `transform` when the bytes of `source` go in. Its length is unknown unless it is given here. */
export function mapped(source: Source, transform: Transform, length: number | null = null): Source {
	return new Mapped(source, transform, length);
}

const FRESH = 0;
const FLOWING = 1;
const PAUSED = 2;
const DONE = 3;

class Mapped implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly transform: Transform;
	private sink: Sink | null = null;
	private state = FRESH;
	/** Chunks pushed by one call of the transform after the sink had paused. */
	private waiting: Uint8Array[] = [];
	private ended = false;
	private trailers: Fields | undefined;

	constructor(source: Source, transform: Transform, length: number | null) {
		this.source = source;
		this.transform = transform;
		this.length = length;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.state = FLOWING;
		this.sink = sink;
		try {
			this.source.start(this);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	resume(): void {
		if (this.state !== PAUSED) return;
		this.state = FLOWING;
		const { waiting } = this;
		while (waiting.length > 0 && this.state === FLOWING) this.deliver(waiting.shift() as Uint8Array);
		if (this.state !== FLOWING) return;
		if (this.ended) this.finish();
		else this.source.resume();
	}

	cancel(reason?: unknown): void {
		if (this.state === DONE) return;
		this.close();
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		if (this.state === DONE) return false;
		try {
			this.transform.write(chunk, this.push);
		} catch (error) {
			this.broken(error);
		}
		return this.state === FLOWING;
	}

	end(trailers?: Fields): void {
		if (this.state === DONE) return;
		this.ended = true;
		this.trailers = trailers;
		try {
			this.transform.end?.(this.push);
		} catch (error) {
			this.broken(error);
		}
		if (this.state === FLOWING) this.finish();
	}

	fail(reason: Error): void {
		const { sink } = this;
		this.close();
		sink?.fail(reason);
	}

	private readonly push: Push = (chunk) => {
		if (chunk.length === 0) return;
		if (this.state === FLOWING) this.deliver(chunk);
		else if (this.state === PAUSED) this.waiting.push(chunk);
	};

	private deliver(chunk: Uint8Array): void {
		const more = (this.sink as Sink).write(chunk);
		if (!more && this.state === FLOWING) this.state = PAUSED;
	}

	private broken(error: unknown): void {
		const { sink } = this;
		if (sink === null) return;
		const reason = asError(error);
		this.close();
		this.source.cancel(reason);
		sink.fail(reason);
	}

	private finish(): void {
		const sink = this.sink as Sink;
		this.close();
		if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
	}

	private close(): void {
		if (this.state === DONE) return;
		this.state = DONE;
		this.sink = null;
		this.waiting.length = 0;
		if (!this.ended) this.transform.cancel?.();
	}
}
