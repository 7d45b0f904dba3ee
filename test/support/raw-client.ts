/** Raw connections to a server under test. They are destroyed when the test is over. */
import { connect as connectSocket, type NetConnectOpts } from 'node:net';
import type { TestContext } from 'node:test';
import { RawPeer } from './raw-peer.ts';

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
