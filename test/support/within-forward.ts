/** A stand-in for the forward proxy around what stands within it: says whom a request is for, and nothing else. */
import type { App, Middleware } from '../../src/convention/index.ts';
import { type Destination, destination } from '../../src/proxy/index.ts';

/** `url`: `https://api.example.com/v1?x`, or `host:port` for a tunnel. */
export function destinationOf(url: string): Destination {
	if (!url.includes('://')) {
		const [host = '', port = ''] = url.split(':');
		return { scheme: 'tunnel', host, port: Number(port), authority: url, path: null, intercepted: false };
	}
	const { protocol, hostname, port, host, pathname, search } = new URL(url);
	const scheme = protocol === 'https:' ? 'https' : 'http';
	// Not the URL's own path, which is normalised.
	const path = url.slice(url.indexOf(host) + host.length) || `${pathname}${search}`;
	const number = port === '' ? (scheme === 'https' ? 443 : 80) : Number(port);
	return { scheme, host: hostname, port: number, authority: host, path, intercepted: scheme === 'https' };
}

/** The inner layer in front of `origin`, for one request to `url`. */
export function withinForward(layer: Middleware, url: string, origin: App): App {
	const inner = layer(origin);
	return (request, context) => {
		context.set(destination, destinationOf(url));
		return inner(request, context, context);
	};
}
