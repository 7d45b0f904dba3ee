/** What can be set on the fetching of fragments, and what holds when it is not. */
import type { AddressGuard, UpstreamOptions } from '../../client/index.ts';
import type { App } from '../../convention/index.ts';

/** An origin, or a URL prefix, that may be fetched over the network. */
export interface AllowedPrefix {
	readonly url: string;
	/** Its name may resolve to loopback and private addresses; never to link-local ones, where clouds keep their secrets. */
	readonly allowPrivate?: boolean;
}

export interface FragmentOptions {
	/** Answers relative hrefs, and those below `inProcess`, with a derived GET request: no socket is opened. */
	readonly app?: App;
	/** URL prefixes that mean `app`, its address behind the scenes say: `http://cms.internal:8080/`. Path and query go to the app. */
	readonly inProcess?: readonly string[];
	/** Whether `app` learns who is asking: Cookie and Authorization. Nobody else ever does. Default: `same-app`. */
	readonly credentials?: 'same-app' | 'none';
	/**
	 * What may be fetched over the network: `https://fragments.example`, `https://cdn.example/esi/`. Default: nothing. A
	 * prefix that names a private address itself, or localhost, may be reached there. A name that leads back to a listener
	 * of this process is refused: that is what `inProcess` is for.
	 */
	readonly allow?: readonly (string | AllowedPrefix)[];
	/** Judges addresses for all of `allow` instead of `publicAddresses()`. */
	readonly guard?: AddressGuard;
	/** For the connections to `allow`: TLS, limits, a resolver. */
	readonly upstream?: Omit<UpstreamOptions, 'guard'>;
	/** Milliseconds for one fragment, from asking to its last byte; 0 is for ever. Default: 3000. */
	readonly timeout?: number;
	/** Default: 1 MiB, decoded. */
	readonly maxBytes?: number;
	/** Fetches at a time for one page; others wait. Default: 16. */
	readonly concurrency?: number;
	/** Redirects that are followed, each judged like an href. Default: 0, a redirect is a failure. */
	readonly maxRedirects?: number;
	/** Pages within pages: an app whose answer asks for fragments of the app again. Default: 3. */
	readonly maxDepth?: number;
}

export interface FragmentSettings {
	readonly app: App | null;
	readonly inProcess: readonly string[];
	readonly credentials: boolean;
	readonly allow: readonly AllowedPrefix[];
	readonly guard: AddressGuard | null;
	readonly upstream: Omit<UpstreamOptions, 'guard'>;
	readonly timeout: number;
	readonly maxBytes: number;
	readonly concurrency: number;
	readonly maxRedirects: number;
	readonly maxDepth: number;
}

export function fragmentSettings(options: FragmentOptions): FragmentSettings {
	const { allow = [], credentials = 'same-app' } = options;
	return {
		app: options.app ?? null,
		inProcess: options.inProcess ?? [],
		credentials: credentials === 'same-app',
		allow: allow.map((entry) => (typeof entry === 'string' ? { url: entry } : entry)),
		guard: options.guard ?? null,
		upstream: options.upstream ?? {},
		timeout: options.timeout ?? 3_000,
		maxBytes: options.maxBytes ?? 1_048_576,
		concurrency: Math.max(1, options.concurrency ?? 16),
		maxRedirects: options.maxRedirects ?? 0,
		maxDepth: options.maxDepth ?? 3,
	};
}
