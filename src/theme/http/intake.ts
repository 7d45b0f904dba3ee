/**
 * A payload that is being read while it is open what becomes of it. Until `commit` every byte is kept, so that it can still
 * go out as it came: as a source this delivers what was kept, and pipes the rest behind it. Bytes are copied once, as they
 * come (they are lent), and stay as they are from then on.
 */
import { copied, type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

/** What is being read is larger than what is kept. */
export class TooLarge extends Error {
	override readonly name = 'TooLarge';
}

type Waiter = { resolve(chunk: Uint8Array | null): void; reject(reason: Error): void };

export class Intake implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly limit: number;
	private readonly paced: boolean;
	/** All that has come so far, before `commit`; afterwards what was not read yet. */
	private kept: Uint8Array[] = [];
	/** How many of `kept` were read. */
	private read = 0;
	private bytes = 0;
	private started = false;
	private committed = false;
	/** The source was told to stop. */
	private held = false;
	private cancelled = false;
	private ended = false;
	private trailers: Fields | undefined;
	private error: Error | null = null;
	private waiter: Waiter | null = null;
	private sink: Sink | null = null;
	private replayed = false;
	private paused = false;
	private delivering = false;

	/** Keeps no more than one chunk past `limit` bytes. `paced`: what is not asked for yet does not come; else it reads ahead. */
	constructor(source: Source, limit: number, paced = false) {
		this.source = source;
		this.length = source.length;
		this.limit = limit;
		this.paced = paced;
	}

	/** The next chunk, to keep; null at the end. Rejects with what the source fails with, and with TooLarge past the limit; never settles after a start or a cancel. */
	next(): Promise<Uint8Array | null> {
		return new Promise((resolve, reject) => {
			// Whoever is late to learn that it goes out as it came must not read on.
			if (this.replayed || this.cancelled) return;
			this.waiter = { resolve, reject };
			this.settle();
			if (this.waiter === null) return;
			if (!this.started) this.begin();
			else this.more();
		});
	}

	/** Whether it was the source that failed with this. */
	failedWith(error: unknown): boolean {
		return this.error !== null && this.error === error;
	}

	/** Whoever reads has all that matters: nothing is kept any more. */
	commit(): void {
		this.committed = true;
		this.kept = this.kept.slice(this.read);
		this.read = 0;
	}

	start(sink: Sink): void {
		if (this.replayed || this.committed) throw usedAlready();
		this.replayed = true;
		this.waiter = null;
		this.sink = sink;
		if (!this.started) this.begin();
		this.deliver();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		this.deliver();
	}

	cancel(reason?: unknown): void {
		if (this.cancelled) return;
		this.cancelled = true;
		this.sink = null;
		this.kept = [];
		const { waiter } = this;
		this.waiter = null;
		if (!this.ended && this.error === null) this.source.cancel(reason);
		waiter?.reject(reason instanceof Error ? reason : new Error('The page is no longer wanted', { cause: reason }));
	}

	write(chunk: Uint8Array): boolean {
		if (this.cancelled) return false;
		if (this.sink !== null && this.kept.length === 0) {
			this.paused = true;
			if (!this.sink.write(chunk)) {
				this.held = this.paused;
				return !this.held;
			}
			this.paused = false;
			return true;
		}
		this.kept.push(copied(chunk));
		this.bytes += chunk.length;
		this.settle();
		if (this.committed || this.paced) this.held = this.waiter === null;
		else this.held = this.bytes > this.limit || this.sink !== null;
		return !this.held;
	}

	end(trailers?: Fields): void {
		this.ended = true;
		this.trailers = trailers;
		this.settle();
		this.deliver();
	}

	fail(reason: Error): void {
		this.error = reason;
		this.settle();
		this.deliver();
	}

	private begin(): void {
		this.started = true;
		this.source.start(this);
	}

	/** Answers the call of `next` that waits, if there is something to say. */
	private settle(): void {
		const { waiter } = this;
		if (waiter === null) return;
		const chunk = this.committed ? this.kept.shift() : this.kept[this.read];
		const tooLarge = !this.committed && this.bytes > this.limit;
		if (chunk === undefined && !this.ended && this.error === null && !tooLarge) return;
		this.waiter = null;
		if (tooLarge) waiter.reject(new TooLarge(`The body is larger than ${this.limit} bytes`));
		else if (chunk !== undefined) {
			if (!this.committed) this.read += 1;
			waiter.resolve(chunk);
		} else if (this.error !== null) waiter.reject(this.error);
		else waiter.resolve(null);
	}

	/** Lets the source go on where it was told to stop. */
	private more(): void {
		if (!this.held || this.ended || this.error !== null || this.cancelled) return;
		this.held = false;
		this.source.resume();
	}

	/** As a source: what was kept, then what comes, then how it ended. */
	private deliver(): void {
		if (this.delivering) return;
		this.delivering = true;
		while (this.sink !== null && !this.paused && this.kept.length > 0) {
			// Set before: the sink may resume from within its write.
			this.paused = true;
			if (this.sink.write(this.kept.shift() as Uint8Array)) this.paused = false;
		}
		this.delivering = false;
		const { sink } = this;
		if (sink === null || this.paused) return;
		if (!this.ended && this.error === null) return this.more();
		this.sink = null;
		this.cancelled = true;
		if (this.error !== null) sink.fail(this.error);
		else if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
	}
}
