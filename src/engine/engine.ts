/** What every engine offers: it listens, speaks HTTP and calls an app. */
import type { TlsOptions } from '../certificates/index.ts';
import type { Address, App } from '../convention/index.ts';
import type { PassThrough } from './node-tunnel-host.ts';

/** Where to listen. Port 0 takes a free one; `listener.address` says which. */
export type ListenAddress =
	| { readonly host: string; readonly port: number; readonly reusePort?: boolean }
	| { readonly path: string }
	/** A socket that listens already. Engines over sockets of node. */
	| { readonly fd: number };

export type ListenOptions = ListenAddress & {
	readonly tls?: TlsOptions;
	/**
	 * Addresses and ranges (`10.0.0.0/8`, `private`, `unix`) of balancers that begin each connection with a PROXY header, version 1 or 2: who it says is the client
	 * from then on. One of them that sends none is closed; from anybody else such a header is a bad request. Engines over sockets of node.
	 */
	readonly proxyHeaderFrom?: readonly string[];
	/** Which connections of TLS become tunnels, untouched. Only with `tls`; engines over sockets of node. */
	readonly passThrough?: PassThrough;
};

export interface Engine {
	readonly name: string;
	/** Resolves when connections are accepted; rejects with the system's error (EADDRINUSE …) otherwise. */
	listen(app: App, options: ListenOptions): Promise<Listener>;
}

export interface Listener extends AsyncDisposable {
	/** The real address. */
	readonly address: Address;
	/** For people and clients: `http://127.0.0.1:8080`, `unix:/path`. */
	readonly url: string;
	/**
	 * Stops accepting, ends idle connections, answers what is in flight with `Connection: close`, and resolves when all
	 * have ended; what is left after `deadline` milliseconds is cut off.
	 */
	drain(deadline: number): Promise<void>;
	/** Cuts everything off at once. */
	close(): Promise<void>;
	statistics(): ListenerStatistics;
}

export interface ListenerStatistics {
	/** Connections open now. */
	readonly connections: number;
	/** Connections accepted since the start. */
	readonly accepted: number;
	/** Connections refused by a limit. */
	readonly refused: number;
	/** Requests whose head was read. */
	readonly requests: number;
	/** Exchanges under way now. */
	readonly active: number;
	/** Connections ended because the peer broke a rule. */
	readonly violations: number;
	/** Connections ended by one of our time-outs. */
	readonly timeouts: number;
}

/** Milliseconds; 0 turns a time-out off. They are kept to within a fifth of a second or so. */
export interface EngineTimeouts {
	/** From the first byte of a request (or the connection's start) to the end of its head; 408. */
	readonly header: number;
	/** Between two pieces of a request body; 408. */
	readonly bodyIdle: number;
	/** Between two requests on a connection. */
	readonly keepAlive: number;
	/** While the client takes none of the bytes we have for it. */
	readonly write: number;
	/** From the head of a request to the end of its response; 503 while nothing has been sent. */
	readonly total: number;
	/** Between bytes in either direction of a tunnel. */
	readonly tunnelIdle: number;
}

export const engineTimeouts: EngineTimeouts = {
	header: 30_000,
	bodyIdle: 60_000,
	keepAlive: 75_000,
	write: 60_000,
	total: 0,
	tunnelIdle: 3_600_000,
};

export interface ConnectionLimits {
	/** Open connections in all; more are answered 503 and closed. */
	readonly connections: number;
	/** Open connections from one IP address; more are answered 503 and closed. Infinity behind a balancer. */
	readonly connectionsPerAddress: number;
	/** Requests on one connection; the last is answered with `Connection: close`. */
	readonly requestsPerConnection: number;
}

export const connectionLimits: ConnectionLimits = {
	connections: 65_536,
	connectionsPerAddress: Number.POSITIVE_INFINITY,
	requestsPerConnection: Number.POSITIVE_INFINITY,
};
