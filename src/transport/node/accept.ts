/** Listening sockets, plain and TLS. What is accepted is handed on as a transport; nothing here speaks HTTP. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions as NodeTlsOptions, type Server as TlsServer } from 'node:tls';
import type { Address } from '../../convention/index.ts';
import { noteListener } from './own-listeners.ts';

/** Where and how to listen. */
export interface AcceptOptions {
	readonly at:
		| { readonly host: string; readonly port: number; readonly reusePort?: boolean }
		| { readonly path: string };
	/** Node's own TLS settings, and who is told of its server before it listens; absent for plain connections. */
	readonly tls?: { readonly settings: NodeTlsOptions; prepare(server: TlsServer): void };
	/** Connections that the system keeps waiting before it refuses more. */
	readonly backlog?: number;
}

export interface Acceptor {
	readonly address: Address;
	/** No new connections from now on, and those still in their TLS handshake are dropped; returns at once, whatever is still open. */
	stop(): void;
}

const BACKLOG = 4096;

/** Resolves when connections are accepted; rejects with the system's error otherwise. */
export function accept(options: AcceptOptions, connected: (socket: Socket) => void): Promise<Acceptor> {
	const common = { allowHalfOpen: true, noDelay: true };
	const { tls } = options;
	const shaking = tls === undefined ? null : new Map<string, Socket>();
	const server = tls === undefined ? createServer(common) : createTlsServer({ ...common, ...tls.settings });
	if (shaking === null) server.on('connection', connected);
	else acceptTls(server as TlsServer, shaking, connected);
	tls?.prepare(server as TlsServer);
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen({ ...options.at, backlog: options.backlog ?? BACKLOG }, () => {
			server.off('error', reject);
			// accept() failing later (EMFILE) must not end the process: the next attempt may succeed.
			server.on('error', () => {});
			const address = addressOf(server, options);
			const forget = noteListener(address);
			const stop = (): void => {
				server.close();
				forget();
				for (const socket of shaking?.values() ?? []) socket.destroy();
			};
			resolve({ address, stop });
		});
	});
}

/** `shaking` holds the sockets whose handshake is under way, by their peer: the socket above is another object. */
function acceptTls(server: TlsServer, shaking: Map<string, Socket>, connected: (socket: Socket) => void): void {
	server.on('connection', (socket: Socket) => {
		const peer = peerOf(socket);
		shaking.set(peer, socket);
		socket.once('close', () => shaking.delete(peer));
	});
	server.on('secureConnection', (socket: Socket) => {
		shaking.delete(peerOf(socket));
		connected(socket);
	});
	// A failed handshake is the client's affair; without a listener it would end the process.
	server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
}

function peerOf(socket: Socket): string {
	return `${socket.remoteAddress} ${socket.remotePort}`;
}

function addressOf(server: Server, options: AcceptOptions): Address {
	const bound = server.address();
	if (bound === null || typeof bound === 'string') return { kind: 'unix', path: (options.at as { path: string }).path };
	return { kind: 'ip', host: bound.address, port: bound.port };
}
