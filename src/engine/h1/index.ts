import type { App } from '../../convention/index.ts';
import type { Engine } from '../engine.ts';
import { type SocketEngineOptions, socketSettings } from '../socket-settings.ts';
import { type H1Host, H1Listener } from './listener.ts';

export type { EngineLogEntry } from '../engine-log.ts';
export type { SocketHost } from '../socket-listener.ts';
export type { SocketEngineOptions as H1EngineOptions } from '../socket-settings.ts';

export type { H1Host } from './listener.ts';

/** The HTTP/1.1 engine over node's sockets, plain or TLS. Throws TypeError or RangeError for an option that is none. */
export function h1(options: SocketEngineOptions = {}): Engine {
	const settings = socketSettings(options);
	return { name: 'h1', listen: (app, listen) => H1Listener.start(app, settings, listen) };
}

/** The same on sockets that somebody else has made. `secure`: they are TLS streams, and their requests https. */
export function h1Host(options: SocketEngineOptions = {}): (app: App, secure: boolean) => H1Host {
	const settings = socketSettings(options);
	return (app, secure) => new H1Listener(app, settings, secure);
}
