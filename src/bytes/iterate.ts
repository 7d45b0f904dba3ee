/** Sources from iterables and generators, as apps write them. */
import { asError } from './as-error.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

/** What an iterable may yield: bytes, or text that is sent as UTF-8. */
export type Piece = Uint8Array | string;

type Pieces = Iterator<Piece> | AsyncIterator<Piece>;

/**
 * A source of what `iterable` yields. The next piece is asked for when the last one was taken; a cancelled source calls
 * the iterator's `return`, so that a generator's `finally` runs. `length` is in bytes, if it is known.
 */
export function fromIterable(iterable: AsyncIterable<Piece> | Iterable<Piece>, length: number | null = null): Source {
	return new IterableSource(iterable, length);
}

const FRESH = 0;
const FLOWING = 1;
const PAUSED = 2;
const DONE = 3;

const encoder = new TextEncoder();

class IterableSource implements Source {
	readonly length: number | null;
	private readonly iterable: AsyncIterable<Piece> | Iterable<Piece>;
	private iterator: Pieces | null = null;
	private sink: Sink | null = null;
	private state = FRESH;
	/** A call of `next` or of the sink is under way, and its end goes on by itself. */
	private busy = false;

	constructor(iterable: AsyncIterable<Piece> | Iterable<Piece>, length: number | null) {
		this.iterable = iterable;
		this.length = length;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.state = FLOWING;
		this.sink = sink;
		this.pump();
	}

	resume(): void {
		if (this.state !== PAUSED) return;
		this.state = FLOWING;
		this.pump();
	}

	cancel(): void {
		const { iterator } = this;
		this.state = DONE;
		this.sink = null;
		this.iterator = null;
		if (iterator !== null) leave(iterator);
	}

	private pump(): void {
		if (this.busy) return;
		this.busy = true;
		try {
			while (this.state === FLOWING) {
				this.iterator ??= open(this.iterable);
				const result = this.iterator.next();
				if (isLater(result)) return this.wait(result);
				this.accept(result);
			}
		} catch (error) {
			this.fail(error);
		}
		this.busy = false;
	}

	/** `busy` stays set while the promise is pending. */
	private wait(pending: Promise<Result>): void {
		pending.then(
			(result) => {
				this.busy = false;
				try {
					if (this.state !== DONE) this.accept(result);
				} catch (error) {
					this.fail(error);
				}
				this.pump();
			},
			(error: unknown) => {
				this.busy = false;
				this.iterator = null;
				this.fail(error);
			},
		);
	}

	private accept(result: Result): void {
		const sink = this.sink as Sink;
		if (result.done === true) {
			this.state = DONE;
			this.sink = null;
			this.iterator = null;
			sink.end();
			return;
		}
		const chunk = bytesOf(result.value);
		if (chunk.length > 0 && !sink.write(chunk) && this.state === FLOWING) this.state = PAUSED;
	}

	private fail(error: unknown): void {
		const { sink } = this;
		if (sink === null) return;
		this.cancel();
		sink.fail(asError(error));
	}
}

function open(iterable: AsyncIterable<Piece> | Iterable<Piece>): Pieces {
	return Symbol.asyncIterator in iterable ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]();
}

function bytesOf(piece: unknown): Uint8Array {
	if (piece instanceof Uint8Array) return piece;
	if (typeof piece === 'string') return encoder.encode(piece);
	throw new TypeError(`A payload is made of Uint8Array and string, not of ${piece === null ? 'null' : typeof piece}`);
}

type Result = IteratorResult<Piece>;

function isLater(result: Result | Promise<Result>): result is Promise<Result> {
	return result instanceof Promise || typeof (result as { then?: unknown }).then === 'function';
}

/** Whoever cancels does not care how the generator takes it. */
function leave(iterator: Pieces): void {
	try {
		const result: unknown = iterator.return?.();
		if (result instanceof Promise) result.catch(() => {});
	} catch {}
}
