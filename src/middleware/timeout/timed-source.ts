/** The body of an answer that must be out by a time: behind it the answer is cut off, and nobody can take it for complete. */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';

export interface Cut {
	/** The time is up; what the sink fails with. */
	cut(): Error;
}

export class TimedSource implements Source, Sink, TimerOwner {
	readonly length: number | null;
	private readonly source: Source;
	private readonly owner: Cut;
	private readonly left: number;
	private readonly timer: Timer = new Timer(this);
	private sink: Sink | null = null;
	private used = false;

	/** `left`: milliseconds from the start. */
	constructor(source: Source, left: number, owner: Cut) {
		this.source = source;
		this.length = source.length;
		this.left = left;
		this.owner = owner;
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		wheel.set(this.timer, this.left);
		this.source.start(this);
	}

	resume(): void {
		if (this.sink !== null) this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.over();
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		return this.sink?.write(chunk) ?? false;
	}

	end(trailers?: Fields): void {
		const sink = this.over();
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	fail(reason: Error): void {
		this.over()?.fail(reason);
	}

	timedOut(): void {
		const sink = this.over();
		if (sink === null) return;
		const error = this.owner.cut();
		this.source.cancel(error);
		sink.fail(error);
	}

	private over(): Sink | null {
		const { sink } = this;
		this.sink = null;
		wheel.remove(this.timer);
		return sink;
	}
}
