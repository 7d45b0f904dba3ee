/** What can be set on a reverse proxy. Everything has a default that is safe and keeps the RFCs. */
import type { UpstreamOptions } from '../../client/index.ts';
import type { Context, RawRequest, RawResponse } from '../../convention/index.ts';
import type { FieldList } from '../../fields/index.ts';
import type { ProxyLogEntry } from '../failure.ts';
import type { Trust } from '../forwarded.ts';

/** The request as it will go to the upstream; `rewrite` may change it. */
export interface OutgoingRequest {
	method: string;
	/** What the request line will say, byte for byte. */
	target: string;
	/** What Host will say. */
	authority: string;
	/** Hop-by-hop and untrusted fields are gone already, ours are in. */
	readonly fields: FieldList;
}

export interface ForwardedOptions {
	/**
	 * Whose word on earlier hops is believed: how many proxies stand before us, or the addresses and ranges
	 * (`10.0.0.0/8`, `loopback`, `private`) they have. From anybody else, Forwarded and X-Forwarded fields are dropped
	 * and begun afresh. Default: nobody.
	 */
	readonly trust?: Trust;
	/** What is sent: RFC 7239's Forwarded, the X-Forwarded fields, both (default) or none. */
	readonly send?: 'both' | 'forwarded' | 'x-forwarded' | 'none';
}

export interface CookieMapping {
	/** What Domain of upstream's cookies becomes; null leaves it out, so that the cookie is ours alone. */
	readonly domain?: string | null;
	/** Upstream's path prefix and ours: `{ '/app': '/shop' }`. */
	readonly path?: Readonly<Record<string, string>>;
}

export interface ReverseOptions extends UpstreamOptions {
	/** Host for the upstream: whom the client asked for (default), or the upstream's own name. */
	readonly host?: 'keep' | 'upstream';
	/** Our name in Via and Proxy-Status; requests that carry it already are a loop. Default: `turnabout-` and an id of this process. */
	readonly name?: string;
	/** Default: true. Via is what stops loops, so turn it off only in front of an upstream that cannot bear it. */
	readonly via?: boolean;
	/** Proxy-Status on answers that we make in place of the upstream's (RFC 9209). Default: true. */
	readonly proxyStatus?: boolean;
	readonly forwarded?: ForwardedOptions;
	/** Taken off the front of the path, and put there, before the path of the upstream's URL is. */
	readonly prefix?: { readonly strip?: string; readonly add?: string };
	/** `map`: a Location or Content-Location on the upstream becomes one on us. Default: `keep`. */
	readonly location?: 'keep' | 'map';
	/** How cookies that the upstream sets are mapped to us. Default: as they are. */
	readonly cookies?: CookieMapping;
	/** The most hops a Max-Forwards of OPTIONS or TRACE may still allow. Default: 10. */
	readonly maxForwards?: number;
	/** Changes the request on its way out, after all stripping and adding. */
	readonly rewrite?: (exchange: {
		readonly in: RawRequest;
		readonly out: OutgoingRequest;
		readonly context: Context;
	}) => void;
	/** Sees the upstream's response, after stripping; may edit its fields, or return another. */
	readonly onResponse?: (
		response: RawResponse,
		exchange: { readonly request: RawRequest; readonly context: Context },
	) => Response | undefined | Promise<Response | undefined>;
	/** Default: one line on stderr. */
	readonly log?: (entry: ProxyLogEntry) => void;
}
