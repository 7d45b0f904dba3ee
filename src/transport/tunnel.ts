/**
 * A transport as a tunnel: what both engines and clients hand over after CONNECT or Upgrade. Early bytes come first,
 * each direction ends on its own (RFC 9110 section 9.3.6), and time-outs cover both.
 */
import type { Sink, Source, Tunnel, TunnelWritable } from '../bytes/index.ts';
import { Timer, type TimerOwner, wheel } from './timer-wheel.ts';
import type { Transport, TransportHandler } from './transport.ts';

/** What the owner of the connection wants to know. */
export interface TunnelOwner {
	/** Whoever uses the tunnel has thrown where we called; `tunnelClosed` follows. */
	broken?(error: unknown): void;
	/** The transport is gone; bytes that went to the peer and came from it. */
	tunnelClosed(sent: number, received: number, error: Error | null): void;
}

/** Milliseconds; 0 is for ever. */
export interface TunnelPatience {
	/** Between bytes in either direction. */
	readonly idle: number;
	/** From now to the end. */
	readonly total: number;
}

/** Milliseconds that a peer whose bytes nobody wants any more has for taking some of what was written to it. */
const LINGER = 5_000;
/** Milliseconds between two looks at a peer that has ended and is still written to: its reset would not be heard of. */
const PROBE = 5_000;

export class TransportTunnel implements Tunnel, TransportHandler, TimerOwner {
	readonly readable: Source;
	readonly writable: TunnelWritable;
	private readonly transport: Transport;
	private readonly owner: TunnelOwner;
	private readonly timer: Timer = new Timer(this);
	private readonly idle: number;
	/** By when it must be over, by the count of the wheel; 0 is never. */
	private readonly latest: number;
	private readonly failure: (cause: Error | null, late: boolean) => Error;
	private early: Uint8Array | null;
	private sink: Sink | null = null;
	private started = false;
	/** The peer has sent FIN. */
	private finished = false;
	/** The sink has been told how it ended. */
	private told = false;
	private cancelled = false;
	/** FIN has been sent, or will be behind what is still to be sent. */
	private ending = false;
	/** Our own time-out has ended it. */
	private late = false;
	/** Why the peer takes nothing any more, while what it has sent before is still being read. */
	private unwritten: Error | null = null;
	/** Why it was cut short by whoever uses it. */
	private cause: Error | null = null;
	/** Milliseconds without a byte, counted by looks at the peer. */
	private probed = 0;
	/** Bytes that the peer had not taken when that was last looked at. */
	private unsent = 0;
	/** The transport has been dropped or is gone. */
	private gone = false;
	/** The transport is gone, for this reason. Made when somebody is told: most tunnels end in order, and an error's stack costs. */
	private lost: Error | null = null;
	private isLost = false;
	private sent = 0;
	private taken = 0;

	/**
	 * Takes the transport over. `early` are bytes that came behind the head; `failure` makes the error of a lost peer, or of one
	 * that our time-out has ended.
	 */
	constructor(
		transport: Transport,
		early: Uint8Array | null,
		owner: TunnelOwner,
		{ idle, total }: TunnelPatience,
		failure: (cause: Error | null, late: boolean) => Error,
	) {
		this.transport = transport;
		this.early = early !== null && early.length > 0 ? early : null;
		this.owner = owner;
		this.idle = idle;
		this.failure = failure;
		this.readable = {
			length: null,
			start: (sink) => this.start(sink),
			resume: () => this.resume(),
			cancel: (reason) => this.cancel(reason),
		};
		this.writable = {
			ondrain: null,
			onlost: null,
			write: (chunk) => this.write(chunk),
			end: () => this.end(),
			fail: (reason) => this.destroy(reason),
		};
		transport.handler = this;
		transport.pause();
		this.latest = total > 0 ? wheel.now + total : 0;
		this.moved();
	}

	/** With a reason, the peer sees a reset: what it has got must not look complete. */
	destroy(reason?: Error): void {
		if (!this.gone) this.cause = reason ?? null;
		this.drop(reason !== undefined);
	}

	private moved(): void {
		this.probed = 0;
		if (!this.lingers) this.wait();
	}

	private wait(): void {
		const { idle, probed } = this;
		const left = idle === 0 ? Number.POSITIVE_INFINITY : idle - probed;
		const patience = this.isDeaf && left > PROBE ? PROBE : idle === 0 ? 0 : left;
		wheel.set(this.timer, patience, this.latest);
	}

