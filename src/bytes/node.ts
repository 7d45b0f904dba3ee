/**
 * Sources from and to node's readable streams. This file and its neighbours `node-*.ts` are the only ones of the folder
 * that import from node.
 */
import { Readable } from 'node:stream';
import type { Fields } from '../fields/index.ts';
import { asError } from './as-error.ts';
import { copied } from './copied.ts';
import { CutShortError } from './cut-short.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

export interface FromReadableOptions {
	/** Bytes the stream will deliver, if known. */
	readonly length?: number | null;
	/** Asked for trailer fields when the stream has ended. */
	readonly trailers?: () => Fields | undefined;
	/** Whether cancelling destroys the stream (default), or reads and drops what still comes. */
	readonly destroy?: boolean;
}

/**
 * The bytes of a node stream; text in it is sent as UTF-8. Errors are listened for at once, so none ends the process.
 * Cancelling destroys the stream; a stream that closes before its end fails.
 */
export function fromReadable(readable: Readable, options: FromReadableOptions = {}): Source {
	return new ReadableSource(readable, options);
}

const encoder = new TextEncoder();

class ReadableSource implements Source {
	readonly length: number | null;
	private readonly readable: Readable;
	private readonly options: FromReadableOptions;
	private sink: Sink | null = null;
	private used = false;
	private paused = false;
	private ended = false;
	private error: Error | null = null;

	constructor(readable: Readable, options: FromReadableOptions) {
		this.readable = readable;
		this.length = options.length ?? null;
		this.options = options;
		this.error = readable.errored ?? null;
		readable.on('error', (error: Error) => {
			this.error = error;
			this.fail(error);
		});
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		const { readable } = this;
		if (this.error !== null) return this.fail(this.error);
		if (readable.destroyed || readable.readableEnded) return this.closed();
		readable.on('data', (chunk: unknown) => this.data(chunk));
		readable.on('end', () => this.end());
		readable.on('close', () => this.closed());
		readable.resume();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		if (this.ended) this.end();
		else if (this.sink !== null) this.readable.resume();
	}

	cancel(): void {
		this.used = true;
		this.sink = null;
		if (this.options.destroy === false) this.readable.resume();
		else this.readable.destroy();
	}

	private data(chunk: unknown): void {
		const { sink } = this;
		if (sink === null) return;
		if (typeof chunk === 'string') this.deliver(sink, encoder.encode(chunk));
		else if (chunk instanceof Uint8Array) this.deliver(sink, chunk);
		else {
			const error = new TypeError(`A payload is made of bytes and text, not of ${typeof chunk}`);
			this.fail(error);
			this.readable.destroy();
		}
	}

	private deliver(sink: Sink, chunk: Uint8Array): void {
		if (chunk.length === 0 || sink.write(chunk) || this.sink === null) return;
		this.paused = true;
		this.readable.pause();
	}

	private end(): void {
		const { sink } = this;
		this.ended = true;
		// A stream that was paused at its last chunk ends all the same; our sink waits until it resumes.
		if (sink === null || this.paused) return;
		this.sink = null;
		const trailers = this.options.trailers?.();
		if (trailers === undefined) sink.end();
		else sink.end(trailers);
	}

	private closed(): void {
		if (!this.ended) this.fail(new CutShortError('The stream was closed before its end'));
	}

	private fail(error: Error): void {
		const { sink } = this;
		this.sink = null;
		sink?.fail(error);
	}
}

/**
 * The bytes of `source` as a node stream. Chunks are copied, since a Readable may keep them. Destroying it cancels the
 * source; trailers go to `onTrailers` before the stream ends.
 */
export function toReadable(source: Source, onTrailers?: (trailers: Fields) => void): Readable {
	const reader = new Reader(source, onTrailers);
	return reader.readable;
}

/** Feeds a Readable from a source; shared with duplex streams. */
export class Reader implements Sink {
	readonly readable: Readable;
	private readonly source: Source;
	private readonly onTrailers: ((trailers: Fields) => void) | undefined;
	private started = false;
	/** The source has ended or failed. */
	over = false;

	constructor(source: Source, onTrailers?: (trailers: Fields) => void, readable?: Readable) {
		this.source = source;
		this.onTrailers = onTrailers;
		this.readable =
			readable ??
			new Readable({
				read: () => this.read(),
				destroy: (error, callback) => {
					if (!this.over) source.cancel(error ?? undefined);
					this.over = true;
					callback(error);
				},
			});
	}

	read(): void {
		if (this.over) return;
		if (this.started) return this.source.resume();
		this.started = true;
		try {
			this.source.start(this);
		} catch (error) {
			this.fail(asError(error));
		}
	}

	write(chunk: Uint8Array): boolean {
		return !this.over && this.readable.push(copied(chunk));
	}

	end(trailers?: Fields): void {
		if (this.over) return;
		this.over = true;
		if (trailers !== undefined) this.onTrailers?.(trailers);
		this.readable.push(null);
	}

	fail(reason: Error): void {
		this.over = true;
		this.readable.destroy(reason);
	}
}
