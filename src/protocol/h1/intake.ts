/**
 * Between a stream of bytes and the codec: feeds it, keeps what it would not take yet, and holds the stream back while
 * it may not go on. Engine and client use the same one. No rule of HTTP lives here.
 */

/** What can be fed: the codec. */
interface Receiver {
	receive(bytes: Uint8Array, start: number, end: number): number;
	pause(): void;
	resume(): void;
}

/** The stream of bytes. */
export interface Flow {
	pause(): void;
	resume(): void;
}

export interface IntakeOwner {
	/** The codec has stopped, with or without bytes left: the place to act on what it reported. */
	intakeStopped(): void;
}

const NOTHING = new Uint8Array(0);

export class Intake {
	private readonly codec: Receiver;
	private readonly flow: Flow;
	private readonly owner: IntakeOwner;
	/** Bytes that the codec has not taken. They stay as they are while the flow is paused. */
	private kept: Uint8Array | null = null;
	/** Whether the bytes being fed stay as they are while the flow is paused. */
	durable = false;
	private held = false;
	private running = false;
	private again = false;
	private detached: ((rest: Uint8Array | null) => void) | null = null;
	private over = false;
	/** Bytes of the present read that the codec has not taken. */
	private left = 0;

	constructor(codec: Receiver, flow: Flow, owner: IntakeOwner) {
		this.codec = codec;
		this.flow = flow;
		this.owner = owner;
	}

	/** Bytes have come. */
	take(bytes: Uint8Array, length: number, durable: boolean): void {
		if (this.over) return;
		if (this.kept !== null) {
			this.kept = joined(this.kept, bytes, length);
			return;
		}
		this.durable = durable;
		this.run(bytes, length);
	}

	/** Whether bytes wait here for the codec. */
	get waiting(): boolean {
		return this.kept !== null || this.left > 0;
	}

	/** Whether `hold` is in force. */
	get holding(): boolean {
		return this.held;
	}

	/** From within an event: no more until `more`. */
	hold(): void {
		this.held = true;
		this.codec.pause();
	}

	/** The codec may go on. */
	more(): void {
		if (this.over) return;
		this.held = false;
		this.codec.resume();
		if (this.running) {
			this.again = true;
			return;
		}
		const bytes = this.kept ?? NOTHING;
		this.kept = null;
		this.durable = true;
		this.run(bytes, bytes.length);
	}

	/** Feeds nothing any more, and hands over what was not taken; from within an event, when the codec has stopped. */
	detach(taker: (rest: Uint8Array | null) => void): void {
		this.detached = taker;
		if (!this.running) this.handOver();
	}

	/** Drops all that comes. */
	stop(): void {
		this.over = true;
		this.kept = null;
	}

	private run(bytes: Uint8Array, end: number): void {
		let start = 0;
		this.running = true;
		do {
			this.again = false;
			start = this.codec.receive(bytes, start, end);
			this.left = end - start;
			this.owner.intakeStopped();
		} while (this.again && !this.over && this.detached === null);
		this.running = false;
		this.left = 0;
		if (this.over) return;
		if (start < end) this.kept = this.durable ? bytes.subarray(start, end) : new Uint8Array(bytes.subarray(start, end));
		if (this.detached !== null) this.handOver();
		else if (this.kept !== null || this.held) this.flow.pause();
		else this.flow.resume();
	}

	private handOver(): void {
		const taker = this.detached as (rest: Uint8Array | null) => void;
		const rest = this.kept;
		this.stop();
		taker(rest);
	}
}

function joined(first: Uint8Array, second: Uint8Array, length: number): Uint8Array {
	const all = new Uint8Array(first.length + length);
	all.set(first);
	all.set(second.subarray(0, length), first.length);
	return all;
}
