/**
 * Makes connections: name, address, TLS. Both address families are tried, each a little after the other (RFC 8305),
 * which is what node's `autoSelectFamily` does. One time-out covers it all.
 */
import { connect, type LookupFunction, type Socket } from 'node:net';
import {
	type ConnectionOptions,
	connect as connectTls,
	createSecureContext,
	type SecureContextOptions,
} from 'node:tls';
import { UpstreamError } from '../convention/index.ts';
import { Timer, wheel } from '../transport/index.ts';
import { dialledOnRead } from '../transport/node/index.ts';
import { dialError } from './dial-error.ts';
import { type DialRules, guardedLookup, refusedSocket } from './dial-guarded.ts';
import type { UpstreamTls } from './options.ts';
import type { Origin } from './origin.ts';

/** Makes a socket that has begun to connect. */
export type Dialler = () => Socket;

/** Throws node's error for a certificate, key or authority that cannot be read. */
export function diallerOf(origin: Origin, tls: UpstreamTls, rules: DialRules): Dialler {
	const { guard, resolve } = rules;
	const lookup = guard === null && resolve === null ? {} : { lookup: guardedLookup(rules) };
	const dialler = anyDialler(origin, tls, lookup);
	return guard === null ? dialler : () => refusedSocket(origin, guard) ?? dialler();
}

/** How names are looked up; nothing for node's own way. */
type Lookup = { readonly lookup?: LookupFunction };

function anyDialler(origin: Origin, tls: UpstreamTls, lookup: Lookup): Dialler {
	if (!origin.secure) return () => dialPlain(origin, lookup);
	const options = tlsOptions(origin, tls, lookup);
	return () => connectTls(options);
}

/** Milliseconds for it, and when it must be over in any case by the wheel's count; 0 is for ever. */
export interface Patience {
	readonly patience: number;
	readonly latest: number;
}

/** Calls back once: with a socket that can be written to, or with an UpstreamError. Returns a way to give up. */
export function dial(
	dialler: Dialler,
	origin: Origin,
	{ patience, latest }: Patience,
	done: (error: UpstreamError | null, socket: Socket | null) => void,
): () => void {
	const socket = dialler();
	let settled = false;
	const settle = (error: UpstreamError | null): void => {
		if (settled) return;
		settled = true;
		wheel.remove(timer);
		socket.off('error', failed);
		socket.off(ready, connected);
		if (error === null) return done(null, socket);
		// Whatever a given-up attempt still has to say is of no interest, but it must not end the process.
		socket.on('error', () => {});
		socket.destroy();
		done(error, null);
	};
	const ready = origin.secure ? 'secureConnect' : 'connect';
	const connected = (): void => settle(null);
	const failed = (error: Error): void => settle(error instanceof UpstreamError ? error : dialError(error, origin));
	const timer = new Timer({ timedOut: () => settle(new UpstreamError('connection_timeout', { retryable: true })) });
	wheel.set(timer, patience, latest);
	socket.on(ready, connected);
	socket.on('error', failed);
	return () => settle(new UpstreamError('connection_terminated', { phase: 'connect' }));
}

function dialPlain(origin: Origin, lookup: Lookup): Socket {
	const common = { noDelay: true, allowHalfOpen: true, ...dialledOnRead };
	if (origin.socketPath !== null) return connect({ path: origin.socketPath, ...common });
	return connect({ host: origin.host, port: origin.port, autoSelectFamily: true, ...common, ...lookup });
}

/** Made once for an upstream: reading certificates costs more than a request. */
function tlsOptions(origin: Origin, tls: UpstreamTls, lookup: Lookup): ConnectionOptions {
	const name = tls.serverName ?? origin.host;
	const isAddress = /^[\d.]+$|:/.test(name);
	const { ca, cert, key } = tls;
	const options = {
		host: origin.host,
		port: origin.port,
		autoSelectFamily: true,
		...lookup,
		noDelay: true,
		allowHalfOpen: true,
		ALPNProtocols: ['http/1.1'],
		// An address is no server name (RFC 6066 section 3); node still verifies the certificate against it.
		...(isAddress ? {} : { servername: name }),
		rejectUnauthorized: tls.verify !== false,
		secureContext: createSecureContext({ ca, cert, key } as SecureContextOptions),
	};
	return options as ConnectionOptions;
}
