/** HTTP/2 by node, with HTTP/1.1 beside it for clients that speak no other. */
import type { App } from '../../convention/index.ts';
import type { SpokenByAlpn } from '../also-spoken.ts';
import type { Engine } from '../engine.ts';
import type { SocketHost } from '../socket-listener.ts';
import { Http2Listener } from './listener.ts';
import { type Http2EngineOptions, settingsOf } from './options.ts';

export { type Http2EngineOptions, type Http2Limits, http2Limits } from './options.ts';

/**
 * The HTTP/2 engine. With TLS, ALPN settles the version; without, HTTP/2 is spoken with clients that begin with it (prior
 * knowledge, RFC 9113 section 3.3). Clients of HTTP/1.1 are answered as `nodeHttp()` does. Field names come and go in
 * lower case, so `context.can.rawFields` is false. Throws TypeError or RangeError for an option that is none.
 */
export function http2(options: Http2EngineOptions = {}): Engine {
	const settings = settingsOf(options);
	return {
		name: 'http2',
		listen: (app, listen) => new Http2Listener(app, settings, listen.tls !== undefined).begin(listen),
	};
}

/** HTTP/2 alone, on TLS streams that somebody else has made and whose ALPN has said so. */
export function http2Host(options: Omit<Http2EngineOptions, 'http1'> = {}): (app: App) => SocketHost {
	const settings = settingsOf({ ...options, http1: false });
	return (app) => new Http2Listener(app, settings, true);
}

/**
 * For `h1({ also: [alsoHttp2()] })`: HTTP/2 under TLS for clients that take it, and our own HTTP/1.1 for all others. Limits and
 * time-outs are those given here. Throws TypeError or RangeError for an option that is none.
 */
export function alsoHttp2(options: Omit<Http2EngineOptions, 'http1'> = {}): SpokenByAlpn {
	return { name: 'HTTP/2', alpn: 'h2', host: http2Host(options) };
}
