/** Tunnels from and to node's duplex streams, for libraries that offer or expect a socket. */
import { Duplex } from 'node:stream';
import { copied } from './copied.ts';
import { fromReadable, Reader } from './node.ts';
import type { Tunnel } from './source.ts';

/** A duplex stream (a socket with `allowHalfOpen`, a TLS stream) as a tunnel. What is written is copied. */
export function fromDuplex(duplex: Duplex): Tunnel {
	const writable: Tunnel['writable'] = {
		ondrain: null,
		write: (chunk) => !duplex.destroyed && duplex.write(copied(chunk)),
		end: () => void duplex.end(),
		fail: (reason) => void duplex.destroy(reason),
	};
	duplex.on('drain', () => writable.ondrain?.());
	return {
		readable: fromReadable(duplex, { destroy: false }),
		writable,
		destroy: (reason) => void duplex.destroy(reason),
	};
}

/** A tunnel as a duplex stream. Destroying it before both directions have ended destroys the tunnel. */
export function toDuplex(tunnel: Tunnel): Duplex {
	const { writable } = tunnel;
	let ended = false;
	const duplex: Duplex = new Duplex({
		allowHalfOpen: true,
		read: () => reader.read(),
		write(chunk: Uint8Array, _, callback) {
			if (writable.write(chunk)) return callback();
			writable.ondrain = () => {
				writable.ondrain = null;
				callback();
			};
		},
		final(callback) {
			ended = true;
			writable.end();
			callback();
		},
		destroy(error, callback) {
			writable.ondrain = null;
			writable.onlost = null;
			if (!ended || !reader.over || error !== null) tunnel.destroy(error ?? undefined);
			reader.over = true;
			callback(error);
		},
	});
	const reader: Reader = new Reader(tunnel.readable, undefined, duplex);
	writable.onlost = (reason) => void duplex.destroy(reason);
	return duplex;
}
