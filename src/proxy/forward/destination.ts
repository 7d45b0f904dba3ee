/** Whom a request to a forward proxy is for, read once from its target; everything behind goes by this and never by Host. */
import { type Key, key } from '../../convention/index.ts';

export interface Destination {
	/** How it is spoken to: `tunnel` after CONNECT, in bytes that are none of our business. */
	readonly scheme: 'http' | 'https' | 'tunnel';
	/** A name in lower case without a final dot, or an IP address in its usual form, without brackets. */
	readonly host: string;
	readonly port: number;
	/** `host:port` with brackets where they are needed; without the scheme's own port. */
	readonly authority: string;
	/** Path and query, byte for byte; null for tunnels. */
	readonly path: string | null;
	/** The request was read out of a tunnel whose TLS ended here. */
	readonly intercepted: boolean;
}

/** Set by `forward` for those who stand within. */
export const destination: Key<Destination, 'destination'> = key('destination');
