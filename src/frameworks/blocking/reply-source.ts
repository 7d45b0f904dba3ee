/** The body of a reply that a thread is still making. */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import { PIECE_COST } from './messages.ts';

/** Who is told what becomes of the pieces. */
export interface ReplyMaker {
	/** The client has taken that much, in bytes and costs of pieces. */
	replyTaken(cost: number): void;
	/** Nobody wants the rest. */
	replyCancelled(reason: unknown): void;
}

const FRESH = 0;
const FLOWING = 1;
const PAUSED = 2;
const OVER = 3;

/** Pieces as they come from the thread. What waits here is bounded by the window that the thread keeps. */
export class ReplySource implements Source {
	readonly length: number | null;
	private readonly maker: ReplyMaker;
	private readonly waiting: Uint8Array[] = [];
	private sink: Sink | null = null;
	private state = FRESH;
	/** The cost of a piece that the sink holds. */
	private lent = 0;
	private complete = false;
	private failure: Error | null = null;

	constructor(length: number | null, maker: ReplyMaker) {
		this.length = length;
		this.maker = maker;
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.sink = sink;
		this.state = FLOWING;
		this.flow(sink);
	}

	resume(): void {
		if (this.state !== PAUSED) return;
		this.state = FLOWING;
		const { lent } = this;
		this.lent = 0;
		this.maker.replyTaken(lent);
		this.flow(this.sink as Sink);
	}

	cancel(reason?: unknown): void {
		if (this.state === OVER) return;
		this.leave();
		if (!this.complete && this.failure === null) this.maker.replyCancelled(reason);
	}

	/** A piece, which is ours to keep. */
	push(piece: Uint8Array): void {
		if (this.state === OVER) return;
		this.waiting.push(piece);
		if (this.state === FLOWING) this.flow(this.sink as Sink);
	}

	/** That was all. */
	finish(): void {
		this.complete = true;
		if (this.state === FLOWING) this.flow(this.sink as Sink);
	}

	/** It was cut short; pieces that the client has not taken are dropped. */
	fail(error: Error): void {
		if (this.complete || this.failure !== null) return;
		this.failure = error;
		const { sink } = this;
		if (this.state === FRESH || this.state === OVER) return;
		this.leave();
		sink?.fail(error);
	}

	private flow(sink: Sink): void {
		while (this.waiting.length > 0) {
			const piece = this.waiting.shift() as Uint8Array;
			const more = sink.write(piece);
			if (this.state !== FLOWING) return;
			if (!more) {
				this.state = PAUSED;
				this.lent = piece.length + PIECE_COST;
				return;
			}
			this.maker.replyTaken(piece.length + PIECE_COST);
		}
		if (this.failure !== null) {
			this.leave();
			sink.fail(this.failure);
		} else if (this.complete) {
			this.leave();
			sink.end();
		}
	}

	private leave(): void {
		this.state = OVER;
		this.sink = null;
		this.waiting.length = 0;
	}
}
