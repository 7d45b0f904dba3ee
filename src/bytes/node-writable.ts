/** Sources and sinks from and to node's writable streams. */
import { Writable } from 'node:stream';
import { asError } from './as-error.ts';
import { CutShortError } from './cut-short.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source, Tunnel } from './source.ts';

/** A node stream that writes into `sink`, waiting for its `ondrain`. Destroying it before its end fails the sink. */
export function toWritable(sink: Tunnel['writable']): Writable {
	let over = false;
	return new Writable({
		decodeStrings: true,
		write(chunk: Uint8Array, _, callback) {
			if (sink.write(chunk)) return callback();
			sink.ondrain = () => {
				sink.ondrain = null;
				callback();
			};
		},
		final(callback) {
			over = true;
			sink.end();
			callback();
		},
		destroy(error, callback) {
			sink.ondrain = null;
			if (!over) sink.fail(error ?? new CutShortError('The stream was destroyed before its end'));
			over = true;
			callback(error);
		},
	});
}

/** A node stream to write to, and the source that delivers what is written to it. */
export interface WritableSource {
	readonly writable: Writable;
	readonly source: Source;
}

/**
 * A node stream whose bytes come out as a source, for code that answers by writing. A write calls back when its chunk was
 * taken, so that nothing but the stream's own buffer waits. Cancelling the source destroys the stream.
 */
export function writableSource(length: number | null = null): WritableSource {
	const source = new WrittenSource(length);
	return { writable: source.writable, source };
}

type Callback = (error?: Error | null) => void;

class WrittenSource implements Source {
	readonly length: number | null;
	readonly writable: Writable;
	private sink: Sink | null = null;
	private used = false;
	private over = false;
	private error: Error | null = null;
	/** What to do when the source starts: the first write, or the end. */
	private first: (() => void) | null = null;
	/** The callback of a write whose chunk is lent. */
	private lent: Callback | null = null;

	constructor(length: number | null) {
		this.length = length;
		this.writable = new Writable({
			write: (chunk: Uint8Array, _, callback) => this.whenStarted(() => this.write(chunk, callback)),
			final: (callback) => this.whenStarted(() => this.end(callback)),
			destroy: (error, callback) => {
				this.fail(error ?? new CutShortError('The stream was destroyed before its end'));
				callback(error);
			},
		});
		this.writable.on('error', () => {});
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		if (this.error !== null) return this.fail(this.error);
		this.first?.();
	}

	resume(): void {
		const { lent } = this;
		this.lent = null;
		lent?.();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.sink = null;
		if (this.over) return;
		this.over = true;
		this.writable.destroy(reason === undefined ? undefined : asError(reason));
	}

	private whenStarted(action: () => void): void {
		if (this.sink === null && !this.used) this.first = action;
		else action();
	}

	private write(chunk: Uint8Array, callback: Callback): void {
		const { sink } = this;
		if (sink === null || sink.write(chunk)) callback();
		else this.lent = callback;
	}

	private end(callback: Callback): void {
		const { sink } = this;
		this.over = true;
		this.sink = null;
		sink?.end();
		callback();
	}

	private fail(error: Error): void {
		const { sink } = this;
		if (this.over && this.error === null) return;
		this.over = true;
		this.error = error;
		this.sink = null;
		sink?.fail(error);
	}
}
