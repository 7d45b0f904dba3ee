/**
 * A body with a coding put on or taken off while it flows, by a stream of node:zlib. Pauses go through it in both directions:
 * a chunk stays lent until zlib has taken it, and zlib takes no more than it can hand on.
 */
import { asError, type Sink, type Source, usedAlready } from '../bytes/index.ts';
import type { Fields } from '../fields/index.ts';
import type { Zlib } from './codings.ts';

export interface CodedOptions {
	/** Makes the stream of zlib; `first` is the first byte of the body, 0 of an empty one. Called once, when there is something to do. */
	readonly open: (first: number) => Zlib;
	/** Told once when it is over, however it ended; before the start, too. */
	readonly closed?: () => void;
	/** For encoders: what makes all that was taken readable, `after` so many milliseconds in which nothing came; 0: behind each chunk. */
	readonly flush?: { readonly kind: number; readonly after: number };
	/** For decoders. Nothing may follow the coded body, and an empty body stays one. */
	readonly decodes?: {
		/** Told of each chunk that came in, and of each that is to go out: an error ends it. */
		took(bytes: number): void;
		gave(bytes: number): Error | null;
		/** What the sink fails with when the body is not in this coding, or cut short. */
		wrong(cause: unknown): Error;
	};
}

/** The bytes of `source` as the stream of zlib gives them. It is cancelled with what is made from it, and zlib freed. */
export function codedSource(source: Source, options: CodedOptions): Source {
	return new CodedSource(source, options);
}

const FRESH = 0;
const OPEN = 1;
const DONE = 2;

class CodedSource implements Source, Sink {
	readonly length = null;
	private readonly source: Source;
	private readonly options: CodedOptions;
	private zlib: Zlib | null = null;
	private sink: Sink | null = null;
	private state = FRESH;
	/** Writes and flushes that zlib has not answered. */
	private pending = 0;
	private taken = 0;
	/** Taken, and perhaps kept within zlib. */
	private kept = false;
	private ended = false;
	/** The coded body is complete. */
	private complete = false;
	private trailers: Fields | undefined;
	private timer: ReturnType<typeof setTimeout> | null = null;

	constructor(source: Source, options: CodedOptions) {
		this.source = source;
		this.options = options;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.state = OPEN;
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.zlib?.resume();
	}

	cancel(reason?: unknown): void {
		if (this.state === DONE) return;
		this.close();
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		if (this.state === DONE) return false;
		if (chunk.length === 0) return true;
		if (this.complete) {
			this.break(new Error('Something follows the coded body'));
			return false;
		}
		this.stopTimer();
		const zlib = this.zlib ?? this.open(chunk[0] as number);
		this.taken += chunk.length;
		this.kept = true;
		this.options.decodes?.took(chunk.length);
		this.pending++;
		zlib.write(chunk, this.wrote);
		return false;
	}

	end(trailers?: Fields): void {
		this.ended = true;
		this.trailers = trailers;
		this.stopTimer();
		if (this.state === OPEN && this.pending === 0) this.finish();
	}

	fail(reason: Error): void {
		const { sink } = this;
		this.close();
		sink?.fail(reason);
	}

	private open(first: number): Zlib {
		const zlib = this.options.open(first);
		this.zlib = zlib;
		zlib.on('data', (chunk: Uint8Array) => this.give(chunk));
		zlib.on('end', () => this.completed());
		zlib.on('error', (error) => this.break(error));
		return zlib;
	}

	private give(chunk: Uint8Array): void {
		const { sink } = this;
		if (sink === null) return;
		const error = this.options.decodes?.gave(chunk.length) ?? null;
		if (error !== null) {
			this.close();
			this.source.cancel(error);
			sink.fail(error);
		} else if (!sink.write(chunk)) this.zlib?.pause();
	}

	private readonly wrote = (error?: Error | null): void => {
		this.pending--;
		if (error || this.state === DONE || this.pending > 0) return;
		if (this.ended) this.finish();
		else if (this.kept && this.options.flush?.after === 0) this.flush();
		else this.more();
	};

	/** Lets the source go on. What zlib keeps comes out when nothing follows for a while. */
	private more(): void {
		this.source.resume();
		const { flush } = this.options;
		if (flush === undefined || !this.kept || this.state !== OPEN || this.pending > 0 || this.ended) return;
		this.timer ??= setTimeout(() => this.flush(), flush.after);
	}

	private flush(): void {
		this.timer = null;
		this.kept = false;
		this.pending++;
		this.zlib?.flush(this.options.flush?.kind ?? 0, this.wrote);
	}

	/** All has come in, and zlib has taken it. */
	private finish(): void {
		const empty = this.zlib === null && this.options.decodes !== undefined;
		if (empty || this.complete) this.over();
		else (this.zlib ?? this.open(0)).end();
	}

	/** All has come out. A decoder knows that by itself, and what it has left then is no part of the body. */
	private completed(): void {
		if (this.state !== OPEN) return;
		this.complete = true;
		const rest = this.taken - ((this.zlib as Zlib & { readonly bytesWritten?: number }).bytesWritten ?? this.taken);
		if (this.options.decodes !== undefined && rest > 0) this.break(new Error('Something follows the coded body'));
		else if (this.ended && this.pending === 0) this.over();
	}

	private over(): void {
		const sink = this.sink as Sink;
		this.close();
		if (this.trailers === undefined) sink.end();
		else sink.end(this.trailers);
	}

	private break(cause: unknown): void {
		const { sink } = this;
		if (sink === null) return;
		const error = this.options.decodes?.wrong(cause) ?? asError(cause);
		this.close();
		this.source.cancel(error);
		sink.fail(error);
	}

	private close(): void {
		if (this.state === DONE) return;
		this.state = DONE;
		this.sink = null;
		this.stopTimer();
		this.zlib?.destroy();
		this.options.closed?.();
	}

	private stopTimer(): void {
		if (this.timer === null) return;
		clearTimeout(this.timer);
		this.timer = null;
	}
}
