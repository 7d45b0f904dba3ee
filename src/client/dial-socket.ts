/** Sockets that have begun to connect to an origin, plain or under TLS. What is made of them is decided by dial.ts. */
import { connect, type LookupFunction, type Socket } from 'node:net';
import {
	type ConnectionOptions,
	connect as connectTls,
	createSecureContext,
	type SecureContextOptions,
} from 'node:tls';
import { dialledOnRead } from '../transport/node/index.ts';
import type { UpstreamTls } from './options.ts';
import type { Origin } from './origin.ts';

/** How names are looked up; nothing for node's own way. */
export interface Lookup {
	readonly lookup?: LookupFunction;
}

/** What is spoken on the socket, best first: for ALPN. */
export type Spoken = readonly ('h2' | 'http/1.1')[];

export const HTTP1: Spoken = ['http/1.1'];

/** Makes such sockets; `asStream`: plain ones are read as node reads streams, for whoever takes them over. Throws node's error for a certificate, key or authority that cannot be read. */
export function socketDialler(
	origin: Origin,
	tls: UpstreamTls,
	lookup: Lookup,
	spoken: Spoken,
	asStream: boolean,
): () => Socket {
	const reading = asStream ? {} : dialledOnRead;
	if (!origin.secure) return () => dialPlain(origin, { ...lookup, ...reading });
	const options = { ...tlsOptions(origin, tls, spoken), ...lookup };
	return () => connectTls(options);
}

export function dialPlain(origin: Origin, options: object): Socket {
	const common = { noDelay: true, allowHalfOpen: true, ...options };
	if (origin.socketPath !== null) return connect({ path: origin.socketPath, ...common });
	return connect({ host: origin.host, port: origin.port, autoSelectFamily: true, ...common });
}

/** Made once for an upstream: reading certificates costs more than a request. */
export function tlsOptions(origin: Origin, tls: UpstreamTls, spoken: Spoken = HTTP1): ConnectionOptions {
	const name = tls.serverName ?? origin.host;
	const isAddress = /^[\d.]+$|:/.test(name);
	const { ca, cert, key } = tls;
	const options = {
		host: origin.host,
		port: origin.port,
		autoSelectFamily: true,
		noDelay: true,
		allowHalfOpen: true,
		ALPNProtocols: [...spoken],
		// An address is no server name (RFC 6066 section 3); node still verifies the certificate against it.
		...(isAddress ? {} : { servername: name }),
		rejectUnauthorized: tls.verify !== false,
		secureContext: createSecureContext({ ca, cert, key } as SecureContextOptions),
	};
	return options as ConnectionOptions;
}
