/** One socket of a listener that leaves HTTP to node: what an app is told of it, and what the listener asks of it. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { peerHost } from '../addresses/index.ts';
import {
	type Address,
	type Connection,
	ExchangeState,
	type State,
	type TlsFacts,
	type Version,
} from '../convention/index.ts';
import type { ListenedConnection } from './socket-listener.ts';

let lastId = 0;

export class NodeConnection implements Connection, ListenedConnection {
	readonly id: number;
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly socket: Socket;
	/** The address under which the listener counts it; null when it does not count by address. */
	rosterPlace = -1;
	readonly countedAs: string | null;
	protocol: Version = '1.1';
	/** Says goodbye as its protocol does, at once where nothing is under way. */
	drain: () => void = () => {};
	private states: State | null = null;

	constructor(socket: Socket, local: Address, countedAs: string | null) {
		this.id = ++lastId;
		this.socket = socket;
		this.countedAs = countedAs;
		this.local = localOf(socket, local);
		const { remoteAddress: host, remotePort: port } = socket;
		this.remote = host === undefined ? local : { kind: 'ip', host: peerHost(host), port: port ?? 0 };
		this.tls = 'encrypted' in socket ? factsOf(socket as TLSSocket) : null;
	}

	destroy(): void {
		this.socket.destroy();
	}

	get state(): State {
		this.states ??= new ExchangeState();
		return this.states;
	}
}

function localOf(socket: Socket, listener: Address): Address {
	const { localAddress: host, localPort: port } = socket;
	return host === undefined || port === undefined ? listener : { kind: 'ip', host: peerHost(host), port };
}

function factsOf(socket: TLSSocket): TlsFacts {
	return {
		sni: (socket as unknown as { servername?: string | false }).servername || null,
		alpn: socket.alpnProtocol || null,
		peer: () => (socket.authorized ? (socket.getPeerCertificate(false)?.raw ?? null) : null),
	};
}
