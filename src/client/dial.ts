/**
 * Makes connections: name, address, the way through a parent, TLS. Both address families are tried, each a little after the
 * other (RFC 8305), which is what node's `autoSelectFamily` does. One time-out covers it all.
 */
import type { Socket } from 'node:net';
import { UpstreamError } from '../convention/index.ts';
import { Timer, wheel } from '../transport/index.ts';
import { dialError } from './dial-error.ts';
import { type DialRules, guardedLookup, refusedSocket } from './dial-guarded.ts';
import { HTTP1, type Spoken, socketDialler } from './dial-socket.ts';
import type { UpstreamTls } from './options.ts';
import type { Origin } from './origin.ts';
import { noteUnreached, type Onward, type Parent, wayThrough } from './parent/index.ts';

export interface Dialler {
	/** Whom the first socket goes to: the origin, or a parent on the way. */
	readonly first: Origin;
	/** Makes a socket that has begun to connect. */
	readonly begin: () => Socket;
	/** From there to the origin; null when it is the origin. */
	readonly onward: Onward | null;
}

/** Throws node's error for a certificate, key or authority that cannot be read. */
export function diallerOf(
	origin: Origin,
	tls: UpstreamTls,
	rules: DialRules,
	parent: Parent | null = null,
	spoken: Spoken = HTTP1,
	asStream: boolean = spoken.includes('h2'),
): Dialler {
	if (parent !== null) return wayThrough(parent, origin, tls, rules, spoken);
	const { guard, resolve } = rules;
	const lookup = guard === null && resolve === null ? {} : { lookup: guardedLookup(rules, origin.port) };
	const dialler = socketDialler(origin, tls, lookup, spoken, asStream);
	const begin = guard === null ? dialler : () => refusedSocket(origin, guard) ?? dialler();
	return { first: origin, begin, onward: null };
}

/** Milliseconds for it, and when it must be over in any case by the wheel's count; 0 is for ever. */
export interface Patience {
	readonly patience: number;
	readonly latest: number;
}

/** Calls back once: with a socket that can be written to, or with an UpstreamError. Returns a way to give up. */
export function dial(
	{ first, begin, onward }: Dialler,
	{ patience, latest }: Patience,
	done: (error: UpstreamError | null, socket: Socket | null) => void,
): () => void {
	const socket = begin();
	let settled = false;
	/** There is no parent, or it has been reached. */
	let asking = onward === null;
	const settle = (error: UpstreamError | null, reached: Socket): void => {
		if (settled) return;
		settled = true;
		wheel.remove(timer);
		socket.off('error', failed);
		socket.off(ready, connected);
		if (error === null) return done(null, reached);
		// Whatever a given-up attempt still has to say is of no interest, but it must not end the process.
		socket.on('error', () => {});
		socket.destroy();
		done(error, null);
	};
	const ready = first.secure ? 'secureConnect' : 'connect';
	const connected = (): void => {
		if (onward === null) return settle(null, socket);
		asking = true;
		onward(socket, (error, reached) => settle(error, reached ?? socket));
	};
	const fail = (error: UpstreamError): void => settle(asking ? error : noteUnreached(error), socket);
	const failed = (error: Error): void => fail(error instanceof UpstreamError ? error : dialError(error, first));
	const timer = new Timer({ timedOut: () => fail(new UpstreamError('connection_timeout', { retryable: true })) });
	wheel.set(timer, patience, latest);
	socket.on(ready, connected);
	socket.on('error', failed);
	return () => settle(new UpstreamError('connection_terminated', { phase: 'connect' }), socket);
}
