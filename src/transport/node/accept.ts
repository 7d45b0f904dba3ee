/** Listening sockets, plain and TLS. What is accepted is handed on as a transport; nothing here speaks HTTP. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions as NodeTlsOptions, type Server as TlsServer } from 'node:tls';
import type { Address } from '../../convention/index.ts';
import { noteListener } from './own-listeners.ts';

/** Where and how to listen. */
export interface AcceptOptions {
	readonly at:
		| { readonly host: string; readonly port: number; readonly reusePort?: boolean }
		| { readonly path: string }
		| { readonly fd: number };
	/** Node's own TLS settings, and who is told of its server before it listens; absent for plain connections. */
	readonly tls?: { readonly settings: NodeTlsOptions; prepare(server: TlsServer): void };
	/** Has a say before anything else is done with a connection, TLS included: it calls `proceed`, or keeps or destroys the socket. */
	readonly greet?: Greeting;
	/** Connections that the system keeps waiting before it refuses more. */
	readonly backlog?: number;
}

/** Told of a socket: calls `proceed` when others may go on with it. */
export type Greeting = (socket: Socket, proceed: () => void) => void;

/** Who is at both ends, where another than the socket knows. */
export interface SocketEnds {
	readonly remote: { readonly host: string; readonly port: number };
	readonly local: { readonly host: string; readonly port: number };
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
	const speaking = tls === undefined ? createServer(common) : createTlsServer({ ...common, ...tls.settings });
	if (shaking === null) speaking.on('connection', connected);
	else acceptTls(speaking as TlsServer, shaking, connected);
	tls?.prepare(speaking as TlsServer);
	const greeted = new Set<Socket>();
	const server = options.greet === undefined ? speaking : greeting(options.greet, speaking, common, greeted);
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
				for (const socket of [...greeted, ...(shaking?.values() ?? [])]) socket.destroy();
			};
			resolve({ address, stop });
		});
	});
}

/** Accepts in place of `speaking`, which gets those that may go on; `greeted` holds those of whom that is not known yet. */
function greeting(greet: Greeting, speaking: Server, common: object, greeted: Set<Socket>): Server {
	return createServer(common, (socket) => {
		const over = (): void => {
			socket.off('close', over);
			greeted.delete(socket);
		};
		greeted.add(socket);
		socket.on('close', over);
		greet(socket, () => {
			over();
			speaking.emit('connection', socket);
		});
	});
}

/** What node says of both ends from now on, whoever asks. */
export function nameEnds(socket: Socket, { remote, local }: SocketEnds): void {
	const values = {
		remoteAddress: remote.host,
		remotePort: remote.port,
		localAddress: local.host,
		localPort: local.port,
	};
	for (const [name, value] of Object.entries(values)) Object.defineProperty(socket, name, { value });
}

/** The socket below has been named; the one above asks the system. */
function inheritEnds(socket: Socket): void {
	const { _parent: below } = socket as Socket & { _parent?: Socket | null };
	if (below === undefined || below === null || !Object.hasOwn(below, 'remoteAddress')) return;
	const { remoteAddress: host = '', remotePort: port = 0, localAddress = '', localPort = 0 } = below;
	nameEnds(socket, { remote: { host, port }, local: { host: localAddress, port: localPort } });
}

/** `shaking` holds the sockets whose handshake is under way, by their peer: the socket above is another object. */
function acceptTls(server: TlsServer, shaking: Map<string, Socket>, connected: (socket: Socket) => void): void {
	server.on('connection', (socket: Socket) => {
		const peer = peerOf(socket);
		shaking.set(peer, socket);
		socket.once('close', () => shaking.delete(peer));
	});
	server.on('secureConnection', (socket: Socket) => {
		inheritEnds(socket);
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
	if (bound === null || typeof bound === 'string') {
		const { at } = options;
		// Of a socket that was passed on, node does not know the path.
		return { kind: 'unix', path: 'path' in at ? at.path : 'fd' in at ? `(descriptor ${at.fd})` : '' };
	}
	return { kind: 'ip', host: bound.address, port: bound.port };
}
