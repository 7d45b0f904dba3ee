/**
 * A strict producer and a strict consumer. The producer takes its lent memory back the moment it may, so that whoever
 * keeps a chunk without copying it sees rubbish; the consumer pauses by a script and watches that nothing comes while it
 * is paused and that what it was lent stays as it is.
 */
import assert from 'node:assert/strict';
import type { Sink, Source } from '../../src/bytes/index.ts';
import type { Fields } from '../../src/fields/index.ts';

const RUBBISH = 0xee;

/** Delivers pieces through one buffer that is overwritten as soon as the rules of lending allow it. */
export class LendingSource implements Source {
	readonly length: number | null;
	cancelled: unknown[] = [];
	started = false;
	finished = false;
	private readonly pieces: Uint8Array[];
	private readonly later: boolean;
	private readonly trailers: Fields | undefined;
	private readonly error: Error | null;
	private sink: Sink | null = null;
	private paused = false;
	private lent: Uint8Array | null = null;

	constructor(pieces: Iterable<Uint8Array>, options: LendingOptions = {}) {
		this.pieces = [...pieces];
		this.length = options.length ?? null;
		this.later = options.later ?? false;
		this.trailers = options.trailers;
		this.error = options.error ?? null;
	}

	start(sink: Sink): void {
		assert.equal(this.started, false, 'started twice');
		this.started = true;
		this.sink = sink;
		this.go();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		this.takeBack();
		this.go();
	}

	cancel(reason?: unknown): void {
		this.cancelled.push(reason);
		this.sink = null;
	}

	private go(): void {
		if (this.later) setImmediate(() => this.deliver());
		else this.deliver();
	}

	private deliver(): void {
		while (this.sink !== null && !this.paused) {
			const piece = this.pieces.shift();
			if (piece === undefined) return this.finish(this.sink);
			this.lent = new Uint8Array(piece);
			if (!this.sink.write(this.lent)) {
				this.paused = true;
				return;
			}
			this.takeBack();
			if (this.later) return this.go();
		}
	}

	private finish(sink: Sink): void {
		this.sink = null;
		this.finished = true;
		if (this.error !== null) sink.fail(this.error);
		else if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
	}

	private takeBack(): void {
		this.lent?.fill(RUBBISH);
		this.lent = null;
	}
}

export interface LendingOptions {
	readonly length?: number | null;
	/** Each piece in a turn of its own. */
	readonly later?: boolean;
	readonly trailers?: Fields;
	readonly error?: Error;
}

/** Takes bytes, pausing where the script says true; `ready` says when the pause is over. */
export class StrictSink implements Sink {
	readonly taken: number[] = [];
	ends = 0;
	trailers: Fields | undefined;
	error: Error | null = null;
	paused = false;
	readonly done: Promise<void>;
	private readonly pauses: boolean[];
	private readonly source: () => Source | null;
	private at = 0;
	private settle: () => void = () => {};

	/** With `source`, a paused sink resumes it in a later turn; without, the test calls `release`. */
	constructor(pauses: boolean[] = [], source: () => Source | null = () => null) {
		this.pauses = pauses;
		this.source = source;
		this.done = new Promise((resolve) => {
			this.settle = resolve;
		});
	}

	get over(): boolean {
		return this.ends > 0 || this.error !== null;
	}

	get text(): string {
		return Buffer.from(this.taken).toString('latin1');
	}

	write(chunk: Uint8Array): boolean {
		assert.equal(this.paused, false, 'written while paused');
		assert.equal(this.over, false, 'written after the end');
		const seen = [...chunk];
		this.taken.push(...seen);
		if (this.pauses.length === 0 || this.pauses[this.at++ % this.pauses.length] !== true) return true;
		this.paused = true;
		const source = this.source();
		if (source !== null) {
			setImmediate(() => {
				if (this.error === null) assert.deepEqual([...chunk], seen, 'a lent chunk was changed');
				this.paused = false;
				source.resume();
			});
		}
		return false;
	}

	release(source: Source): void {
		this.paused = false;
		source.resume();
	}

	end(trailers?: Fields): void {
		assert.equal(this.over, false, 'ended twice');
		assert.equal(this.paused, false, 'ended while paused');
		this.ends++;
		this.trailers = trailers;
		this.settle();
	}

	fail(reason: Error): void {
		assert.equal(this.over, false, 'failed after the end');
		this.error = reason;
		this.settle();
	}
}

/** Starts `source` into a strict sink and waits for its end. */
export async function drained(source: Source, pauses: boolean[] = []): Promise<StrictSink> {
	const sink = new StrictSink(pauses, () => source);
	source.start(sink);
	await sink.done;
	return sink;
}

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
