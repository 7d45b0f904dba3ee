/** Both ends of a tunnel, in memory: what one end writes, the other reads, each direction on its own. */
import type { Tunnel } from '../../bytes/index.ts';
import { MemoryPipe } from './memory-pipe.ts';

export interface TunnelPair {
	readonly client: Tunnel;
	readonly server: Tunnel;
	/** Drops both directions, whoever wants it. */
	readonly destroy: (reason: Error) => void;
	/** Bytes that went to the client and came from it. */
	bytes(): { readonly bytes: number; readonly received: number };
}

/** `done` is told once, when both directions are over: the error, or null when both have ended in order. */
export function tunnelPair(window: number, done: (error: Error | null) => void): TunnelPair {
	const up = new MemoryPipe(null, window);
	const down = new MemoryPipe(null, window);
	let open = 2;
	let failure: Error | null = null;
	const settled = (error: Error | null): void => {
		failure ??= error;
		open -= 1;
		if (open === 0) done(failure);
	};
	up.ondelivered = settled;
	down.ondelivered = settled;
	const destroy = (reason: Error = new Error('The tunnel was destroyed')): void => {
		failure ??= reason;
		up.fail(reason);
		down.fail(reason);
		if (open > 0) {
			open = 0;
			done(failure);
		}
	};
	// A reader that leaves breaks the connection for the writer, as a reset would.
	up.oncancel = (reason) => destroy(reason instanceof Error ? reason : undefined);
	down.oncancel = up.oncancel;
	return {
		client: { readable: down, writable: up, destroy },
		server: { readable: up, writable: down, destroy },
		destroy,
		bytes: () => ({ bytes: down.written, received: up.written }),
	};
}
