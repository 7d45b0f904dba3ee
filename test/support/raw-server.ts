/** A scriptable origin on a port: it answers what its script says, byte for byte, and keeps what it got. */
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type Message } from './message.ts';
import { RawPeer } from './raw-peer.ts';

/** Serves one connection; `index` counts connections from 0. */
export type Script = (peer: RawPeer, index: number) => void | Promise<void>;

/** Answers one request with bytes, or by itself through `peer` (nothing returned). */
export type Answer = (request: Message, peer: RawPeer, index: number) => string | void | Promise<string | void>;

/** Where and how an origin listens; a free port of 127.0.0.1 without TLS when nothing is said. */
export interface Listening {
	readonly at?: ListenOptions;
	readonly tls?: TlsOptions;
}

export class RawServer {
	/** Every connection that was ever accepted. */
	readonly peers: RawPeer[] = [];
	/** Every request that an `Answer` was asked for. */
	readonly requests: Message[] = [];
	/** TLS handshakes that came to nothing. */
	readonly failedHandshakes: Error[] = [];
	private readonly server: Server;

	constructor(server: Server) {
		this.server = server;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	/** Everything that reached this origin, connections one after the other. */
	get received(): string {
		return this.peers.map((peer) => peer.received).join('');
	}

	/** The connection with that index, as soon as it is there. */
	async peer(index = 0, patience = 8_000): Promise<RawPeer> {
		const deadline = Date.now() + patience;
		while (this.peers.length <= index) {
			if (Date.now() > deadline) throw new Error(`No connection ${index} reached the origin in ${patience} ms.`);
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
		return this.peers[index] as RawPeer;
	}

	close(): void {
		this.server.close();
		for (const peer of this.peers) peer.destroy();
	}
}

/** Listens on a free port until the test is over. */
export function rawServer(t: TestContext, script: Script = () => {}, listening: Listening = {}): Promise<RawServer> {
	const { at = { host: '127.0.0.1', port: 0 }, tls } = listening;
	return new Promise((resolve, reject) => {
		const common = { allowHalfOpen: true };
		const server = tls === undefined ? createServer(common) : createTlsServer({ ...common, ...tls });
		const origin = new RawServer(server);
		server.on('tlsClientError', (error: Error) => origin.failedHandshakes.push(error));
		server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
			const peer = new RawPeer(socket);
			origin.peers.push(peer);
			// A script whose connection goes away under it has nothing left to do: what the test asserts says whether that was right.
			Promise.resolve(script(peer, origin.peers.length - 1)).catch(() => socket.destroy());
		});
		t.after(() => origin.close());
		server.once('error', reject);
		server.listen(at, () => resolve(origin));
	});
}

/** An origin that reads whole requests, one after the other, and answers each. It closes when the other end does. */
export async function origin(t: TestContext, answer: Answer, listening?: Listening): Promise<RawServer> {
	const server: RawServer = await rawServer(
		t,
		async (peer, index) => {
			for (;;) {
				await peer.when(() => peer.unread.length > 0 || peer.over, 'request', 60_000);
				if (peer.unread.length === 0) return peer.destroy();
				const request = await peer.message();
				server.requests.push(request);
				const bytes = await answer(request, peer, index);
				if (typeof bytes === 'string') peer.send(bytes);
			}
		},
		listening,
	);
	return server;
}

/** A plain 200 with a length. */
export function ok(body: string, fields = ''): string {
	return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}
