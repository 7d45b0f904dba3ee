/**
 * One direction of the wire, in memory: a sink on one side, a source on the other, and between them a bounded window, as
 * a socket's buffers would be. Past the window `write` says false; `ondrain` is called when the reader has made room.
 */
import { copied, type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

export class MemoryPipe implements Source, Sink {
	readonly length: number | null;
	/** Called when there is room again after a `write` that returned false. */
	ondrain: (() => void) | null = null;
	/** Called when the reader has lost interest. */
	oncancel: ((reason: unknown) => void) | null = null;
	/** Called when the reader has been given everything, or the failure. */
	ondelivered: ((error: Error | null) => void) | null = null;
	/** Bytes that were written. */
	written = 0;
	private readonly window: number;
	private readonly chunks: Uint8Array[] = [];
	private waiting = 0;
	private full = false;
	private sink: Sink | null = null;
	private used = false;
	private paused = false;
	private delivering = false;
	private ended = false;
	private over = false;
	private trailers: Fields | undefined;
	private error: Error | null = null;

	constructor(length: number | null, window: number) {
		this.length = length;
		this.window = window;
	}

	write(chunk: Uint8Array): boolean {
		if (this.over || this.ended) return true;
		if (chunk.length > 0) {
			this.chunks.push(copied(chunk));
			this.written += chunk.length;
			this.waiting += chunk.length;
			this.deliver();
		}
		this.full = this.waiting > this.window;
		return !this.full;
	}

	end(trailers?: Fields): void {
		if (this.ended) return;
		this.ended = true;
		this.trailers = trailers;
		this.deliver();
	}

	/** What is in the window was sent already: the reader gets it before it hears of the failure. */
	fail(reason: Error): void {
		if (this.ended) return;
		this.ended = true;
		this.error = reason;
		this.deliver();
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		this.deliver();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		this.deliver();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		if (this.over) return;
		this.close();
		this.oncancel?.(reason);
	}

	private deliver(): void {
		const { sink } = this;
		if (sink === null || this.delivering || this.over) return;
		this.delivering = true;
		while (this.chunks.length > 0 && !this.paused && !this.over) {
			const chunk = this.chunks.shift() as Uint8Array;
			this.waiting -= chunk.length;
			this.paused = true;
			if (sink.write(chunk)) this.paused = false;
			this.drained();
		}
		this.delivering = false;
		if (this.over || !this.ended || this.paused || this.chunks.length > 0) return;
		this.close();
		if (this.error !== null) sink.fail(this.error);
		else if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
		this.ondelivered?.(this.error);
	}

	private drained(): void {
		if (!this.full || this.waiting > this.window || this.over) return;
		this.full = false;
		this.ondrain?.();
	}

	private close(): void {
		this.over = true;
		this.sink = null;
		this.chunks.length = 0;
		this.waiting = 0;
	}
}
