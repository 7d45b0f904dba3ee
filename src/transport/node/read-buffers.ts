/**
 * Where sockets read to. All connections share one small buffer, so that an idle one holds none; what is read there must
 * be used or copied before the next read. A read that fills it is the start of something large: for as long as the
 * socket has more at once, the connection then reads into a large buffer, which stays as it is while the connection is
 * paused, so that bodies are relayed without a copy. Large buffers go from hand to hand, last in, first out: the one
 * used next is still in the processor's cache.
 */

const SHARED = 16_384;
/** PERFORMANCE: 256 KiB reads cost two thirds of what 64 KiB reads do. */
const LARGE = 262_144;
/** Buffers kept for the next transfer; what is over goes to the collector. */
const SPARE = 16;

/** The buffer of every connection that is not in a large transfer. */
export const sharedBuffer: Buffer = Buffer.allocUnsafeSlow(SHARED);

const spare: Buffer[] = [];

/** A buffer for one connection's large transfer. */
export function takeBuffer(): Buffer {
	return spare.pop() ?? Buffer.allocUnsafeSlow(LARGE);
}

/** Gives it back; nothing may point into it any more. */
export function releaseBuffer(buffer: Buffer): void {
	if (spare.length < SPARE) spare.push(buffer);
}
