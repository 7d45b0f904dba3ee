/** Other protocols on a port of HTTP/1.1, told apart before anything of a request is read. */
import type { App } from '../convention/index.ts';
import type { Transport, TransportHandler } from '../transport/index.ts';
import type { ListenedConnection, SocketHost, SocketListener } from './socket-listener.ts';

/** A connection in that protocol: it reports to its listener. */
export interface SpokenConnection extends ListenedConnection, TransportHandler {}

/** By the first byte: every request of HTTP begins with a letter. Made by `socks()`. */
export interface SpokenByByte {
	/** For messages: `SOCKS`. */
	readonly name: string;
	/** Whether it is spoken on a connection that begins with this byte. */
	beginsWith(byte: number): boolean;
	/** Speaks it from now on; the bytes that have come are handed to the connection next. */
	speak(listener: SocketListener<ListenedConnection>, transport: Transport, countedAs: string | null): SpokenConnection;
}

/** By what ALPN has settled (RFC 7301), under TLS alone. Made by `alsoHttp2()`. */
export interface SpokenByAlpn {
	/** For messages: `HTTP/2`. */
	readonly name: string;
	/** The protocol's name in ALPN: `h2`. Where a client takes both, it comes before HTTP/1.1. */
	readonly alpn: string;
	/** Who speaks it on the connections of one listener. */
	host(app: App): SocketHost;
}

/** An engine's option `also` takes a list of them. */
export type AlsoSpoken = SpokenByByte | SpokenByAlpn;
