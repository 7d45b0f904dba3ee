import type { App } from '../../convention/index.ts';
import type { AlsoSpoken } from '../also-spoken.ts';
import type { Engine } from '../engine.ts';
import { type SocketEngineOptions, socketSettings } from '../socket-settings.ts';
import { type H1Host, H1Listener } from './listener.ts';

export type { AlsoSpoken, SpokenByAlpn, SpokenByByte } from '../also-spoken.ts';
export type { EngineLogEntry } from '../engine-log.ts';
export type { SocketHost } from '../socket-listener.ts';
export type { H1Host } from './listener.ts';

export interface H1EngineOptions extends SocketEngineOptions {
	/** What else is spoken on the same port: `[socks(), alsoHttp2()]`. Default: nothing. */
	readonly also?: readonly AlsoSpoken[];
}

/** The HTTP/1.1 engine over node's sockets, plain or TLS. Throws TypeError or RangeError for an option that is none. */
export function h1(options: H1EngineOptions = {}): Engine {
	const settings = socketSettings(options);
	const { also = [] } = options;
	if (!Array.isArray(also) || !also.every(isSpoken))
		throw new TypeError('also: not a list of protocols; write [socks()].');
	return { name: 'h1', listen: (app, listen) => H1Listener.start(app, settings, listen, also) };
}

function isSpoken(value: unknown): boolean {
	const { speak, host } = (value ?? {}) as { readonly speak?: unknown; readonly host?: unknown };
	return typeof speak === 'function' || typeof host === 'function';
}

/** The same on sockets that somebody else has made. `secure`: they are TLS streams, and their requests https. */
export function h1Host(options: SocketEngineOptions = {}): (app: App, secure: boolean) => H1Host {
	const settings = socketSettings(options);
	return (app, secure) => new H1Listener(app, settings, secure);
}
