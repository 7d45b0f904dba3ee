/** Bytes carried from one place to another under back-pressure: one way, and both ways between two tunnels. */
import type { Fields } from '../fields/index.ts';
import { asError } from './as-error.ts';
import type { Sink, Source, Tunnel } from './source.ts';

/** A sink that says by `ondrain` when it takes more. */
export type Writable = Tunnel['writable'];

/** How a pipe ended: the error of its source, or null, and the bytes that were carried. */
export type PipeDone = (error: Error | null, bytes: number) => void;

/** How two joined tunnels ended: the first error, or null when both directions ended in order, and the bytes from each. */
export type JoinDone = (error: Error | null, fromA: number, fromB: number) => void;

/** Carries `source` into `sink`, end or failure included. It takes `sink.ondrain` over until it is done. */
export function pipe(source: Source, sink: Writable, done?: PipeDone): void {
	const one = new Pipe(source, sink, (error) => {
		if (error === null) sink.end(...one.trailers);
		else sink.fail(error);
		done?.(error, one.bytes);
	});
	one.start();
}

/**
 * Joins two tunnels: what either says, the other hears. A direction that ends leaves the other one open (half-close);
 * an error in either destroys both. Only what cannot be written behind its receiver's own end leaves the way back to
 * finish: what has come is still on it. `done` is called once, when both directions have ended or one has failed.
 */
export function join(a: Tunnel, b: Tunnel, done?: JoinDone): void {
	let open = 2;
	const settle = (writable: Writable, pipe: () => Pipe) => (error: Error | null, lost: boolean) => {
		if (open <= 0) return;
		const alone = open === 1;
		if (error === null) writable.end(...pipe().trailers);
		open = error === null ? open - 1 : 0;
		if (error !== null && !(lost && alone)) {
			there.stop(error);
			back.stop(error);
			a.destroy(error);
			b.destroy(error);
		}
		if (open === 0) {
			open = -1;
			done?.(error, there.bytes, back.bytes);
		}
	};
	const there: Pipe = new Pipe(
		a.readable,
		b.writable,
		settle(b.writable, () => there),
	);
	const back: Pipe = new Pipe(
		b.readable,
		a.writable,
		settle(a.writable, () => back),
	);
	there.start();
	if (open > 0) back.start();
}

class Pipe implements Sink {
	bytes = 0;
	trailers: [] | [Fields] = [];
	private readonly source: Source;
	private readonly sink: Writable;
	private readonly settled: (error: Error | null, lost: boolean) => void;
	private over = false;

	constructor(source: Source, sink: Writable, settled: (error: Error | null, lost: boolean) => void) {
		this.source = source;
		this.sink = sink;
		this.settled = settled;
	}

	start(): void {
		this.sink.ondrain = () => {
			if (!this.over) this.source.resume();
		};
		this.sink.onlost = (reason) => this.lost(reason);
		try {
			this.source.start(this);
		} catch (error) {
			this.fail(asError(error));
		}
	}

	write(chunk: Uint8Array): boolean {
		if (this.over) return false;
		this.bytes += chunk.length;
		return this.sink.write(chunk);
	}

	end(trailers?: Fields): void {
		if (trailers !== undefined) this.trailers = [trailers];
		this.finish(null);
	}

	fail(reason: Error): void {
		this.finish(reason);
	}

	/** Nothing more is carried: the other direction has failed. */
	stop(reason: Error): void {
		if (this.over) return;
		this.leave();
		this.source.cancel(reason);
	}

	/** Nobody takes it any more. */
	private lost(reason: Error): void {
		if (this.over) return;
		this.leave();
		this.source.cancel(reason);
		this.settled(reason, true);
	}

	private finish(error: Error | null): void {
		if (this.over) return;
		this.leave();
		this.settled(error, false);
	}

	private leave(): void {
		this.over = true;
		this.sink.ondrain = null;
		this.sink.onlost = null;
	}
}