	/** The peer has ended, and nothing is read from it any more. */
	private get isDeaf(): boolean {
		return this.finished && !this.ending;
	}

	private drop(reset: boolean): void {
		this.gone = true;
		this.transport.destroy(reset);
	}

	private start(sink: Sink): void {
		if (this.started) throw new Error('This tunnel is being read already.');
		this.started = true;
		if (this.cancelled) return;
		if (this.isLost && !this.finished) return sink.fail(this.failure(this.lost, this.late));
		this.sink = sink;
		const { early } = this;
		this.early = null;
		if (early !== null) {
			this.taken += early.length;
			if (!sink.write(early)) return;
		}
		this.resume();
	}

	private resume(): void {
		if (this.sink === null) return;
		if (this.finished) this.tellEnd();
		else this.transport.resume();
	}

	private cancel(reason: unknown): void {
		this.cancelled = true;
		this.sink = null;
		this.early = null;
		if (reason instanceof Error) this.cause ??= reason;
		this.linger();
		// What still comes is read and dropped, so that the peer's FIN is seen.
		this.transport.resume();
	}

	private end(): void {
		this.ending = true;
		this.transport.end();
		this.linger();
	}

	/** Nobody reads and nobody writes any more: the peer is waited for as long as it takes what is on its way to it. */
	private get lingers(): boolean {
		return this.cancelled && this.ending;
	}

	/** Its time has passed: the whole of it, or that without a byte. */
	private get isOver(): boolean {
		const { idle, probed, latest } = this;
		return (latest > 0 && wheel.now >= latest) || (idle > 0 && idle - probed <= PROBE);
	}

	private linger(): void {
		if (!this.lingers || this.gone) return;
		this.unsent = this.transport.unsent;
		wheel.set(this.timer, LINGER, this.latest);
	}

	private write(chunk: Uint8Array): boolean {
		// Nothing is taken any more: whoever writes without a pause would never hear of it otherwise.
		if (this.gone) return false;
		// Dropped, and no sign of life: what has arrived already has until the next time-out to be read.
		if (this.unwritten !== null) return true;
		this.sent += chunk.length;
		this.moved();
		return this.transport.write(chunk);
	}

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		this.moved();
		if (this.sink === null) return;
		this.taken += length;
		const chunk = durable ? bytes.subarray(0, length) : new Uint8Array(bytes.subarray(0, length));
		if (!this.sink.write(chunk)) this.transport.pause();
	}

	ended(): void {
		this.finished = true;
		this.tellEnd();
		if (this.unwritten !== null) this.drop(false);
		else if (!this.gone) this.moved();
	}

	/** A peer that has reset may have said something before, and its end: that is read to where it stops. */
	unwritable(error: Error): boolean {
		if (this.finished || this.cancelled || this.gone) return false;
		this.unwritten = error;
		// Nothing will leave any more: whoever waits for that goes on, and its bytes are dropped.
		this.drained();
		return true;
	}

	drained(): void {
		this.writable.ondrain?.();
	}

	timedOut(): void {
		if (this.lingers && this.transport.unsent < this.unsent) return this.linger();
		if (this.isDeaf && !this.isOver) {
			this.probed += PROBE;
			this.transport.probe();
			return this.wait();
		}
		this.late = true;
		this.drop(false);
	}

	closed(cause: Error | null): void {
		const error = cause ?? this.unwritten;
		wheel.remove(this.timer);
		this.gone = true;
		this.isLost = true;
		this.lost = error;
		try {
			this.tellClosed(error);
		} finally {
			this.owner.tunnelClosed(this.sent, this.taken, error ?? this.cause);
		}
	}

	private tellClosed(error: Error | null): void {
		const { sink, told, cancelled, ending } = this;
		this.told = true;
		const { onlost } = this.writable;
		if (!told && sink !== null) sink.fail(this.failure(error, this.late));
		else if ((told || cancelled) && !ending && onlost) onlost(this.failure(error, this.late));
	}

	broken(error: unknown): void {
		this.owner.broken?.(error);
	}

	private tellEnd(): void {
		if (this.told || this.sink === null) return;
		this.told = true;
		this.sink.end();
	}
}
