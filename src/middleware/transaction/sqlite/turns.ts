/** A number of turns that are taken and given back, with a bounded line of those who wait, first come first served. */
import { Disconnected, HttpError } from '../../../convention/index.ts';

export class Turns {
	private free: number;
	private readonly room: number;
	private readonly what: string;
	private readonly line: Set<Waiter> = new Set();

	/** `room`: how many may wait. `what` is said in the error. */
	constructor(size: number, room: number, what: string) {
		this.free = size;
		this.room = room;
		this.what = what;
	}

	get waiting(): number {
		return this.line.size;
	}

	/**
	 * Resolves with a turn. Rejects with HttpError 503 after `wait` milliseconds, or at once when the line is full, and with
	 * Disconnected when the signal says that nobody is there any more.
	 */
	async take(wait: number, signal: AbortSignal): Promise<void> {
		if (signal.aborted) throw new Disconnected();
		if (this.free > 0) {
			this.free--;
			return;
		}
		if (this.line.size >= this.room) throw this.busy(null);
		const waiter = new Waiter();
		this.line.add(waiter);
		const timer = setTimeout(() => this.drop(waiter, this.busy(wait)), wait);
		const left = (): void => this.drop(waiter, new Disconnected());
		signal.addEventListener('abort', left, { once: true });
		try {
			await waiter.turn.promise;
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', left);
		}
	}

	/** Gives a turn back; the next in line has it at once. */
	give(): void {
		const [next] = this.line;
		if (next === undefined) {
			this.free++;
			return;
		}
		this.line.delete(next);
		next.turn.resolve();
	}

	/** Sends all away who wait. */
	dismiss(error: Error): void {
		for (const waiter of this.line) this.drop(waiter, error);
	}

	private drop(waiter: Waiter, error: Error): void {
		if (this.line.delete(waiter)) waiter.turn.reject(error);
	}

	private busy(waited: number | null): HttpError {
		const how = waited === null ? 'and too many wait for it' : `in ${waited} ms`;
		return new HttpError(503, { message: `No ${this.what} is free ${how}`, fields: { 'retry-after': '1' } });
	}
}

class Waiter {
	readonly turn: PromiseWithResolvers<void> = Promise.withResolvers();
}
