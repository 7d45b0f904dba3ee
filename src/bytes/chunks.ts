/** A source read by `for await`, for apps: convenient, and one promise a chunk. What carries bytes on uses sinks. */
import { asError } from './as-error.ts';
import { copied } from './copied.ts';
import type { Sink, Source } from './source.ts';

/**
 * The bytes of `source` for `for await`: one chunk at a time, the next asked for when the loop comes round. Chunks are
 * copies, to keep. Leaving the loop cancels the source; a failure is thrown into it. Trailers are dropped.
 */
export function chunks(source: Source): AsyncIterableIterator<Uint8Array<ArrayBuffer>> {
	return new Chunks(source);
}

type Chunk = Uint8Array<ArrayBuffer>;
type Waiter = { resolve(result: IteratorResult<Chunk>): void; reject(reason: Error): void };

class Chunks implements AsyncIterableIterator<Chunk>, Sink {
	private readonly source: Source;
	private readonly ready: Chunk[] = [];
	private readonly waiters: Waiter[] = [];
	private started = false;
	private over = false;
	private error: Error | null = null;

	constructor(source: Source) {
		this.source = source;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Promise<IteratorResult<Chunk>> {
		return new Promise((resolve, reject) => {
			this.waiters.push({ resolve, reject });
			if (this.settle() || this.over) return;
			if (this.started) return this.source.resume();
			this.started = true;
			try {
				this.source.start(this);
			} catch (error) {
				this.fail(asError(error));
			}
		});
	}

	return(): Promise<IteratorResult<Chunk>> {
		if (!this.over) this.source.cancel();
		this.ready.length = 0;
		this.over = true;
		this.error = null;
		while (this.settle());
		return Promise.resolve({ done: true, value: undefined });
	}

	write(chunk: Uint8Array): boolean {
		this.ready.push(copied(chunk));
		this.settle();
		return this.waiters.length > 0;
	}

	end(): void {
		this.over = true;
		while (this.settle());
	}

	fail(reason: Error): void {
		this.over = true;
		this.error = reason;
		while (this.settle());
	}

	/** Answers the first call of `next` that waits, if there is something to say; true when it did. */
	private settle(): boolean {
		const [waiter] = this.waiters;
		if (waiter === undefined) return false;
		const chunk = this.ready.shift();
		if (chunk !== undefined) waiter.resolve({ done: false, value: chunk });
		else if (!this.over) return false;
		else if (this.error === null) waiter.resolve({ done: true, value: undefined });
		else waiter.reject(this.error);
		if (chunk === undefined) this.error = null;
		this.waiters.shift();
		return true;
	}
}
