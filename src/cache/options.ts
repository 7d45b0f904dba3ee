/** What can be set on a cache. */
import type { Context, RawRequest } from '../convention/index.ts';
import type { Store } from './store/index.ts';

export interface CacheLimits {
	/** The largest body that is stored; a larger one flows through. Bytes, or `16MB` (default). */
	readonly object: number | string;
	/** The largest header section that is stored. Default: `64KB`. */
	readonly headers: number | string;
	/** Responses for one URL. Default: 32. */
	readonly variants: number;
}

export interface CacheOptions {
	/** Our name in Cache-Status (RFC 9211). Default: `turnabout`. */
	readonly name?: string;
	/** Whether answers have Cache-Status. Default: true. */
	readonly status?: boolean;
	/**
	 * RFC 9111 to the letter. Without it a response with Set-Cookie is stored only if it says `public` or `s-maxage`, and none that speaks of
	 * a malformed request (400, 413, 431). Default: false.
	 */
	readonly rfc?: boolean;
	/** Where responses are kept. Default: in memory. */
	readonly store?: Store;
	/** How much memory they may take. Default: `256MB`. */
	readonly size?: number | string;
	readonly limits?: Partial<CacheLimits>;
	/** Targeted fields (RFC 9213) that count before Cache-Control, the first that is there. Default: `CDN-Cache-Control`. */
	readonly targets?: readonly string[];
	/**
	 * How long a response is fresh that says nothing of it, but has Last-Modified: `share` of the time since then (0.1), `most` seconds
	 * (a day); `false`: not at all.
	 */
	readonly heuristics?: false | { readonly share?: number; readonly most?: number };
	/** Clients have no say: their Cache-Control and Pragma are passed over. Default: false. */
	readonly ignoreClients?: boolean;
	/** Seconds beyond its freshness for which a response is used while the origin fails, unless it forbids that. Default: 0. */
	readonly grace?: number;
	/** Milliseconds that a request waits for the answer to another one for the same; 0: each goes on by itself. Default: 10,000. */
	readonly collapse?: number;
	/** Milliseconds that a renewal behind a stale answer has until its head has come; another begins only then. Default: 60,000. */
	readonly renewal?: number;
	/** Parameters of the query that make no other page: `utm_source`. They are passed on, and not in the key. Default: none. */
	readonly drop?: readonly string[];
	/** Requests that go past the cache. */
	readonly bypass?: (request: RawRequest, context: Context) => boolean;
	/** What makes another page besides the URL: a tenant, a device. Null: nothing. */
	readonly key?: (request: RawRequest, context: Context) => string | null;
	/** Seconds of freshness instead of what the response says; null: what it says. It stores nothing that may not be stored. */
	readonly ttl?: (request: RawRequest, response: Response) => number | null;
	/** Who may send PURGE. Default: nobody; it is passed on like any method. */
	readonly purge?: (request: RawRequest, context: Context) => boolean;
}
