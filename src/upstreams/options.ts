/** What can be set on a group of upstreams. Milliseconds throughout. */
import type { App } from '../convention/index.ts';
import type { ReverseOptions } from '../proxy/reverse/index.ts';
import type { HashKey, Policy } from './balance/index.ts';
import type { HealthOptions } from './health/index.ts';

/** An upstream by its URL, as `reverse` takes it. */
export interface UrlSpec {
	/** `http://host:port[/path]`, `https://…` or `unix:/path`. */
	readonly url: string | URL;
	/** What it is known by, in statistics, cookies and hashes, whatever its address is. Default: the URL. */
	readonly name?: string;
	/** How much it is asked, beside the others; 0: not at all, but by those whose cookie names it. Default: 1. */
	readonly weight?: number;
}

/** An upstream that is any other app: another group, php-fpm, a program. Closing it is its owner's affair. */
export interface AppSpec {
	readonly app: App;
	readonly name: string;
	readonly weight?: number;
}

export type UpstreamSpec = string | URL | UrlSpec | AppSpec;

/** Whole lists, each of which takes the place of the one before. Members keep their state by their names. */
export type Discovery = AsyncIterable<readonly UpstreamSpec[]>;

export type BalanceName = 'round-robin' | 'least-active' | 'two-choices' | 'latency';

export interface HashBalance {
	/** The same upstream for the same key; null where anybody will do. */
	readonly hash: HashKey;
	/** `maglev`: as dear with a thousand upstreams as with two. `rendezvous`: the fewest keys move. Default: `maglev`. */
	readonly by?: 'maglev' | 'rendezvous';
}

export interface RetryOptions {
	/** How often a request is sent again, at the most. Default: 2. */
	readonly times: number;
	/** Answers that are asked for again, of idempotent methods. Default: none. */
	readonly statuses: readonly number[];
	/** Methods that may be sent again although the upstream may have acted on them. Default: those that RFC 9110 calls idempotent. */
	readonly methods: readonly string[];
	/** Bytes of a body that are kept so that it can be sent again. Default: 65,536. */
	readonly bodyBytes: number;
	/** Retries for each request that comes, on the average. Default: 0.2. */
	readonly share: number;
	/** Retries a second in any case. Default: 10. */
	readonly perSecond: number;
	/** Before the same upstream is asked again, since there is no other; doubled each time. Default: 50. */
	readonly pause: number;
}

export interface EjectionOptions {
	/** Failures in a row, after which an upstream is left alone. Default: 5. */
	readonly failures: number;
	/** The share of failures among the last `window` answers that does the same; above 1 never. Default: 0.5. */
	readonly share: number;
	/** Default: 50. */
	readonly window: number;
	/** Answers that count as failures besides errors. Default: 502, 503, 504. */
	readonly statuses: readonly number[];
	/** How long it is left alone for the first time; doubled each time in a row. Default: 5,000. */
	readonly pause: number;
	/** Default: 300,000. */
	readonly longestPause: number;
	/** The share of the group that may be left alone at a time. Default: 1. */
	readonly most: number;
}

export interface HedgeOptions {
	/** The share of answers that are sooner than this: a request that takes longer goes to a second upstream as well. Default: 0.95. */
	readonly percentile: number;
	/** Milliseconds before which none does. Default: 10. */
	readonly least: number;
}

export interface GroupLimits {
	/** Exchanges under way with one upstream. Default: Infinity. */
	readonly active: number;
	/** Requests that wait until one of them has room; more are refused, 503. Default: 1,024. */
	readonly queue: number;
	/** How long one waits, then 503; 0 for ever. Default: 10,000. */
	readonly queueTimeout: number;
}

export interface StickyOptions {
	/** The cookie's name. Default: `upstream`. */
	readonly cookie?: string;
	/** Seconds that it is kept. Default: as long as the browser is open. */
	readonly seconds?: number;
	/** Sent over https alone. Default: false. */
	readonly secure?: boolean;
}

export interface UpstreamsOptions {
	/** Who is asked. Default: `round-robin`. */
	readonly balance?: BalanceName | HashBalance | Policy;
	/** Clients stay with the upstream that has answered them, by a cookie. Default: false. */
	readonly sticky?: boolean | StickyOptions;
	/** What is asked again when an upstream fails. Default: see RetryOptions. */
	readonly retries?: false | Partial<RetryOptions>;
	/** Upstreams that fail are left alone for a while. Default: see EjectionOptions. */
	readonly ejection?: false | Partial<EjectionOptions>;
	/** Looks after upstreams while they are served. Default: none. */
	readonly health?: string | HealthOptions;
	/** Whether GET and HEAD that take long go to a second upstream, too; whoever answers first has answered. Default: false. */
	readonly hedge?: boolean | Partial<HedgeOptions>;
	readonly limits?: Partial<GroupLimits>;
	/** How long it takes until an upstream that has come, or come back, is asked as much as its weight says. Default: 0. */
	readonly slowStart?: number;
	/** When none is up: `try` all the same (default), or `refuse` at once with 503. */
	readonly whenNoneIsUp?: 'try' | 'refuse';
	/** For upstreams that are URLs: everything that `reverse` takes. */
	readonly reverse?: ReverseOptions;
	/** Takes a line when upstreams come and go. Default: standard error. */
	readonly log?: (entry: GroupLogEntry) => void;
}

export interface GroupLogEntry {
	readonly level: 'info' | 'warn';
	readonly message: string;
	/** The upstream's name; null where it is about the group. */
	readonly upstream: string | null;
	readonly error?: unknown;
}

export const retryDefaults: RetryOptions = {
	times: 2,
	statuses: [],
	// RFC 9110 section 9.2.2.
	methods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'],
	bodyBytes: 65_536,
	share: 0.2,
	perSecond: 10,
	pause: 50,
};

export const ejectionDefaults: EjectionOptions = {
	failures: 5,
	share: 0.5,
	window: 50,
	statuses: [502, 503, 504],
	pause: 5_000,
	longestPause: 300_000,
	most: 1,
};

export const hedgeDefaults: HedgeOptions = { percentile: 0.95, least: 10 };

export const groupLimits: GroupLimits = { active: Number.POSITIVE_INFINITY, queue: 1_024, queueTimeout: 10_000 };
