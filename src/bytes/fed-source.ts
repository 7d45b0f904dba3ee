/**
 * A source that somebody feeds: the body of a message that is still coming in. Its owner, a connection, gives it each
 * piece as it arrives and holds its own reading back when told to; nothing is queued here but what came before the start.
 */
import type { Fields } from '../fields/index.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

export interface Feeder {
	/** The consumer wants bytes: read on. */
	feedMore(): void;
	/** The consumer has lost interest, finally. */
	feedCancelled(reason: unknown): void;
	/** Before the first delivery. */
	feedStarted(): void;
}

export class FedSource implements Source {
	readonly length: number | null;
	private readonly feeder: Feeder;
	private sink: Sink | null = null;
	private early: Uint8Array | null = null;
	private trailers: Fields | undefined = undefined;
	private failure: Error | null = null;
	private state: 'waiting' | 'flowing' | 'over' = 'waiting';
	private complete = false;

	constructor(length: number | null, feeder: Feeder) {
		this.length = length;
		this.feeder = feeder;
	}

	/** Nobody has asked for the bytes yet. */
	get untouched(): boolean {
		return this.state === 'waiting';
	}

	/** Nobody will take bytes any more. */
	get over(): boolean {
		return this.state === 'over';
	}

	start(sink: Sink): void {
		if (this.sink !== null || this.state !== 'waiting') throw usedAlready();
		this.sink = sink;
		this.state = 'flowing';
		this.feeder.feedStarted();
		const { early } = this;
		this.early = null;
		if (early !== null && !sink.write(early)) return;
		this.resume();
	}

	resume(): void {
		if (this.state !== 'flowing') return;
		if (this.failure !== null) this.settleFailure(this.failure);
		else if (this.complete) this.settleEnd();
		else this.feeder.feedMore();
	}

	cancel(reason?: unknown): void {
		if (this.state === 'over') return;
		this.state = 'over';
		this.sink = null;
		this.early = null;
		if (!this.complete && this.failure === null) this.feeder.feedCancelled(reason);
	}

	/**
	 * A piece has come. `durable`: its bytes stay as they are until the feeder reads on. False: read no more until
	 * `feedMore`. After a cancel pieces are dropped.
	 */
	feed(chunk: Uint8Array, durable: boolean): boolean {
		if (this.state === 'over') return true;
		if (this.sink === null) {
			this.early = this.early === null ? copy(chunk) : join(this.early, chunk);
			return false;
		}
		return this.sink.write(durable ? chunk : copy(chunk));
	}

	/** All has come. */
	finish(trailers: Fields | null): void {
		this.complete = true;
		if (trailers !== null) this.trailers = trailers;
		if (this.sink !== null && this.state === 'flowing') this.settleEnd();
	}

	/** It was cut short. */
	fail(error: Error): void {
		if (this.complete || this.failure !== null) return;
		this.failure = error;
		if (this.sink !== null && this.state === 'flowing') this.settleFailure(error);
	}

	private settleEnd(): void {
		const sink = this.sink as Sink;
		this.state = 'over';
		this.sink = null;
		sink.end(this.trailers);
	}

	private settleFailure(error: Error): void {
		const sink = this.sink as Sink;
		this.state = 'over';
		this.sink = null;
		sink.fail(error);
	}
}

const copy = (chunk: Uint8Array): Uint8Array => new Uint8Array(chunk);

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
	const joined = new Uint8Array(a.length + b.length);
	joined.set(a);
	joined.set(b, a.length);
	return joined;
}
