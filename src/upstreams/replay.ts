/**
 * A request's body that may be sent again: what has flowed so far is kept, up to a bound, and what has not come yet comes from the
 * client once. Beyond the bound it can be sent only as far as it has been begun: nothing is kept then.
 */
import { bytesSource, latin1Bytes, type Sink, type Source, WholeSource } from '../bytes/index.ts';
import type { Fields } from '../fields/index.ts';

export class Replay implements Sink {
	private readonly source: Source;
	private readonly bound: number;
	/** Null when it was too much to keep. */
	private kept: Uint8Array[] | null = [];
	private size = 0;
	private started = false;
	private ended = false;
	private trailers: Fields | undefined = undefined;
	private failure: Error | null = null;
	/** The source waits for `resume`. */
	private paused = false;
	private reader: Reader | null = null;

	/** `bound`: bytes that are kept. */
	constructor(source: Source, bound: number) {
		this.source = source;
		this.bound = bound;
		if (source.length !== null && source.length > bound) this.kept = null;
	}

	/** Whether it can be sent from the start. */
	get isWhole(): boolean {
		return !this.started || (this.kept !== null && this.failure === null);
	}

	/** The body from its start, for the next who is asked; whoever had it before gets nothing more. */
	next(): Source {
		const { source, kept } = this;
		if (source instanceof WholeSource && source.trailers === null) return this.whole(source);
		this.reader = new Reader(this, kept === null ? [] : [...kept]);
		return this.reader;
	}

	/** Somebody has answered: it will not be sent again. */
	keepNoMore(): void {
		this.kept = null;
	}

	/** Nobody is asked any more. */
	giveUp(reason?: unknown): void {
		this.reader = null;
		this.kept = null;
		this.source.cancel(reason);
	}

	private whole(source: WholeSource): Source {
		if (this.started) return bytesSource((this.kept as Uint8Array[])[0] as Uint8Array);
		this.started = true;
		const content = source.take();
		this.kept = [typeof content === 'string' ? latin1Bytes(content) : content];
		return new WholeSource(content);
	}

	// The client's side.

	write(chunk: Uint8Array): boolean {
		this.keep(chunk);
		const more = this.reader?.live(chunk) ?? false;
		this.paused = !more;
		return more;
	}

	end(trailers?: Fields): void {
		this.ended = true;
		this.trailers = trailers;
		this.reader?.liveEnd(trailers);
	}

	fail(reason: Error): void {
		this.failure = reason;
		this.reader?.liveFail(reason);
	}

	private keep(chunk: Uint8Array): void {
		if (this.kept === null) return;
		this.size += chunk.length;
		if (this.size > this.bound) this.kept = null;
		else this.kept.push(new Uint8Array(chunk));
	}

	// The side of whoever is asked.

	get length(): number | null {
		return this.source.length;
	}

	/** `reader` has had all that was kept, and wants what comes. */
	more(reader: Reader): void {
		if (reader !== this.reader) return;
		if (this.failure !== null) return reader.liveFail(this.failure);
		if (this.ended) return reader.liveEnd(this.trailers);
		if (!this.started) {
			this.started = true;
			return this.source.start(this);
		}
		if (!this.paused) return;
		this.paused = false;
		this.source.resume();
	}

	/** Whoever was asked has lost interest: the source waits for the next one. */
	left(reader: Reader): void {
		if (reader === this.reader) this.reader = null;
	}
}

class Reader implements Source {
	private readonly replay: Replay;
	private readonly kept: Uint8Array[];
	private sink: Sink | null = null;
	private begun = false;

	constructor(replay: Replay, kept: Uint8Array[]) {
		this.replay = replay;
		this.kept = kept;
	}

	get length(): number | null {
		return this.replay.length;
	}

	start(sink: Sink): void {
		if (this.begun) throw new Error('This body is being read already.');
		this.begun = true;
		this.sink = sink;
		this.resume();
	}

	resume(): void {
		for (;;) {
			const chunk = this.kept.shift();
			if (this.sink === null) return;
			if (chunk === undefined) return this.replay.more(this);
			if (!this.sink.write(chunk)) return;
		}
	}

	cancel(): void {
		this.sink = null;
		this.kept.length = 0;
		this.replay.left(this);
	}

	live(chunk: Uint8Array): boolean {
		return this.sink?.write(chunk) ?? false;
	}

	liveEnd(trailers?: Fields): void {
		const { sink } = this;
		this.sink = null;
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	liveFail(reason: Error): void {
		const { sink } = this;
		this.sink = null;
		sink?.fail(reason);
	}
}
