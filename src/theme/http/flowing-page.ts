/**
 * A themed page that leaves while its content is still coming in. Each piece of text is encoded and flushed by itself, and
 * the next is asked for when it was taken. A failure cuts the response off: what has left cannot be taken back.
 */
import { fromIterable, type Sink, type Source } from '../../bytes/index.ts';
import { Coder, type Coding } from '../../coding/index.ts';
import type { PageResult } from './themer.ts';

export interface FlowOptions {
	readonly first: string;
	readonly rest: AsyncIterator<string, PageResult>;
	readonly coding: Coding | null;
	/** Told why the page was cut off, unless nobody wanted it any more. */
	readonly failed: (error: unknown) => void;
	readonly ended: (result: PageResult) => void;
	/** Gives up what the page is made from. */
	readonly cancelled: (reason: unknown) => void;
}

const encoder = new TextEncoder();

export class FlowingPage implements Source {
	readonly length = null;
	private readonly options: FlowOptions;
	private readonly coder: Coder | null;
	private readonly pieces: Source;
	private over = false;

	constructor(options: FlowOptions) {
		this.options = options;
		this.coder = options.coding === null ? null : Coder.encoder(options.coding);
		this.pieces = fromIterable(this.encoded());
	}

	start(sink: Sink): void {
		this.pieces.start(sink);
	}

	resume(): void {
		this.pieces.resume();
	}

	cancel(reason?: unknown): void {
		if (!this.over) this.options.cancelled(reason);
		this.over = true;
		this.coder?.destroy();
		this.pieces.cancel(reason);
	}

	private async *encoded(): AsyncGenerator<Uint8Array, void, void> {
		const { first, rest, failed, ended } = this.options;
		try {
			yield* this.piece(first);
			let next = await rest.next();
			for (; next.done !== true; next = await rest.next()) yield* this.piece(next.value);
			const result = next.value;
			if (!result.themed) throw new Error('A page that has begun to leave cannot pass through');
			if (result.text !== '') yield* this.piece(result.text, false);
			if (this.coder !== null) yield* await this.coder.end();
			if (!this.over) ended(result);
			this.over = true;
		} catch (error) {
			if (!this.over) failed(error);
			this.over = true;
			this.options.cancelled(error);
			throw error;
		} finally {
			this.coder?.destroy();
		}
	}

	/** As one chunk, so that it is one write: encoders give their head apart from what follows. */
	private async *piece(text: string, flushed = true): AsyncGenerator<Uint8Array, void, void> {
		const bytes = encoder.encode(text);
		const pieces = this.coder === null ? [bytes] : await this.coder.write(bytes);
		if (this.coder !== null && flushed) pieces.push(...(await this.coder.flush()));
		if (pieces.length > 0) yield joined(pieces);
	}
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	if (pieces.length === 1) return pieces[0] as Uint8Array;
	const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}
