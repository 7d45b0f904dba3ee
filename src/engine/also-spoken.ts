/** Another protocol on a port of HTTP/1.1: its first byte tells them apart, since every request of HTTP begins with a letter. */
import type { Transport, TransportHandler } from '../transport/index.ts';
import type { ListenedConnection, SocketListener } from './socket-listener.ts';

/** A connection in that protocol: it reports to its listener. */
export interface SpokenConnection extends ListenedConnection, TransportHandler {}

/** Made by `socks()`; an engine's option `also` takes a list of them. */
export interface AlsoSpoken {
	/** For messages: `SOCKS`. */
	readonly name: string;
	/** Whether it is spoken on a connection that begins with this byte. */
	beginsWith(byte: number): boolean;
	/** Speaks it from now on; the bytes that have come are handed to the connection next. */
	speak(listener: SocketListener<ListenedConnection>, transport: Transport, countedAs: string | null): SpokenConnection;
}
