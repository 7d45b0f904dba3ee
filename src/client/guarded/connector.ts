/** The guard as what undici calls a connector: it makes the connections of an Agent, a Pool or a Client. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { Timer, wheel } from '../../transport/index.ts';
import { guardedLookup } from '../dial-guarded.ts';
import type { AgentRules } from './agents.ts';
import { refusalOf } from './refusal.ts';

/** What undici says of a connection that it wants. */
export interface UndiciTarget {
	readonly hostname: string;
	/** With the port, as in Host. */
	readonly host?: string;
	readonly protocol: string;
	/** Empty for the scheme's own. */
	readonly port: string;
	readonly servername?: string;
	readonly localAddress?: string | null;
	readonly socketPath?: string | null;
	/** A connection to a proxy, on which TLS is to begin. */
	readonly httpSocket?: Socket;
}

export type UndiciCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

export type UndiciConnector = (options: UndiciTarget, callback: UndiciCallback) => void;

export function connectorFor(rules: AgentRules, timeout: number, tls: ConnectionOptions): UndiciConnector {
	return (options, callback) => {
		const secure = options.protocol === 'https:';
		const port = Number(options.port) || (secure ? 443 : 80);
		const host = options.hostname.replace(/^\[|\]$/g, '');
		const refusal = refusalOf(rules.guard, { host, port, socketPath: options.socketPath });
		if (refusal !== null) return process.nextTick(callback, refusal, null);
		const to = {
			host,
			port,
			lookup: guardedLookup(rules, port),
			autoSelectFamily: true,
			...(options.localAddress ? { localAddress: options.localAddress } : {}),
		};
		const socket = secure ? connectTls(tlsTo(to, options, tls)) : connect(to);
		socket.setNoDelay(true).setKeepAlive(true, 60_000);
		settle(socket, secure ? 'secureConnect' : 'connect', timeout, callback);
	};
}

/** `tls` says how, never where to. */
function tlsTo(
	to: ConnectionOptions,
	{ servername, httpSocket }: UndiciTarget,
	tls: ConnectionOptions,
): ConnectionOptions {
	const name = servername || tls.servername || to.host || '';
	const { path: _path, socket: _socket, ...how } = tls;
	return {
		ALPNProtocols: ['http/1.1'],
		...how,
		...to,
		// An address is no server name (RFC 6066 section 3).
		...(isIP(name) === 0 ? { servername: name } : {}),
		...(httpSocket === undefined ? {} : { socket: httpSocket }),
	};
}

/** Calls back once. What a socket that was given up still has to say must not end the process. */
function settle(socket: Socket, ready: string, timeout: number, callback: UndiciCallback): void {
	let isSettled = false;
	const done: UndiciCallback = (...result) => {
		if (isSettled) return;
		isSettled = true;
		wheel.remove(timer);
		callback(...result);
	};
	const timer = new Timer({
		timedOut: () => {
			const error = new Error(`There was no connection within ${timeout} ms`);
			socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
		},
	});
	wheel.set(timer, timeout);
	socket.once(ready, () => done(null, socket));
	socket.on('error', (error) => done(error, null));
	socket.once('close', () => done(new Error('The connection was closed before it stood'), null));
}
