/**
 * A node stream as a tunnel, after CONNECT, Upgrade or extended CONNECT: each direction ends on its own, an idle
 * time-out covers both, and what happened is told once, when the stream is gone.
 */
import type { Duplex } from 'node:stream';
import {
	CutShortError,
	fromDuplex,
	type Sink,
	type Source,
	type Tunnel,
	type TunnelWritable,
} from '../../bytes/index.ts';
import { Disconnected } from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';
import { Timer, type TimerOwner, wheel } from '../index.ts';

/** Told once: bytes that went to the peer and came from it, and why the stream broke off, or null. */
export type TunnelClosed = (sent: number, received: number, error: Error | null) => void;

export interface StreamTunnelOptions {
	/** Milliseconds without a byte in either direction; 0 for no limit. */
	readonly idle: number;
	/** Drops the stream; with a reason so that the client sees that it was cut short. */
	readonly drop: (reason: Error | null) => void;
	/** Whether the end of the stream is its client's own: node ends one that was reset, too. Default: yes. */
	readonly intact?: () => boolean;
}

export class StreamTunnel implements Tunnel, TimerOwner {
	readonly readable: Source;
	readonly writable: TunnelWritable;
	private readonly duplex: Duplex;
	private readonly options: StreamTunnelOptions;
	private readonly timer: Timer = new Timer(this);
	private sent = 0;
	private received = 0;
	/** Why it was cut short by whoever uses it. */
	private cause: Error | null = null;
	/** The sink has been told how it ended. */
	private told = false;
	private cancelled = false;
	private ending = false;

	/** Takes the stream over. */
	constructor(duplex: Duplex, options: StreamTunnelOptions, closed: TunnelClosed) {
		this.duplex = duplex;
		this.options = options;
		const inner = fromDuplex(duplex);
		this.readable = {
			length: null,
			start: (sink) => inner.readable.start(this.watched(sink)),
			resume: () => inner.readable.resume(),
			cancel: (reason) => {
				this.cancelled = true;
				if (reason instanceof Error) this.cause ??= reason;
				inner.readable.cancel(reason);
				this.leave();
			},
		};
		this.writable = Object.assign(inner.writable, {
			onlost: null,
			write: this.counted(inner.writable),
			end: () => {
				this.ending = true;
				duplex.end();
				this.leave();
			},
			fail: (reason: Error) => this.destroy(reason),
		});
		this.watch(closed);
		this.moved();
	}

	private watch(closed: TunnelClosed): void {
		const { duplex } = this;
		let failure: Error | null = null;
		duplex.on('error', (error: Error) => {
			failure = error;
		});
		duplex.once('close', () => {
			wheel.remove(this.timer);
			const inOrder = duplex.readableEnded && duplex.writableFinished;
			const reason = this.cause ?? failure ?? (inOrder ? null : new Disconnected());
			try {
				if ((this.told || this.cancelled) && !this.ending && reason !== null) this.writable.onlost?.(reason);
			} finally {
				closed(this.sent, this.received, reason);
			}
		});
	}

	destroy(reason?: Error): void {
		if (this.duplex.destroyed) return;
		if (reason !== undefined) this.cause = reason;
		this.options.drop(reason ?? null);
	}

	/** Nobody reads and nobody writes any more: what is on its way still leaves. */
	private leave(): void {
		if (!this.cancelled || !this.ending) return;
		if (this.duplex.writableFinished) this.destroy(this.cause ?? undefined);
		else this.duplex.once('finish', () => this.destroy(this.cause ?? undefined));
	}

	timedOut(): void {
		this.options.drop(null);
	}

	private moved(): void {
		wheel.set(this.timer, this.options.idle);
	}

	private watched(sink: Sink): Sink {
		const fail = (reason: Error): void => {
			this.told = true;
			sink.fail(new Disconnected(undefined, { cause: reason }));
		};
		return {
			write: (chunk) => {
				this.received += chunk.length;
				this.moved();
				return sink.write(chunk);
			},
			end: (trailers?: Fields) => {
				if (this.options.intact?.() === false) return fail(new CutShortError('The stream was reset'));
				this.told = true;
				if (trailers === undefined) sink.end();
				else sink.end(trailers);
			},
			fail,
		};
	}

	private counted(writable: Sink): (chunk: Uint8Array) => boolean {
		const write = writable.write.bind(writable);
		return (chunk) => {
			this.sent += chunk.length;
			this.moved();
			return write(chunk);
		};
	}
}
