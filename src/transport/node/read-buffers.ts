/**
 * Where sockets read to. All connections share one buffer, so that an idle one holds none; what is read there must be
 * used or copied before the next read. A connection in a bulk transfer gets a buffer of its own, which stays as it is
 * while the connection is paused, so that large bodies are relayed without a copy (PERFORMANCE: 256 KiB reads).
 */

const SHARED = 65_536;
const LARGE = 262_144;
/** A read of this size says that more of the kind will follow. */
export const BULK = 32_768;
/** Buffers kept for the next transfer; what is over goes to the collector. */
const SPARE = 16;

/** The buffer of every connection that is not in a bulk transfer. */
export const sharedBuffer: Buffer = Buffer.allocUnsafeSlow(SHARED);

const spare: Buffer[] = [];

/** A buffer for one connection's bulk transfer. */
export function takeBuffer(): Buffer {
	return spare.pop() ?? Buffer.allocUnsafeSlow(LARGE);
}

/** Gives it back; nothing may point into it any more. */
export function releaseBuffer(buffer: Buffer): void {
	if (spare.length < SPARE) spare.push(buffer);
}
