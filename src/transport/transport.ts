/**
 * One connected byte stream, whatever carries it. Engines and clients are written against this and never see a socket.
 *
 * Reading: `received` lends bytes. They are good until it returns; when `durable` is true and the handler pauses the
 * transport within the call, they stay good until it resumes.
 * Writing: `write` returns false when bytes are still waiting for the peer; what was written must then stay as it is,
 * and nothing more should be written, until `drained`.
 */
import type { Address, TlsFacts } from '../convention/index.ts';

export interface TransportHandler {
	/** Bytes `bytes[0, length)` have come. */
	received(bytes: Uint8Array, length: number, durable: boolean): void;
	/** The peer will send no more (FIN); it may still read. */
	ended(): void;
	/** All that was written has left, after a `write` or `flush` that returned false. */
	drained(): void;
	/** Nothing more can be written. True: what still comes is wanted all the same; otherwise the stream is dropped. */
	unwritable?(error: Error): boolean;
	/** The stream is gone in both directions, for whatever reason. Called exactly once, last. */
	closed(error: Error | null): void;
	/** One of these calls has thrown: somebody's fault, which costs the connection and never the process. It is dropped; `closed` follows. */
	broken?(error: unknown): void;
}

export interface Transport {
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	handler: TransportHandler;
	/** Writes latin1 text or bytes. Texts and small pieces of one turn of the event loop leave together at its end. */
	write(data: string | Uint8Array): boolean;
	/** Writes a piece between two texts, in one system call if that can be. */
	writeFramed(before: string, data: Uint8Array, after: string): boolean;
	/** Whether written bytes are still waiting for the peer. */
	readonly pending: boolean;
	/** How many of them, as far as the system says: less than before means that the peer takes some. */
	readonly unsent: number;
	/**
	 * Finds out whether the peer is still there, if nothing is on its way to it: once it has ended, nothing is read any more,
	 * and a reset is only noticed by who writes. What comes of it is `unwritable` and `closed`, as of any write.
	 */
	probe(): void;
	/** No `received` until `resume`. */
	pause(): void;
	resume(): void;
	/** Half-close: everything written goes out, then FIN. */
	end(): void;
	/** Drops the connection. `reset` makes the loss visible (RST) where a plain FIN could pass for a proper end. */
	destroy(reset?: boolean): void;
}
