/** A body on its way into a thread: the request's, or that of an answer to fetchSync. */
import { asError, copied, type Sink, type Source } from '../../bytes/index.ts';
import { PIECE_COST, PIECE_SIZE, type ToThread, WINDOW } from './messages.ts';
import { packed } from './thrown.ts';

/** Who brings messages to the thread. */
export interface Carrier {
	carry(message: ToThread, transfer?: ArrayBuffer[]): void;
}

/** Posts what a source delivers, and holds it back while a window's worth is under way. */
export class Outflow implements Sink {
	private readonly carrier: Carrier;
	private readonly stream: number;
	private readonly source: Source;
	/** What is left of a lent chunk. */
	private rest: Uint8Array | null = null;
	private underWay = 0;
	private started = false;
	private over = false;

	constructor(carrier: Carrier, stream: number, source: Source) {
		this.carrier = carrier;
		this.stream = stream;
		this.source = source;
	}

	/** Begins, unless it has begun. A source that somebody has used before is cut short for the thread. */
	start(): void {
		if (this.started || this.over) return;
		this.started = true;
		try {
			this.source.start(this);
		} catch (error) {
			this.fail(asError(error));
		}
	}

	/** The thread has read that much more. */
	read(cost: number): void {
		this.underWay -= cost;
		if (this.over || this.rest === null) return;
		const { rest } = this;
		this.rest = null;
		if (this.write(rest) && !this.over) this.source.resume();
	}

	/** The thread wants no more. */
	cancel(reason?: unknown): void {
		if (this.over) return;
		this.over = true;
		this.rest = null;
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		for (let from = 0; from < chunk.length; ) {
			if (this.underWay >= WINDOW) {
				this.rest = chunk.subarray(from);
				return false;
			}
			const piece = copied(chunk.subarray(from, from + PIECE_SIZE));
			from += piece.length;
			this.underWay += piece.length + PIECE_COST;
			this.carrier.carry(['piece', this.stream, piece], [piece.buffer]);
		}
		return true;
	}

	end(): void {
		if (this.over) return;
		this.over = true;
		this.carrier.carry(['ended', this.stream]);
	}

	fail(reason: Error): void {
		if (this.over) return;
		this.over = true;
		this.carrier.carry(['cut', this.stream, packed(reason)]);
	}
}
