/** The circumstances of one exchange: who is calling, through what, what the engine can do, and typed state. */
import type { Fields } from '../fields/index.ts';
import type { Version } from './app.ts';
import type { State } from './key.ts';

/** One end of a connection: an address and port, or a unix socket's path. */
export type Address =
	| { readonly kind: 'ip'; readonly host: string; readonly port: number }
	| { readonly kind: 'unix'; readonly path: string }
	| { readonly kind: 'memory' };

/** What TLS has settled on a connection. */
export interface TlsFacts {
	/** The name the client asked for, or null. */
	readonly sni: string | null;
	/** The protocol agreed by ALPN, or null. */
	readonly alpn: string | null;
	/** The peer's certificate as DER, if it showed one and it was verified; else null. */
	peer(): Uint8Array | null;
}

/** What is spoken on a connection: a version of HTTP, or SOCKS, whose requests come as CONNECT. */
export type Protocol = Version | 'socks4' | 'socks5' | 'tcp';

/** The connection an exchange came in on; several exchanges share it. */
export interface Connection {
	/** Unique in this process. */
	readonly id: number;
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly protocol: Protocol;
	/** Typed state that lives as long as the connection. */
	readonly state: State;
}

/** What this engine can do. Ask; never sniff the runtime. */
export interface Abilities {
	/** 1xx responses reach the client. */
	readonly inform: boolean;
	/** Trailers arrive and can be sent. */
	readonly trailers: boolean;
	/** Tunnels after CONNECT or Upgrade. */
	readonly tunnel: boolean;
	/** Fields keep case, order and duplicates. */
	readonly rawFields: boolean;
	/** One direction of a tunnel can end before the other. */
	readonly halfClose: boolean;
	/** A FileRange is sent without passing through memory. */
	readonly sendFile: boolean;
}

/**
 * How an exchange ended. `status` is that of the response whose head went out, 0 when none did (then `committed` is
 * false). `bytes` counts payload bytes handed to the transport, `received` those of the request's payload that have come;
 * of a tunnel, what went to the client and what came from it.
 */
export type Outcome =
	| { readonly ok: true; readonly status: number; readonly bytes: number; readonly received: number }
	| {
			readonly ok: false;
			readonly status: number;
			readonly bytes: number;
			readonly received: number;
			readonly cause: unknown;
			readonly committed: boolean;
	  };

export interface Context extends State {
	readonly connection: Connection;
	/** What outer mounts took off the front of the path (WSGI's SCRIPT_NAME); empty at the top. */
	readonly mount: string;
	/** What a tunnel may become: the Upgrade tokens, `:protocol`, or `connect`. */
	readonly offers: readonly string[];
	readonly can: Abilities;
	/** Sends a 1xx response, except 101. Nothing happens where `can.inform` is false, the client speaks HTTP/1.0, or the response has begun. */
	inform(status: number, fields?: Fields): void;
	/** Keeps the process up until `work` has settled, even after the response. A rejection is logged. */
	waitUntil(work: Promise<unknown>): void;
	/** Aborted when the client has gone, or the deadline has passed. */
	readonly closed: AbortSignal;
	/** The cheap form of `closed`: one object told once, without an AbortSignal. At once if it is closed already. Undone by `offClosed`. */
	onClosed(listener: ClosedListener): void;
	offClosed(listener: ClosedListener): void;
	/** Settles when the exchange is over; never rejects. */
	readonly finished: Promise<Outcome>;
	/** As `finished`, told synchronously and without a promise: for access logs and counters. */
	onFinished(listener: FinishedListener): void;
	/** Shapes that foreign fetch handlers look for (Deno's info, a Worker's ExecutionContext). */
	readonly remoteAddr: { readonly hostname: string; readonly port: number; readonly transport: 'tcp' };
	readonly props: unknown;
	passThroughOnException(): void;
}

export interface ClosedListener {
	exchangeClosed(reason: unknown): void;
}

export interface FinishedListener {
	exchangeFinished(outcome: Outcome): void;
}
