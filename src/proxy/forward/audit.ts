/** What is told of each decision, once it is over. */
import type { Protocol } from '../../convention/index.ts';

export interface AuditRecord {
	/** When the request came, as ISO 8601 has it, in UTC. */
	readonly time: string;
	/** The client's IP address; null where it has none. */
	readonly client: string | null;
	/** Who it is, when a layer of `auth` stands around. */
	readonly identity: string | null;
	/** What the client speaks: a version of HTTP, or `socks4` or `socks5`. */
	readonly protocol: Protocol;
	/** CONNECT for requests by SOCKS, too. */
	readonly method: string;
	/** `host:port` of a tunnel; scheme, authority and path of a request. Never a query, which may hold secrets. */
	readonly target: string;
	/** The IP address that was connected to, or that a connection which stood already leads to; null when none was. */
	readonly address: string | null;
	/** Which rule has decided. */
	readonly rule: string;
	/** `failed`: it was allowed, and the destination could not be reached or broke off. */
	readonly outcome: 'allowed' | 'denied' | 'failed';
	/** What the client was answered; 0 for nothing. */
	readonly status: number;
	/** The error type of RFC 9209; null without an error. */
	readonly error: string | null;
	/** Bytes of bodies or of the tunnel, from the client and to it. */
	readonly received: number;
	readonly sent: number;
	/** Milliseconds from the request to its end, or the tunnel's. */
	readonly milliseconds: number;
	/** The request was read out of a tunnel whose TLS ended here. */
	readonly intercepted: boolean;
}
