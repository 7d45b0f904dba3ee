/** The reverse proxy as an app. */
import type { UpstreamStatistics } from '../../client/index.ts';
import { type App, type Context, noteComposition, type RawRequest } from '../../convention/index.ts';
import { checkReverseOptions } from './check-options.ts';
import { explainGateway } from './explain.ts';
import { Gateway } from './gateway.ts';
import type { ReverseOptions } from './options.ts';

export interface Reverse extends App {
	/** What each upstream's pool is doing, by the upstream's name. */
	statistics(): Readonly<Record<string, UpstreamStatistics>>;
	/** Closes the connections to all upstreams: idle ones now, the others behind their exchange. */
	close(): Promise<void>;
}

/**
 * A reverse proxy to one upstream, or to several in turn. Each of `to` is `http://host:port[/path]`, `https://…` or
 * `unix:/path`; a path is put in front of every target. Failures are answered 502, 503 or 504 with Proxy-Status; an
 * upstream that cannot be connected to is passed over if another can take the request. Throws TypeError for a bad URL or option.
 */
export function reverse(to: string | URL | readonly (string | URL)[], options: ReverseOptions = {}): Reverse {
	if (to === undefined || to === null)
		throw new TypeError('reverse: there is no upstream; give it a URL, such as http://127.0.0.1:3000');
	checkReverseOptions(options);
	const gateway = new Gateway(typeof to === 'string' || to instanceof URL ? [to] : to, options);
	const app = (request: Request, context: Context): Response | Promise<Response> => gateway.handle(request, context);
	const explain = (request: RawRequest, context: Context) => explainGateway(gateway, request, context);
	noteComposition(app, { note: { name: 'reverse', explain }, layer: null, inner: [] });
	return Object.assign(app, {
		statistics: () => gateway.statistics(),
		close: () => gateway.close(),
	});
}
