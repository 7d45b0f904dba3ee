/**
 * A transport as a tunnel: what both engines and clients hand over after CONNECT or Upgrade. Early bytes come first,
 * each direction ends on its own (RFC 9110 section 9.3.6), and an idle time-out covers both.
 */
import type { Sink, Source, Tunnel } from '../bytes/index.ts';
import { Timer, type TimerOwner, wheel } from './timer-wheel.ts';
import type { Transport, TransportHandler } from './transport.ts';

/** What the owner of the connection wants to know. */
export interface TunnelOwner {
	/** Whoever uses the tunnel has thrown where we called; `tunnelClosed` follows. */
	broken?(error: unknown): void;
	/** The transport is gone; bytes that went to the peer and came from it. */
	tunnelClosed(sent: number, received: number, error: Error | null): void;
}

export class TransportTunnel implements Tunnel, TransportHandler, TimerOwner {
	readonly readable: Source;
	readonly writable: Sink & { ondrain: (() => void) | null };
	private readonly transport: Transport;
	private readonly owner: TunnelOwner;
	private readonly timer: Timer = new Timer(this);
	private readonly idle: number;
	private readonly failure: () => Error;
	private early: Uint8Array | null;
	private sink: Sink | null = null;
	private started = false;
	/** The peer has sent FIN. */
	private finished = false;
	/** The sink has been told how it ended. */
	private told = false;
	private cancelled = false;
	/** The transport has been dropped or is gone. */
	private gone = false;
	/** The transport is gone, for this reason. Made when somebody is told: most tunnels end in order, and an error's stack costs. */
	private lost: Error | null = null;
	private isLost = false;
	private sent = 0;
	private taken = 0;

	/** Takes the transport over. `early` are bytes that came behind the head; `failure` makes the error of a lost peer. */
	constructor(transport: Transport, early: Uint8Array | null, owner: TunnelOwner, idle: number, failure: () => Error) {
		this.transport = transport;
		this.early = early !== null && early.length > 0 ? early : null;
		this.owner = owner;
		this.idle = idle;
		this.failure = failure;
		this.readable = {
			length: null,
			start: (sink) => this.start(sink),
			resume: () => this.resume(),
			cancel: () => this.cancel(),
		};
		this.writable = {
			ondrain: null,
			write: (chunk) => this.write(chunk),
			end: () => transport.end(),
			fail: () => this.drop(true),
		};
		transport.handler = this;
		transport.pause();
		wheel.set(this.timer, idle);
	}

	destroy(): void {
		this.drop(false);
	}

	private drop(reset: boolean): void {
		this.gone = true;
		this.transport.destroy(reset);
	}

	private start(sink: Sink): void {
		if (this.started) throw new Error('This tunnel is being read already.');
		this.started = true;
		if (this.cancelled) return;
		if (this.isLost && !this.finished) return sink.fail(this.lost ?? this.failure());
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

	private cancel(): void {
		this.cancelled = true;
		this.sink = null;
		this.early = null;
		// What still comes is read and dropped, so that the peer's FIN is seen.
		this.transport.resume();
	}

	private write(chunk: Uint8Array): boolean {
		// Nothing is taken any more: whoever writes without a pause would never hear of it otherwise.
		if (this.gone) return false;
		this.sent += chunk.length;
		wheel.set(this.timer, this.idle);
		return this.transport.write(chunk);
	}

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		wheel.set(this.timer, this.idle);
		if (this.sink === null) return;
		this.taken += length;
		const chunk = durable ? bytes.subarray(0, length) : new Uint8Array(bytes.subarray(0, length));
		if (!this.sink.write(chunk)) this.transport.pause();
	}

	ended(): void {
		this.finished = true;
		this.tellEnd();
	}

	drained(): void {
		this.writable.ondrain?.();
	}

	timedOut(): void {
		this.drop(false);
	}

	closed(error: Error | null): void {
		wheel.remove(this.timer);
		this.gone = true;
		this.isLost = true;
		this.lost = error;
		const { sink, told } = this;
		this.told = true;
		try {
			if (!told) sink?.fail(error ?? this.failure());
		} finally {
			this.owner.tunnelClosed(this.sent, this.taken, error);
		}
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
