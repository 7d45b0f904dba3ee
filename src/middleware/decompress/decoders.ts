/** Decoders at work. What they take is the process's memory: they are counted for all layers together. */
import type { Sink, Source } from '../../bytes/index.ts';

let working = 0;

/** How many there are in this process. */
export function decodersAtWork(): number {
	return working;
}

/** The decoders of one body, which are counted from its start to their ends. */
export class Decoders {
	private readonly count: number;
	private readonly most: number;
	private left = 0;

	constructor(count: number, most: number) {
		this.count = count;
		this.most = most;
	}

	/** False when there would be too many. */
	begin(): boolean {
		if (working + this.count > this.most) return false;
		working += this.count;
		this.left = this.count;
		return true;
	}

	/** One of them is over. Those of a body that was never started are not counted. */
	over(): void {
		if (this.left === 0) return;
		this.left--;
		working--;
	}

	allOver(): void {
		working -= this.left;
		this.left = 0;
	}
}

/** The payload that begins only when there is room for what decodes it; `refuse` gives the error it fails with otherwise. */
export class AdmittedSource implements Source {
	readonly length = null;
	private readonly inner: Source;
	private readonly decoders: Decoders;
	private readonly refuse: () => Error;
	private started = false;

	constructor(inner: Source, decoders: Decoders, refuse: () => Error) {
		this.inner = inner;
		this.decoders = decoders;
		this.refuse = refuse;
	}

	start(sink: Sink): void {
		if (this.started || this.decoders.begin()) return this.begin(sink);
		const error = this.refuse();
		this.inner.cancel(error);
		sink.fail(error);
	}

	private begin(sink: Sink): void {
		// One that is started again is refused by the source itself.
		if (this.started) return this.inner.start(sink);
		this.started = true;
		try {
			this.inner.start(sink);
		} catch (error) {
			// Nobody wanted it any more: then nobody tells when it is over.
			this.decoders.allOver();
			throw error;
		}
	}

	resume(): void {
		this.inner.resume();
	}

	cancel(reason?: unknown): void {
		this.inner.cancel(reason);
	}
}
