/**
 * The two ends through which every body and every tunnel flows. One producer pushes, one consumer may pause it.
 *
 * Lending: a chunk belongs to the producer. It stays as it is until `write` returns true or, after `write` returned
 * false, until the consumer calls `resume`. Whoever needs it longer copies it. This is what lets a proxy read every
 * upstream into the same few buffers, and still write large bodies without a copy.
 */
import type { Fields } from '../fields/index.ts';

/** One-shot bytes. Whoever holds a source must `start` it or `cancel` it, exactly once. */
export interface Source {
	/** Bytes it will deliver in all, or null when nobody knows yet. */
	readonly length: number | null;
	/** Begins delivery to `sink`; it may call the sink before it returns. Throws when called twice. */
	start(sink: Sink): void;
	/** Asks for more after `write` returned false. May call the sink before it returns. Without effect otherwise. */
	resume(): void;
	/** The receiver has lost interest, before or after `start`: nothing is delivered any more. Idempotent. */
	cancel(reason?: unknown): void;
}

/** Where bytes go. After `end` or `fail` nothing follows. */
export interface Sink {
	/** Takes a chunk. False: stop, until `resume` is called on the source. See "Lending" above. */
	write(chunk: Uint8Array): boolean;
	/** All bytes have been delivered; trailers are the fields that came behind them. */
	end(trailers?: Fields): void;
	/** The bytes were cut short; what was delivered must not look complete. */
	fail(reason: Error): void;
}

export interface TunnelWritable extends Sink {
	/** Called after `write` has returned false, when more is taken. */
	ondrain: (() => void) | null;
	/** Called once nothing can be written any more, where `readable` cannot say so since it has ended already. */
	onlost?: ((reason: Error) => void) | null;
}

/** A byte stream in both directions after CONNECT or Upgrade; one half may end while the other lives. */
export interface Tunnel {
	readonly readable: Source;
	readonly writable: TunnelWritable;
	/** Drops both directions at once; with a reason so that the peer sees that it was cut short. */
	destroy(reason?: Error): void;
}

/** A part of a file as payload, for engines that can send files without reading them (`context.can.sendFile`). */
export interface FileRange {
	readonly path: string;
	/** First byte, counted from 0. */
	readonly start: number;
	/** Bytes to send. */
	readonly length: number;
}
