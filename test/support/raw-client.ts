/** Raw connections to a server under test. They are destroyed when the test is over. */
import { connect as connectSocket, type NetConnectOpts } from 'node:net';
import type { TestContext } from 'node:test';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { RawPeer } from './raw-peer.ts';

/** Connects to a port of 127.0.0.1 by TLS and waits for the handshake; rejects with its error. */
export function connectSecurely(t: TestContext, port: number, options: ConnectionOptions = {}): Promise<RawPeer> {
	return new Promise((resolve, reject) => {
		const where = { host: '127.0.0.1', port, allowHalfOpen: true };
		const socket = connectTls({ ...where, ...options } as ConnectionOptions);
		t.after(() => socket.destroy());
		socket.once('error', reject);
		socket.once('secureConnect', () => {
			socket.off('error', reject);
			resolve(new RawPeer(socket));
		});
	});
}

/** Connects to a port of 127.0.0.1 or to a unix socket. */
export function connect(t: TestContext, to: number | string): Promise<RawPeer> {
	const where: NetConnectOpts = typeof to === 'number' ? { host: '127.0.0.1', port: to } : { path: to };
	return new Promise((resolve, reject) => {
		const socket = connectSocket({ ...where, allowHalfOpen: true });
		t.after(() => socket.destroy());
		socket.once('error', reject);
		socket.once('connect', () => {
			socket.off('error', reject);
			resolve(new RawPeer(socket));
		});
	});
}
