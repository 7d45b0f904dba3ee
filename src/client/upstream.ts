/** An upstream is an app: it answers a request by asking somebody else. */
import { type App, type Context, raw } from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { Awaited } from './awaited.ts';
import { type Asked, ClientExchange, type Receiver } from './client-exchange.ts';
import type { UpstreamStatistics } from './connection-pool.ts';
import { http2Route } from './h2/index.ts';
import { IdleShare } from './idle-share.ts';
import { type UpstreamOptions, upstreamSettings } from './options.ts';
import { type Origin, parseOrigin } from './origin.ts';
import { Pool } from './pool.ts';
import { type Route, routeThrough } from './route.ts';

export interface Upstream extends App {
	readonly origin: Origin;
	/** The same as calling it, without a promise: `receiver` is told once. */
	send(request: Asked, context: Context, receiver: Receiver): void;
	statistics(): UpstreamStatistics;
	/** Closes idle connections now and the others behind their exchange. */
	close(): Promise<void>;
}

/**
 * An app that sends each request, as it is, to `to`: `http://host:port`, `https://host:port` or `unix:/path`. Connections
 * are kept and pooled; in HTTP/2 many requests share one. The request's target is written as it stands; framing is ours; Host is added when it is missing.
 * Hop-by-hop fields are the affair of whoever relays: see `reverse`. Rejects with UpstreamError. Throws TypeError for a bad URL, node's error for a certificate it cannot read.
 */
export function upstream(to: string | URL, options: UpstreamOptions = {}): Upstream {
	return upstreamOf(to, options, null);
}

/** Makes upstreams that keep so many idle connections between them. */
export function upstreamsSharing(idle: number, options: UpstreamOptions): (to: string) => Upstream {
	const share = new IdleShare(idle);
	return (to) => upstreamOf(to, options, share);
}

function upstreamOf(to: string | URL, options: UpstreamOptions, share: IdleShare | null): Upstream {
	const origin = parseOrigin(to);
	const settings = upstreamSettings(options);
	const route =
		http2Route(origin, settings) ?? routeThrough(origin, settings, share) ?? direct(new Pool(origin, settings, share));
	const { send } = route;
	const app = (request: Request, context: Context): Promise<Response> => {
		const awaited = new Awaited();
		send(raw(request), context, awaited);
		return awaited;
	};
	return Object.assign(app, { origin, send, statistics: route.statistics, close: route.close });
}

function direct(pool: Pool): Route {
	return {
		send: (request: Asked, context: Context, receiver: Receiver): void =>
			new ClientExchange(pool, request, FieldList.from(request.fields), context, receiver).begin(),
		statistics: () => pool.statistics(),
		close: async () => pool.close(),
	};
}
