/** How a parent is asked for a tunnel, whatever it speaks: bytes in, bytes out, and what came of it. */
import type { UpstreamError } from '../../convention/index.ts';
import { ConnectHandshake } from './connect-handshake.ts';
import type { Parent } from './parent.ts';
import { SocksHandshake } from './socks-handshake.ts';

export interface Handshake {
	/** The tunnel stands. */
	readonly open: boolean;
	readonly error: UpstreamError | null;
	/** To be sent now: at the start, and after each `receive`. Texts are latin1. */
	takeOutput(): string | Uint8Array;
	/** Answers the index of the first byte that belongs to the tunnel. */
	receive(bytes: Uint8Array, start: number, end: number): number;
	/** The parent sends no more: there is an error from now on. */
	receiveEnd(): void;
}

export function handshakeWith(parent: Parent, host: string, port: number): Handshake {
	return parent.protocol === 'socks5'
		? new SocksHandshake(parent, host, port)
		: new ConnectHandshake(parent, host, port);
}
