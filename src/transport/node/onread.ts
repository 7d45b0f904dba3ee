/**
 * `net.connect` can read into a buffer of ours (its public option `onread`); a server's accepted sockets cannot, by any
 * public way, and pay for a fresh 64 KiB allocation at every read. Where the option keeps its settings is found out by
 * looking: a socket made with the public option shows under which of its properties they are. If a release of Node
 * changes that, nothing is found and sockets fall back to their `data` events, slower and otherwise the same.
 * See docs/decisions/reading-accepted-sockets.md.
 */
import { Socket } from 'node:net';

/** Called with the socket as `this`, as node does for `onread`. */
export type OnRead = (this: Socket, length: number, buffer: Buffer) => boolean;

interface Slots {
	readonly buffer: symbol;
	readonly callback: symbol;
	readonly generator: symbol;
}

function findSlots(): Slots | null {
	const buffer = Buffer.alloc(1);
	const generator = (): Buffer => buffer;
	const callback = (): boolean => true;
	const fixed = new Socket({ onread: { buffer, callback } } as never) as unknown as Record<symbol, unknown>;
	const generated = new Socket({ onread: { buffer: generator, callback } } as never) as unknown as Record<
		symbol,
		unknown
	>;
	const holding = (socket: Record<symbol, unknown>, value: unknown): symbol | undefined =>
		Object.getOwnPropertySymbols(socket).find((slot) => socket[slot] === value);
	const found = {
		buffer: holding(fixed, buffer),
		callback: holding(fixed, callback),
		generator: holding(generated, generator),
	};
	if (found.buffer === undefined || found.callback === undefined || found.generator === undefined) return null;
	return { buffer: found.buffer, callback: found.callback, generator: found.generator };
}

const slots = findSlots();

/** For `net.connect`: reading into buffers of ours, where that works as node has it; Bun calls back without the socket. */
export function onReadOption(buffer: () => Buffer | undefined, callback: OnRead): object {
	return slots === null ? {} : { onread: { buffer, callback } };
}

/** Whether a socket reads by `callback` already, because it was made with the option. */
export function readsBy(socket: Socket, callback: OnRead): boolean {
	return slots !== null && (socket as unknown as Record<symbol, unknown>)[slots.callback] === callback;
}

/** Makes an accepted socket read into `buffer`, as `onread` would. False when this release of Node offers no way. */
export function readInto(
	socket: Socket,
	buffer: Buffer,
	callback: OnRead,
	generator: () => Buffer | undefined,
): boolean {
	const handle = (socket as unknown as { _handle?: { useUserBuffer?(buffer: Buffer): void } })._handle;
	if (slots === null || typeof handle?.useUserBuffer !== 'function') return false;
	const settings = socket as unknown as Record<symbol, unknown>;
	settings[slots.buffer] = buffer;
	settings[slots.callback] = callback;
	settings[slots.generator] = generator;
	handle.useUserBuffer(buffer);
	return true;
}
