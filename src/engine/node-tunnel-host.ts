/** TLS that a listener does not end: by the name that a client asks for, its connection becomes a tunnel. */
import type { Socket } from 'node:net';
import type { App } from '../convention/index.ts';
import type { SocketHost } from './socket-listener.ts';

/** Takes connections that are to be tunnels. Made by `tcpHost()`. */
export interface TunnelHost extends SocketHost {
	/** `to`: `host:port`. */
	takeFor(socket: Socket, to: string): void;
}

export interface PassThrough {
	/** Where connections for this name (RFC 6066 section 3) lead, `host:port`; null for those that are ours. */
	readonly to: (name: string) => string | null;
	readonly host: (app: App) => TunnelHost;
}
