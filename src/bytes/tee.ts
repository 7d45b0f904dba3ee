/**
 * One source for two readers. The producer is paused while either reader is: the slower one sets the pace, and a chunk
 * lent to both is given back when both have done with it. A branch that nobody has started yet cannot set a pace, since
 * its owner may be waiting for the other one to end (`await request.clone().text()`); what it misses is copied, up to a
 * bound, and past the bound both branches fail, because waiting could be for ever.
 */
import type { Fields } from '../fields/index.ts';
import { asError } from './as-error.ts';
import { copied } from './copied.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';
import { WholeSource } from './whole.ts';

/** Bytes kept for a branch that was not started, unless `tee` is told otherwise. */
const BACKLOG = 1_048_576;

/** Both branches of a tee fail with it when one was read and the other not even started. */
export class BacklogError extends Error {
	override readonly name = 'BacklogError';
	readonly code = 'TEE_BACKLOG';
	constructor(limit: number) {
		super(
			`Two readers share this payload and one was not started: more than ${limit} bytes would have to be kept for it`,
		);
	}
}

/**
 * Two sources that both deliver all bytes of `source`. Cancelling one leaves the other; cancelling both cancels `source`.
 * `backlog` bounds the bytes that are kept for a branch before it is started (default 1 MiB).
 */
export function tee(source: Source, backlog: number = BACKLOG): [Source, Source] {
	if (source instanceof WholeSource) {
		const { trailers } = source;
		const content = source.take();
		return [new WholeSource(content, trailers), new WholeSource(content, trailers)];
	}
	const { left, right } = new Tee(source, backlog);
	return [left, right];
}

const FRESH = 0;
const FLOWING = 1;
const PAUSED = 2;
const DONE = 3;

/** The sink of the producer, and what the two branches share. */
class Tee implements Sink {
	readonly left: Branch;
	readonly right: Branch;
	private readonly source: Source;
	private readonly limit: number;
	private started = false;
	private finished = false;
	/** The producer was told to stop. */
	private held = false;
	/** A call of the producer is under way: its answer says whether to go on. */
	private busy = false;

	constructor(source: Source, limit: number) {
		this.source = source;
		this.limit = limit;
		this.left = new Branch(this, source.length);
		this.right = new Branch(this, source.length);
	}

	begin(): void {
		if (this.started || this.finished) return;
		this.started = true;
		this.source.start(this);
	}

	write(chunk: Uint8Array): boolean {
		this.busy = true;
		this.left.take(chunk);
		this.right.take(chunk);
		this.busy = false;
		if (this.left.unread > this.limit || this.right.unread > this.limit) {
			const error = new BacklogError(this.limit);
			this.source.cancel(error);
			this.fail(error);
			return false;
		}
		this.held = this.left.paused || this.right.paused;
		return !this.held;
	}

	end(trailers?: Fields): void {
		this.finished = true;
		this.left.finish(trailers);
		this.right.finish(trailers);
	}

	fail(reason: Error): void {
		this.finished = true;
		this.left.break(reason);
		this.right.break(reason);
	}

	/** A branch has resumed. */
	resumed(): void {
		if (!this.held || this.busy || this.finished || this.left.paused || this.right.paused) return;
		this.held = false;
		this.source.resume();
	}

	/** A branch was cancelled. */
	cancelled(reason: unknown): void {
		if (this.finished) return;
		if (this.left.done && this.right.done) {
			this.finished = true;
			this.source.cancel(reason);
		} else {
			this.resumed();
		}
	}
}

class Branch implements Source {
	readonly length: number | null;
	private readonly hub: Tee;
	private sink: Sink | null = null;
	private state = FRESH;
	/** Copies of what came before this branch could take it. */
	private backlog: Uint8Array[] = [];
	private kept = 0;
	private draining = false;
	private ended = false;
	private trailers: Fields | undefined;
	private error: Error | null = null;

	constructor(hub: Tee, length: number | null) {
		this.hub = hub;
		this.length = length;
	}

	get paused(): boolean {
		return this.state === PAUSED;
	}

	get done(): boolean {
		return this.state === DONE;
	}

	/** Bytes kept because the branch was not started yet. */
	get unread(): number {
		return this.state === FRESH ? this.kept : 0;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.sink = sink;
		this.state = FLOWING;
		if (this.error !== null) return this.break(this.error);
		this.drain();
		try {
			this.hub.begin();
		} catch (error) {
			this.close();
			this.hub.fail(asError(error));
			throw error;
		}
	}

	resume(): void {
		if (this.state !== PAUSED) return;
		this.state = FLOWING;
		this.drain();
		this.hub.resumed();
	}

	cancel(reason?: unknown): void {
		if (this.state === DONE) return;
		this.close();
		this.hub.cancelled(reason);
	}

	take(chunk: Uint8Array): void {
		if (this.state === DONE) return;
		if (this.state === FLOWING && !this.draining) {
			if (!(this.sink as Sink).write(chunk)) this.pause();
			return;
		}
		this.backlog.push(copied(chunk));
		this.kept += chunk.length;
	}

	finish(trailers: Fields | undefined): void {
		this.ended = true;
		this.trailers = trailers;
		this.drain();
	}

	break(reason: Error): void {
		if (this.state === DONE) return;
		this.error = reason;
		this.backlog = [];
		const { sink } = this;
		if (sink === null) return;
		this.close();
		sink.fail(reason);
	}

	private pause(): void {
		if (this.state === FLOWING) this.state = PAUSED;
	}

	private drain(): void {
		if (this.draining) return;
		this.draining = true;
		while (this.state === FLOWING && this.backlog.length > 0) {
			const chunk = this.backlog.shift() as Uint8Array;
			this.kept -= chunk.length;
			if (!(this.sink as Sink).write(chunk)) this.pause();
		}
		this.draining = false;
		if (!this.ended || this.state !== FLOWING) return;
		const sink = this.sink as Sink;
		this.close();
		if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
	}

	private close(): void {
		this.state = DONE;
		this.sink = null;
		this.backlog = [];
	}
}
