/**
 * The body that a framework writes, as a source. What is written before anybody takes it waits here, and `write` says
 * when that is enough; a chunk that was lent keeps the next ones back.
 */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';
import type { WriteDone } from './exchange-socket.ts';

/** Who writes it. */
export interface BodyOwner {
	/** All that waited has been taken. */
	bodyDrained(): void;
	/** The receiver has lost interest. */
	bodyCancelled(reason: unknown): void;
}

interface Piece {
	readonly chunk: string | Uint8Array;
	readonly encoding: string | null;
	readonly done: WriteDone;
}

export class CapturedBody implements Source {
	readonly length: null = null;
	/** Bytes, or characters of text, that wait. */
	waiting = 0;
	private readonly owner: BodyOwner;
	private readonly limit: number;
	private pieces: Piece[] = [];
	private sink: Sink | null = null;
	private used = false;
	private over = false;
	private ended = false;
	private failure: Error | null = null;
	private trailers: Fields | null = null;
	/** The piece that the sink has not given back. */
	private lent: Piece | null = null;
	private delivering = false;

	constructor(owner: BodyOwner, limit: number) {
		this.owner = owner;
		this.limit = limit;
	}

	/** False: more than enough waits. */
	write(chunk: string | Uint8Array, encoding: string | null, done: WriteDone): boolean {
		if (this.over) return false;
		this.pieces.push({ chunk, encoding, done });
		this.waiting += chunk.length;
		if (this.sink !== null) this.deliver();
		return this.lent === null && this.waiting < this.limit;
	}

	end(trailers: Fields | null): void {
		if (this.over) return;
		this.ended = true;
		this.trailers = trailers;
		if (this.sink !== null) this.deliver();
	}

	/** What was written is not all: it must not look complete. */
	fail(reason: Error): void {
		if (this.over) return;
		if (!this.used) {
			this.failure ??= reason;
			return;
		}
		const { sink } = this;
		this.close();
		sink?.fail(reason);
	}

	/** All that was written, as one string or array, where nothing has been taken and no more will come. */
	take(): string | Uint8Array {
		const { pieces } = this;
		this.over = true;
		this.waiting = 0;
		const [only] = pieces;
		if (only !== undefined && pieces.length === 1) {
			const utf8 = only.encoding === null || only.encoding === 'utf8' || only.encoding === 'utf-8';
			return utf8 ? only.chunk : bytesOf(only);
		}
		return Buffer.concat(pieces.map(bytesOf));
	}

	/** Tells all who wait that their bytes are out, or why not. */
	settle(error: Error | null): void {
		const { pieces, lent } = this;
		this.pieces = [];
		this.lent = null;
		this.waiting = 0;
		if (lent !== null) later(lent.done, error);
		for (const { done } of pieces) later(done, error);
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		if (this.failure !== null) this.fail(this.failure);
		else this.deliver();
	}

	resume(): void {
		const { lent } = this;
		if (lent === null) return;
		this.lent = null;
		later(lent.done, null);
		this.deliver();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		if (this.over) return;
		this.close();
		this.owner.bodyCancelled(reason);
	}

	private deliver(): void {
		// A callback or the sink may have led back here.
		if (this.delivering) return;
		this.delivering = true;
		try {
			while (this.lent === null && this.sink !== null) {
				const piece = this.pieces.shift();
				if (piece === undefined) break;
				this.pass(piece, this.sink);
			}
		} finally {
			this.delivering = false;
		}
		if (this.lent !== null || this.sink === null || this.pieces.length > 0) return;
		if (this.ended) this.finish(this.sink);
		else this.owner.bodyDrained();
	}

	private pass(piece: Piece, sink: Sink): void {
		const chunk = bytesOf(piece);
		this.waiting -= piece.chunk.length;
		if (chunk.length === 0 || sink.write(chunk)) later(piece.done, null);
		else if (!this.over) this.lent = piece;
	}

	private finish(sink: Sink): void {
		this.close();
		if (this.trailers === null) sink.end();
		else sink.end(this.trailers);
	}

	private close(): void {
		this.over = true;
		this.sink = null;
	}
}

function bytesOf({
	chunk,
	encoding,
}: {
	readonly chunk: string | Uint8Array;
	readonly encoding: string | null;
}): Uint8Array {
	return typeof chunk === 'string' ? Buffer.from(chunk, (encoding ?? 'utf8') as BufferEncoding) : chunk;
}

/** Callbacks of writes never come before the write has returned. */
function later(done: WriteDone, error: Error | null): void {
	if (done) process.nextTick(done, error ?? undefined);
}
