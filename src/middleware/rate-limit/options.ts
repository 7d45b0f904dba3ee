/** How a limit is set. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import { toldSafely } from '../../observe/index.ts';
import { type Bucket, bucketOf, type LimitText } from './limit.ts';
import { memoryLimits } from './memory-store.ts';
import type { LimitStore } from './store.ts';

/** One line about a store that could not be asked. */
export interface RateLimitLogEntry {
	readonly level: 'error';
	readonly message: string;
	/** The limit's name. */
	readonly limit: string;
	readonly error: unknown;
}

export interface RateLimitOptions {
	/** How many requests in which time: `100/min`, `5/s`, `10/30s`, or `{ requests, per }` with milliseconds. They come back one by one. */
	readonly limit: LimitText;
	/** How many may come at once, after a pause. Default: as many as `limit` has requests. */
	readonly burst?: number;
	/**
	 * Whose request it is: what has the same key shares a bucket; null is not limited. Default: the address that
	 * `clientAddress` has found, or the connection's; one key for each /64 of IPv6, `unix` for all who come by a socket of the
	 * file system. It only chooses: `turnabout explain` calls it, too.
	 */
	readonly key?: (request: RawRequest, context: Context) => string | null;
	/** Where buckets are kept. Default: `memoryLimits()`, in this process. */
	readonly store?: LimitStore;
	/** How many tokens a request takes. Default: 1. */
	readonly cost?: number | ((request: RawRequest, context: Context) => number);
	/** Requests that are not limited at all. It only chooses: `turnabout explain` calls it, too. Default: none. */
	readonly skip?: (request: RawRequest, context: Context) => boolean;
	/** How many exchanges of one key may be open at once in this process; tunnels and upgrades until they end. Default: any number. */
	readonly concurrent?: number;
	/** The limit's name in the RateLimit fields and in the keys of a store. Default: `default`. */
	readonly name?: string;
	/** Whether answers tell the limit and what is left of it. Default: true. */
	readonly fields?: boolean;
	/** What happens while the store cannot be asked: requests pass (`open`, default), or get 503 (`closed`). */
	readonly whenStoreFails?: 'open' | 'closed';
	/** Told when the store fails, at most once a second. Default: one line on stderr. */
	readonly log?: (entry: RateLimitLogEntry) => void;
}

export interface Settings {
	readonly bucket: Bucket;
	readonly key: ((request: RawRequest, context: Context) => string | null) | null;
	readonly store: LimitStore;
	readonly cost: number | ((request: RawRequest, context: Context) => number);
	readonly skip: ((request: RawRequest, context: Context) => boolean) | null;
	readonly concurrent: number;
	readonly fields: boolean;
	readonly open: boolean;
	readonly log: (entry: RateLimitLogEntry) => void;
}

const NAMES: Readonly<Record<keyof RateLimitOptions, true>> = {
	limit: true,
	burst: true,
	key: true,
	store: true,
	cost: true,
	skip: true,
	concurrent: true,
	name: true,
	fields: true,
	whenStoreFails: true,
	log: true,
};

/** Throws TypeError or RangeError with the option's name and the reason. */
export function settingsOf(options: RateLimitOptions): Settings {
	checkObject('rateLimit', options, "{ limit: '100/min' }");
	checkNames('rateLimit: ', options, Object.keys(NAMES));
	const { key = null, store = memoryLimits(), cost = 1, skip = null, log = toStderr } = options;
	const { name = 'default', fields = true, whenStoreFails = 'open', concurrent = Number.POSITIVE_INFINITY } = options;
	for (const [option, value] of Object.entries({ key, skip, log })) {
		if (value !== null && typeof value !== 'function') throw wrong(option, 'a function', value);
	}
	if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
		throw wrong('name', 'up to 64 letters, digits and ._-', name);
	}
	if (typeof store?.take !== 'function') throw wrong('store', 'memoryLimits(), redisLimits(client) or a store', store);
	if (typeof cost !== 'function' && !isCost(cost)) throw wrong('cost', 'a number from 0 on, or a function', cost);
	if (concurrent !== Number.POSITIVE_INFINITY && !(Number.isInteger(concurrent) && concurrent >= 1)) {
		throw wrong('concurrent', 'a whole number from 1 on', concurrent);
	}
	if (typeof fields !== 'boolean') throw wrong('fields', 'true or false', fields);
	if (whenStoreFails !== 'open' && whenStoreFails !== 'closed') {
		throw wrong('whenStoreFails', "'open' or 'closed'", whenStoreFails);
	}
	const bucket = bucketOf(name, options.limit, options.burst);
	if (typeof cost === 'number' && cost > bucket.burst) {
		throw new RangeError(`rateLimit: cost is ${cost}, more than burst: no request would ever pass`);
	}
	return { bucket, key, store, cost, skip, concurrent, fields, open: whenStoreFails === 'open', log: toldSafely(log) };
}

export function isCost(cost: unknown): cost is number {
	return typeof cost === 'number' && cost >= 0 && Number.isFinite(cost);
}

function wrong(option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`rateLimit: ${option} must be ${wanted}, not ${shown(given)}`);
}

function toStderr({ level, message, limit, error }: RateLimitLogEntry): void {
	const why = error instanceof Error ? error.message : String(error);
	globalThis.process?.stderr.write(`turnabout: ${level}: rateLimit ${limit}: ${message}: ${why}\n`);
}
