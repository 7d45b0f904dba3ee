/** A body that is read by blocking: the request's, or that of an answer. */
import { TooLargeError } from '../../../bytes/index.ts';
import { PIECE_COST, type ToThread, WINDOW } from '../messages.ts';
import { unpacked } from '../thrown.ts';
import type { StreamOwner, Thread } from './thread.ts';

const decoder = new TextDecoder();

/**
 * Bytes, once: iterate them piece by piece as they come, or take them all. Every read throws Disconnected once the
 * client has gone, and the error of a body that was cut short.
 */
export class BlockingBody implements Iterable<Uint8Array<ArrayBuffer>>, StreamOwner {
	private readonly thread: Thread;
	private readonly stream: number;
	private readonly waiting: Uint8Array<ArrayBuffer>[] = [];
	/** Read, and not yet reported. */
	private taken = 0;
	private state: 'none' | 'asked' | 'coming' | 'complete';
	private used = false;
	private failure: Error | null = null;
	private until = Number.POSITIVE_INFINITY;

	/** `asked`: to be asked for by the first read. */
	constructor(thread: Thread, stream: number, state: 'none' | 'asked' | 'coming') {
		this.thread = thread;
		this.stream = stream;
		this.state = state;
		if (state !== 'none') thread.open(stream, this);
	}

	/** Reads fail when `performance.now()` is `until`: then `expired` says with what. */
	limit(until: number, expired: () => Error): void {
		this.until = until;
		this.expired = expired;
	}

	/** The pieces as they come; leaving the loop gives the rest up. */
	*[Symbol.iterator](): Generator<Uint8Array<ArrayBuffer>, void> {
		this.use();
		try {
			for (let piece = this.next(); piece !== null; piece = this.next()) yield piece;
		} finally {
			this.drop();
		}
	}

	/** All of it. Throws TooLargeError when there are more than `limit` bytes, and gives the rest up. */
	bytes(limit: number = Number.POSITIVE_INFINITY): Uint8Array<ArrayBuffer> {
		const pieces: Uint8Array<ArrayBuffer>[] = [];
		let length = 0;
		for (const piece of this) {
			length += piece.length;
			if (length > limit) throw new TooLargeError(limit);
			pieces.push(piece);
		}
		const [first] = pieces;
		if (first !== undefined && pieces.length === 1) return first;
		const whole = new Uint8Array(length);
		let at = 0;
		for (const piece of pieces) {
			whole.set(piece, at);
			at += piece.length;
		}
		return whole;
	}

	/** All of it as UTF-8. */
	text(limit?: number): string {
		return decoder.decode(this.bytes(limit));
	}

	/** All of it as JSON. Throws SyntaxError for what is none. */
	json(limit?: number): unknown {
		return JSON.parse(this.text(limit)) as unknown;
	}

	/** All of it as a form, `application/x-www-form-urlencoded`. */
	form(limit?: number): URLSearchParams {
		return new URLSearchParams(this.text(limit));
	}

	streamed(message: ToThread): void {
		switch (message[0]) {
			case 'piece':
				this.waiting.push(message[2] as Uint8Array<ArrayBuffer>);
				return;
			case 'ended':
				this.state = 'complete';
				return;
			case 'cut':
				this.failure = unpacked(message[2]);
				return;
			default:
		}
	}

	private expired: () => Error = () => new Error('The body did not come in time');

	private use(): void {
		if (this.used) throw new TypeError('This body was read already: it can be read once');
		this.used = true;
		if (this.state !== 'asked') return;
		this.state = 'coming';
		this.thread.post(['want', this.stream]);
	}

	/** The next piece, or null at the end. */
	private next(): Uint8Array<ArrayBuffer> | null {
		if (this.state === 'none') return null;
		if (!this.thread.wait(() => this.hasNews(), this.until)) throw this.expired();
		const piece = this.waiting.shift();
		if (piece !== undefined) {
			this.report(piece.length + PIECE_COST);
			return piece;
		}
		if (this.failure !== null) throw this.failure;
		return null;
	}

	private hasNews(): boolean {
		return this.waiting.length > 0 || this.state === 'complete' || this.failure !== null;
	}

	private report(cost: number): void {
		this.taken += cost;
		if (this.taken < WINDOW / 2 || this.state === 'complete') return;
		this.thread.post(['read', this.stream, this.taken]);
		this.taken = 0;
	}

	private drop(): void {
		if (this.state !== 'coming' || this.failure !== null) return;
		this.failure = new TypeError('This body was given up before its end');
		this.waiting.length = 0;
		this.thread.post(['drop', this.stream]);
	}
}
