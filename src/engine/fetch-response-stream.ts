/**
 * The body of a native Response that we write: a runtime that speaks HTTP for us reads it as fast as its client does.
 * There is no queue but what a source insists on writing after it was told to wait.
 */

/** Who writes it. */
export interface StreamOwner {
	/** The runtime has taken all that was written, and wants more. */
	drained(): void;
	/** The runtime has taken the last byte. */
	streamTaken(): void;
	/** The runtime wants no more: its client has left. */
	streamCancelled(reason: unknown): void;
}

export class ResponseStream {
	readonly type = 'bytes' as const;
	readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
	private readonly owner: StreamOwner;
	private controller: ReadableByteStreamController | null = null;
	/** The runtime asks for bytes, and has been given none since. */
	private asked = false;
	/** Who writes was told to wait. */
	private waiting = false;
	private state: 'open' | 'ending' | 'over' = 'open';

	constructor(owner: StreamOwner) {
		this.owner = owner;
		this.readable = new ReadableStream(this, { highWaterMark: 0 }) as ReadableStream<Uint8Array<ArrayBuffer>>;
	}

	/** Bytes that were not taken, one at least while anybody waits; 0 when nothing is waited for. */
	get unsent(): number {
		if (this.state === 'over' || !(this.waiting || this.state === 'ending')) return 0;
		return Math.max(1, -(this.controller?.desiredSize ?? 0));
	}

	/** The chunk is copied, since it is only lent. False: wait for `drained`. */
	write(chunk: Uint8Array): boolean {
		if (this.state !== 'open') return true;
		this.asked = false;
		(this.controller as ReadableByteStreamController).enqueue(new Uint8Array(chunk));
		// The runtime may have taken it and asked again meanwhile.
		const { asked } = this;
		this.waiting = !asked;
		return asked;
	}

	/** All is written; `streamTaken` follows. */
	end(): void {
		if (this.state !== 'open') return;
		this.state = 'ending';
		if (this.asked) this.close();
	}

	/** Cuts the response: no runtime lets a stream that failed look complete. */
	fail(): void {
		if (this.state === 'over') return;
		this.state = 'over';
		// Without a reason, since the engine has logged it: Bun would print it once more.
		(this.controller as ReadableByteStreamController).error(undefined);
	}

	// What the runtime calls.

	start(controller: ReadableByteStreamController): void {
		this.controller = controller;
	}

	pull(): void {
		this.asked = true;
		if (this.state === 'ending') return this.close();
		if (!this.waiting) return;
		this.waiting = false;
		this.owner.drained();
	}

	cancel(reason: unknown): void {
		if (this.state === 'over') return;
		this.state = 'over';
		this.owner.streamCancelled(reason);
	}

	private close(): void {
		const controller = this.controller as ReadableByteStreamController;
		this.state = 'over';
		controller.close();
		controller.byobRequest?.respond(0);
		this.owner.streamTaken();
	}
}
