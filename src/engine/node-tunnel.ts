/**
 * A node stream as a tunnel, after CONNECT, Upgrade or extended CONNECT: each direction ends on its own, an idle
 * time-out covers both, and what happened is told once, when the stream is gone.
 */
import type { Duplex } from 'node:stream';
import { fromDuplex, type Sink, type Source, type Tunnel } from '../bytes/index.ts';
import { Disconnected } from '../convention/index.ts';
import type { Fields } from '../fields/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';

/** Told once: bytes that went to the client and came from it, and why the stream broke off, or null. */
export type TunnelClosed = (sent: number, received: number, error: Error | null) => void;

export class NodeTunnel implements Tunnel, TimerOwner {
	readonly readable: Source;
	readonly writable: Sink & { ondrain: (() => void) | null };
	private readonly duplex: Duplex;
	private readonly idle: number;
	private readonly timer: Timer = new Timer(this);
	private sent = 0;
	private received = 0;

	/** Takes the stream over. `idle`: milliseconds without a byte in either direction; 0 for no limit. */
	constructor(duplex: Duplex, idle: number, closed: TunnelClosed) {
		this.duplex = duplex;
		this.idle = idle;
		const inner = fromDuplex(duplex);
		this.readable = {
			length: null,
			start: (sink) => inner.readable.start(this.watched(sink)),
			resume: () => inner.readable.resume(),
			cancel: (reason) => inner.readable.cancel(reason),
		};
		this.writable = Object.assign(inner.writable, { write: this.counted(inner.writable) });
		let failure: Error | null = null;
		duplex.on('error', (error: Error) => {
			failure = error;
		});
		duplex.once('close', () => {
			wheel.remove(this.timer);
			const inOrder = duplex.readableEnded && duplex.writableFinished;
			closed(this.sent, this.received, failure ?? (inOrder ? null : new Disconnected()));
		});
		wheel.set(this.timer, idle);
	}

	destroy(reason?: Error): void {
		this.duplex.destroy(reason);
	}

	timedOut(): void {
		this.duplex.destroy();
	}

	private watched(sink: Sink): Sink {
		return {
			write: (chunk) => {
				this.received += chunk.length;
				wheel.set(this.timer, this.idle);
				return sink.write(chunk);
			},
			end: (trailers?: Fields) => (trailers === undefined ? sink.end() : sink.end(trailers)),
			fail: (reason) => sink.fail(new Disconnected(undefined, { cause: reason })),
		};
	}

	private counted(writable: Sink): (chunk: Uint8Array) => boolean {
		const write = writable.write.bind(writable);
		return (chunk) => {
			this.sent += chunk.length;
			wheel.set(this.timer, this.idle);
			return write(chunk);
		};
	}
}
