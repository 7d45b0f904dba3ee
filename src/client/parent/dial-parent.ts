/**
 * The way through a parent: a socket to it, the handshake, then TLS with the origin if it wants that. The time-out, errors of
 * the first socket and giving up are dial.ts's, which holds the first socket: when that is destroyed, all of it ends.
 */
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { asError } from '../../bytes/index.ts';
import { UpstreamError } from '../../convention/index.ts';
import { dialError } from '../dial-error.ts';
import { addressesOf, type DialRules, failedSocket, guardedLookup, refusedSocket } from '../dial-guarded.ts';
import { secured } from '../dial-secure.ts';
import { dialPlain, type Spoken, tlsOptions } from '../dial-socket.ts';
import { refusedLiteral } from '../literal.ts';
import type { UpstreamTls } from '../options.ts';
import type { Origin } from '../origin.ts';
import { type Handshake, handshakeWith } from './handshake.ts';
import type { Parent } from './parent.ts';

/** Told once: an error, or a socket that reaches the origin. What came early waits in it for `read`, which must come at once. */
export type Onward = (socket: Socket, done: (error: UpstreamError | null, socket: Socket | null) => void) => void;

export interface ParentWay {
	/** Whom the first socket goes to. */
	readonly first: Origin;
	readonly begin: () => Socket;
	readonly onward: Onward;
}

/** Reading certificates costs more than a connection; a parent is used for many. */
const secureOptions = new WeakMap<Parent, ConnectionOptions>();

/** Throws TypeError for a unix socket, node's error for certificates that cannot be read. */
export function wayThrough(
	parent: Parent,
	origin: Origin,
	tls: UpstreamTls,
	rules: DialRules,
	spoken: Spoken,
): ParentWay {
	if (origin.socketPath !== null) throw new TypeError(`parent: ${origin.name} is not reached through another machine.`);
	const inner = origin.secure ? tlsOptions(origin, tls, spoken) : null;
	const hop: DialRules = { guard: parent.guarded ? rules.guard : null, resolve: rules.resolve };
	const dialler = parentDialler(parent, hop);
	const begin = (): Socket => {
		const refused = refusedLiteral(rules.guard, origin.host, origin.port);
		if (refused !== null) return failedSocket(refused);
		return refusedSocket(parent.origin, hop.guard) ?? dialler();
	};
	const onward: Onward = (socket, done) => {
		const shaken = (error: UpstreamError | null): void => {
			if (error !== null) done(error, null);
			else if (inner === null) done(null, socket);
			else secured(socket, origin, inner, done);
		};
		askFor(parent, origin, rules, (error, host) => {
			if (error !== null) return done(error, null);
			// It may have gone while we looked up the name.
			if (!socket.destroyed) begun(parent, host, origin.port, socket, shaken);
		});
	};
	return { first: parent.origin, begin, onward };
}

/** Sockets to the parent itself. They are read as streams, since bytes of the handshake and of the tunnel may come in one piece. */
export function parentDialler(parent: Parent, rules: DialRules): () => Socket {
	const { guard, resolve } = rules;
	const lookup = guard === null && resolve === null ? {} : { lookup: guardedLookup(rules, parent.origin.port) };
	if (parent.protocol !== 'https') return () => dialPlain(parent.origin, lookup);
	let options = secureOptions.get(parent);
	if (options === undefined) {
		options = tlsOptions(parent.origin, parent.tls);
		secureOptions.set(parent, options);
	}
	const all = { ...options, ...lookup };
	return () => connectTls(all);
}

/** What the parent is asked for: the name, or an address of it that we looked up and judged. */
function askFor(
	parent: Parent,
	origin: Origin,
	rules: DialRules,
	done: (error: UpstreamError | null, host: string) => void,
): void {
	if (parent.names === 'parent') return done(null, origin.host);
	addressesOf(origin.host, origin.port, rules).then(
		(addresses) => done(null, addresses[0] as string),
		(error: unknown) => done(error instanceof UpstreamError ? error : dialError(asError(error), origin), ''),
	);
}

function begun(
	parent: Parent,
	host: string,
	port: number,
	socket: Socket,
	done: (error: UpstreamError | null) => void,
): void {
	let handshake: Handshake;
	try {
		handshake = handshakeWith(parent, host, port);
	} catch (cause) {
		return done(new UpstreamError('http_request_error', { phase: 'connect', cause }));
	}
	shake(socket, handshake, done);
}

function shake(socket: Socket, handshake: Handshake, done: (error: UpstreamError | null) => void): void {
	const send = (): void => {
		const output = handshake.takeOutput();
		if (output.length > 0) socket.write(typeof output === 'string' ? Buffer.from(output, 'latin1') : output);
	};
	const over = (error: UpstreamError | null, early?: Uint8Array): void => {
		socket.off('data', received);
		socket.off('end', ended);
		if (early !== undefined) socket.unshift(early);
		done(error);
	};
	const received = (bytes: Buffer): void => {
		const used = handshake.receive(bytes, 0, bytes.length);
		if (handshake.error !== null) return over(handshake.error);
		send();
		// RFC 9110 section 9.3.6: what comes behind the 2xx belongs to the tunnel.
		if (handshake.open) over(null, used < bytes.length ? bytes.subarray(used) : undefined);
	};
	const ended = (): void => {
		handshake.receiveEnd();
		over(handshake.error);
	};
	socket.on('data', received);
	socket.on('end', ended);
	send();
}
