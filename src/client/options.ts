/** What can be set on an upstream, and what holds when it is not. */
import { type H1Leniencies, type H1Limits, h1Leniencies, h1Limits } from '../protocol/h1/index.ts';
import type { ProxyHeaderVersion } from '../protocol/proxy-header/index.ts';
import type { Resolve } from './dial-guarded.ts';
import type { AddressGuard } from './guard.ts';
import { type Parent, parentOption } from './parent/index.ts';

/** Milliseconds; 0 turns a time-out off. */
export interface UpstreamTimeouts {
	/** For name, connection and TLS together; `connection_timeout`, 504. */
	readonly connect: number;
	/** From the end of the request to the head of its response, and before that for each piece of its body to be taken; `http_response_timeout`, 504. */
	readonly firstByte: number;
	/** Between two pieces of a response's body while the client takes them; the response is cut short. */
	readonly idle: number;
	/** From the start to the last byte, waiting for a connection included; 503 or 504, or the response is cut short. */
	readonly total: number;
	/** How long an idle connection is kept; less when the upstream says so in Keep-Alive. */
	readonly keepAlive: number;
	/** For `100 Continue`, before the body is sent without it (RFC 9110 section 10.1.1). */
	readonly continue: number;
	/** Between bytes in either direction of a tunnel. */
	readonly tunnelIdle: number;
	/** All of a tunnel, from when it stands. */
	readonly tunnelTotal: number;
}

export const upstreamTimeouts: UpstreamTimeouts = {
	connect: 10_000,
	firstByte: 60_000,
	idle: 60_000,
	total: 0,
	keepAlive: 30_000,
	continue: 1_000,
	tunnelIdle: 3_600_000,
	tunnelTotal: 0,
};

export interface PoolLimits {
	/** Connections to one upstream, idle ones included. */
	readonly connections: number;
	/** Idle connections that are kept. */
	readonly idle: number;
	/** Requests that wait for a connection; more are refused with `connection_limit_reached`, 503. */
	readonly queue: number;
	/** Milliseconds a request waits for a connection, 0 for ever; then `connection_limit_reached`, 503. */
	readonly queueTimeout: number;
	/** Requests at a time on one connection of HTTP/2; fewer where the upstream says so. */
	readonly streams: number;
}

export const poolLimits: PoolLimits = {
	connections: 1_024,
	idle: 256,
	queue: 1_024,
	queueTimeout: 10_000,
	streams: 100,
};

/** TLS to an upstream. The certificate is verified against its name unless `verify` is false. */
export interface UpstreamTls {
	/** PEM of the authorities to trust instead of node's. */
	readonly ca?: string | Uint8Array;
	/** Our own certificate and key, for upstreams that ask for one. */
	readonly cert?: string | Uint8Array;
	readonly key?: string | Uint8Array;
	/** The name for SNI and verification. Default: the URL's host. */
	readonly serverName?: string;
	/** Default: true. */
	readonly verify?: boolean;
}

/** What upstreams are asked in; `negotiate`: HTTP/2 where TLS settles on it, else HTTP/1.1. */
export const HTTP_VERSIONS = ['1.1', '2', 'negotiate'] as const;

export type HttpVersion = (typeof HTTP_VERSIONS)[number];

export interface UpstreamOptions {
	/**
	 * The version of HTTP that is spoken. `2` without TLS is spoken at once, with prior knowledge (RFC 9113 section 3.3); under TLS it
	 * must be what ALPN settles on. `negotiate` is `1.1` without TLS. WebSockets over HTTP/2 are asked for by extended CONNECT
	 * where the upstream takes that. Default: `1.1`.
	 */
	readonly http?: HttpVersion;
	readonly timeouts?: Partial<UpstreamTimeouts>;
	readonly pool?: Partial<PoolLimits>;
	readonly tls?: UpstreamTls;
	/** What a response may cost; `http_response_header_section_size` and the like, 502. */
	readonly limits?: Partial<H1Limits>;
	/** What is forgiven in a response; default: nothing. */
	readonly leniencies?: Partial<H1Leniencies>;
	/**
	 * Judges every address before it is connected to; those of a name that are refused are left out. When none is left:
	 * `destination_ip_prohibited`, 502, and so for unix sockets, which have no address. Default: none, as for upstreams
	 * that only the operator chooses. `publicAddresses()` is the one for upstreams that others choose; it knows where this
	 * process itself listens.
	 */
	readonly guard?: AddressGuard;
	/** Looks up names instead of the system; an empty answer is a `dns_error`. Its answer is judged by the guard, too. */
	readonly resolve?: Resolve;
	/**
	 * A proxy to connect through: a URL (see `parseParent`) or what parseParent made of one. An `https` origin is reached by
	 * CONNECT or SOCKS5, with its own TLS inside; an `http` origin is asked for in absolute form where the parent speaks HTTP. The
	 * guard judges literal addresses of origins only, and names when the parent says `names: 'here'`.
	 */
	readonly parent?: Parent | string | null;
	/**
	 * Begins each connection with a PROXY header of this version, which says who our client is. It is that client's alone then, and
	 * serves one request. Not together with HTTP/2 or a parent. Default: none.
	 */
	readonly proxyHeader?: ProxyHeaderVersion;
}

export interface UpstreamSettings {
	readonly http: HttpVersion;
	readonly timeouts: UpstreamTimeouts;
	readonly pool: PoolLimits;
	readonly tls: UpstreamTls;
	readonly limits: H1Limits;
	readonly leniencies: H1Leniencies;
	readonly guard: AddressGuard | null;
	readonly resolve: Resolve | null;
	readonly parent: Parent | null;
	readonly proxyHeader: ProxyHeaderVersion | null;
}

export function upstreamSettings(options: UpstreamOptions): UpstreamSettings {
	const { http = '1.1' } = options;
	if (!HTTP_VERSIONS.includes(http))
		throw new TypeError(`http: must be "1.1", "2" or "negotiate", not ${JSON.stringify(http)}`);
	return {
		http,
		timeouts: { ...upstreamTimeouts, ...options.timeouts },
		pool: { ...poolLimits, ...options.pool },
		tls: options.tls ?? {},
		limits: { ...h1Limits, ...options.limits },
		leniencies: { ...h1Leniencies, ...options.leniencies },
		guard: options.guard ?? null,
		resolve: options.resolve ?? null,
		parent: parentOption(options.parent),
		proxyHeader: proxyHeaderOption(options),
	};
}

function proxyHeaderOption(options: UpstreamOptions): ProxyHeaderVersion | null {
	const { proxyHeader, http = '1.1', parent = null } = options;
	if (proxyHeader === undefined) return null;
	if (proxyHeader !== 1 && proxyHeader !== 2)
		throw new TypeError(`proxyHeader: must be 1 or 2, not ${JSON.stringify(proxyHeader)}`);
	if (http !== '1.1') throw new TypeError('proxyHeader: many clients share a connection of HTTP/2; leave out `http`');
	if (parent !== null) throw new TypeError('proxyHeader: what is said to a parent does not reach the upstream');
	return proxyHeader;
}
