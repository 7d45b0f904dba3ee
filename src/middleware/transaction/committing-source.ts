/**
 * A body that is a part of its transaction: the commit comes when its last byte is there and before its end is told, so
 * that a commit that fails can still cut it short (rule 7 of the convention). Where the length was declared, the end is
 * seen by counting: the last byte is held back until the commit has succeeded.
 */
import { asError, CutShortError, type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

/** How the transaction of a body ends. */
export interface Ending {
	/** At the end of the body. When it rejects the body is cut short. */
	complete(): Promise<void>;
	/** The body failed, or nobody wants it. Never rejects. */
	rollback(): Promise<void>;
}

const FRESH = 0;
const FLOWING = 1;
/** The source has ended; the transaction has not. */
const ENDING = 2;
/** The last byte waits for the sink. */
const HOLDING = 3;
const DONE = 4;

export class CommittingSource implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly ending: Ending;
	private sink: Sink | null = null;
	private state = FRESH;
	private paused = false;
	/** Bytes that are still to come, where it is known. */
	private left: number | null;
	private last: Uint8Array | null = null;
	private trailers: Fields | undefined;

	/** `declared` is the length that the client will be told, or null. */
	constructor(source: Source, ending: Ending, declared: number | null) {
		this.length = source.length;
		this.source = source;
		this.ending = ending;
		this.left = declared;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.sink = sink;
		this.state = FLOWING;
		try {
			this.source.start(this);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		if (this.state === HOLDING) this.finish();
		else if (this.state === FLOWING) this.source.resume();
	}

	cancel(reason?: unknown): void {
		const { state } = this;
		if (state === DONE) return;
		this.state = DONE;
		this.sink = null;
		// Once the source has ended the transaction takes its way, whoever has left.
		if (state !== FRESH && state !== FLOWING) return;
		this.source.cancel(reason);
		void this.ending.rollback();
	}

	write(chunk: Uint8Array): boolean {
		if (this.state !== FLOWING) return false;
		let piece = chunk;
		if (this.left !== null && chunk.length > 0) {
			this.left -= chunk.length;
			if (this.left < 0) return this.broken(new RangeError('The body is longer than its Content-Length says'));
			if (this.left === 0) {
				this.last = chunk.slice(-1);
				piece = chunk.subarray(0, -1);
			}
		}
		if (piece.length > 0 && !(this.sink as Sink).write(piece) && this.state === FLOWING) this.paused = true;
		return !this.paused && this.state === FLOWING;
	}

	end(trailers?: Fields): void {
		if (this.state !== FLOWING) return;
		if (this.left !== null && this.left > 0) {
			this.fail(new CutShortError('The body is shorter than its Content-Length says'));
			return;
		}
		this.state = ENDING;
		this.trailers = trailers;
		this.ending.complete().then(
			() => this.completed(),
			(error: unknown) => this.refuse(asError(error)),
		);
	}

	fail(reason: Error): void {
		const { sink } = this;
		this.close();
		sink?.fail(reason);
	}

	private completed(): void {
		if (this.state === DONE) return;
		this.state = HOLDING;
		// A sink that has asked for a pause gets the last byte when it goes on; the end alone may come at any time.
		if (this.last === null || !this.paused) this.finish();
	}

	private finish(): void {
		const { sink, last, trailers } = this;
		if (last !== null) {
			this.last = null;
			sink?.write(last);
		}
		// The sink may have cancelled while it took the byte.
		if (this.sink === null) return;
		this.state = DONE;
		this.sink = null;
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	private refuse(reason: Error): void {
		const { sink } = this;
		this.state = DONE;
		this.sink = null;
		sink?.fail(reason);
	}

	private broken(reason: Error): false {
		this.source.cancel(reason);
		this.fail(reason);
		return false;
	}

	private close(): void {
		if (this.state === DONE) return;
		this.state = DONE;
		this.sink = null;
		void this.ending.rollback();
	}
}
