/** Connections whose bytes are none of our business, as tunnels that an app opens: databases, mail, TLS that somebody else ends. */
import type { App } from '../../convention/index.ts';
import { parseAuthority } from '../../fields/index.ts';
import type { Engine } from '../engine.ts';
import type { TunnelHost } from '../node-tunnel-host.ts';
import { type SocketEngineOptions, socketSettings } from '../socket-settings.ts';
import { TcpListener } from './tcp-listener.ts';

export interface TcpEngineOptions extends SocketEngineOptions {
	/** Where the tunnels lead, `host:port`: the target of the CONNECT that the app is asked by. */
	readonly to: string;
}

/**
 * An engine that speaks nothing: each connection is an exchange with the method CONNECT, which the app answers by a tunnel (`tunnels()`, or
 * `forward`), so that layers around it see, limit and log it. With TLS on the listener, the bytes within are the tunnel's. Throws
 * TypeError or RangeError for an option that is none.
 */
export function tcp(options: TcpEngineOptions): Engine {
	const { to, ...rest } = options;
	checkDestination('to', to);
	const settings = socketSettings(rest);
	return {
		name: 'tcp',
		listen: (app, listen) => new TcpListener(app, settings, listen.tls !== undefined, to).start(listen),
	};
}

/** For `passThrough` of a listener: takes connections that others have accepted. */
export function tcpHost(options: SocketEngineOptions = {}): (app: App) => TunnelHost {
	const settings = socketSettings(options);
	return (app) => new TcpListener(app, settings, false, '');
}

/** Throws TypeError, beginning with the option's name, for what is no `host:port`. */
export function checkDestination(where: string, to: unknown): void {
	const parsed = typeof to === 'string' ? parseAuthority(to) : null;
	if (parsed === null || parsed.port === null)
		throw new TypeError(`${where}: must be host:port, such as 10.0.0.5:5432, not ${JSON.stringify(to)}`);
}
