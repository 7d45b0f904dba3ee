/**
 * Bytes to a string, byte for byte. Engines hand in Buffers, whose own method is by far the fastest way; it also works
 * on plain arrays, so it is remembered once it has been seen. Without it, as in a browser, blocks are converted.
 */

interface NativeSlice {
	latin1Slice?: (start: number, end: number) => string;
}

let native: ((this: Uint8Array, start: number, end: number) => string) | null = null;

/** `bytes[start, end)` as a string of code points 0-255. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
	if (native !== null) return native.call(bytes, start, end);
	const own = (bytes as NativeSlice).latin1Slice;
	if (own === undefined) return inBlocks(bytes, start, end);
	native = own;
	return native.call(bytes, start, end);
}

/** More arguments than this could overflow the stack. */
const BLOCK = 4096;

export function inBlocks(bytes: Uint8Array, start: number, end: number): string {
	let text = '';
	for (let at = start; at < end; at += BLOCK) {
		text += String.fromCharCode(...bytes.subarray(at, Math.min(at + BLOCK, end)));
	}
	return text;
}
