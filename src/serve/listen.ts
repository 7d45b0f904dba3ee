/**
 * One listener on one place, and what can go wrong with that in words. Sockets in the file system are claimed before
 * and removed afterwards by unix-socket.ts.
 */
import { type TlsOptions, tlsFaults } from '../certificates/index.ts';
import type { App } from '../convention/index.ts';
import type { Engine, ListenAddress, Listener, ListenOptions } from '../engine/index.ts';
import { tcpHost } from '../engine/tcp/index.ts';
import { formatPlace, type Place } from './address.ts';
import { inheritedSocket } from './inherited-sockets.ts';
import { destinationByName } from './pass-through.ts';
import { codeOf, isStartError, messageOf, StartError } from './start-error.ts';
import { claimSocket } from './unix-socket.ts';

/** A place with what is to be spoken there. */
export interface Listening {
	readonly place: Place;
	readonly tls?: TlsOptions;
	readonly proxyHeaderFrom?: readonly string[];
	/** Everything that comes here is a tunnel to there. */
	readonly tunnel?: string;
	/** Which names of TLS lead elsewhere. */
	readonly passThrough?: Readonly<Record<string, string>>;
	/** Several processes share the port. */
	readonly reusePort?: boolean;
}

/** Reasons and hints by the system's code. */
const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
	EADDRINUSE: [
		'the port is taken',
		'Stop who listens there (`ss -ltnp` shows it), or choose another with --listen; port 0 takes a free one.',
	],
	EACCES: [
		'the system does not allow it',
		'Ports below 1024 and other users’ folders need more rights; choose a port from 1024 up.',
	],
	EADDRNOTAVAIL: ['this machine has no such address', 'Use an address of this machine, or :PORT for all of them.'],
	ENOTFOUND: ['there is no host of that name', 'Use an address of this machine, such as 127.0.0.1.'],
	EAI_AGAIN: ['the host’s name could not be looked up', 'Use an address of this machine, such as 127.0.0.1.'],
	ENOENT: ['the folder does not exist', 'Create the folder first.'],
	ENOTSUP: ['this system cannot share a port between processes', 'Leave out --workers, or set it to 1.'],
};

/** Codes that mean "no IPv6 here": all interfaces are then all of IPv4. */
const WITHOUT_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/** Listens. Rejects with StartError. */
export async function listen(engine: Engine, app: App, listening: Listening): Promise<Listener> {
	const { place, tls } = listening;
	const [fault] = tls === undefined ? [] : tlsFaults(tls, 'tls');
	if (fault !== undefined) throw new StartError(`cannot listen on ${formatPlace(place)}: ${fault}`);
	try {
		if (place.kind === 'inherited')
			return await engine.listen(app, options(listening, { fd: inheritedSocket(place.name) }));
		if (place.kind === 'unix') return await listenOnSocket(engine, app, place.path, listening);
		const { host, port } = place;
		if (host !== null) return await engine.listen(app, options(listening, { host, port }));
		try {
			// With IPV6_V6ONLY off, which is what Node asks for, this takes IPv4 as well.
			return await engine.listen(app, options(listening, { host: '::', port }));
		} catch (error) {
			if (!WITHOUT_IPV6.has(codeOf(error))) throw error;
			return await engine.listen(app, options(listening, { host: '0.0.0.0', port }));
		}
	} catch (error) {
		throw listenFailure(place, error);
	}
}

/** What a failure to listen on `place` means. */
export function listenFailure(place: Place, error: unknown): StartError {
	if (isStartError(error)) return error;
	const code = codeOf(error);
	const [reason, hint] = REASONS[code] ?? [messageOf(error), null];
	const where = formatPlace(place);
	return new StartError(`cannot listen on ${where}: ${reason}${code === '' ? '' : ` (${code})`}`, hint, error);
}

function options(listening: Listening, place: ListenAddress): ListenOptions {
	const { tls, reusePort, proxyHeaderFrom, passThrough } = listening;
	return {
		...place,
		...(proxyHeaderFrom && { proxyHeaderFrom }),
		...(reusePort === true && 'host' in place && { reusePort }),
		...(tls && { tls }),
		...(passThrough && { passThrough: { to: destinationByName(passThrough), host: tcpHost() } }),
	};
}

async function listenOnSocket(engine: Engine, app: App, path: string, listening: Listening): Promise<Listener> {
	await claimSocket(path);
	return engine.listen(app, options(listening, { path }));
}
