/** How much one key may ask for: a bucket of tokens that fills again at a steady pace. */
import { shown } from '../../names/index.ts';
import { unitMilliseconds } from '../duration.ts';

/** A limit as it is written: `100/min`, or an object. */
export type LimitText = string | { readonly requests: number; readonly per: number };

/** A bucket, in the numbers that stores count with. */
export interface Bucket {
	/** The limit's name: buckets of another limit are others. */
	readonly name: string;
	/** Milliseconds until one token has come back. */
	readonly interval: number;
	/** Tokens that a full bucket holds. */
	readonly burst: number;
	/** Milliseconds until an empty bucket is full again. */
	readonly full: number;
}

const WRITTEN = /^([1-9]\d{0,11})\/([1-9]\d{0,5})?([a-z]+)$/;

/** Throws TypeError or RangeError with the reason. */
export function bucketOf(name: string, limit: unknown, burst: unknown): Bucket {
	const { requests, per } = typeof limit === 'string' ? written(limit) : given(limit);
	const most = burst ?? requests;
	if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > 1e12) {
		throw new RangeError(`rateLimit: burst must be a whole number from 1 on, not ${shown(burst)}`);
	}
	const interval = per / requests;
	if (interval * most > 1e12)
		throw new RangeError('rateLimit: limit and burst make a window of more than thirty years');
	return { name, interval, burst: most, full: interval * most };
}

function written(text: string): { requests: number; per: number } {
	const match = WRITTEN.exec(text);
	const unit = match?.[3] === undefined ? undefined : unitMilliseconds(match[3]);
	if (match === null || unit === undefined) {
		throw new TypeError(`rateLimit: limit must be like 100/min, 5/s, 1000/h or 10/30s, not ${JSON.stringify(text)}`);
	}
	return { requests: Number(match[1]), per: unit * Number(match[2] ?? 1) };
}

function given(limit: unknown): { requests: number; per: number } {
	if (typeof limit !== 'object' || limit === null) {
		throw new TypeError(`rateLimit: limit must be like 100/min, or { requests, per }, not ${shown(limit)}`);
	}
	const { requests, per, ...rest } = limit as Record<string, unknown>;
	const stray = Object.keys(rest)[0];
	if (stray !== undefined) throw new TypeError(`rateLimit: limit.${stray}: no such option; there are requests, per`);
	if (typeof requests !== 'number' || !Number.isInteger(requests) || requests < 1 || requests > 1e12) {
		throw new RangeError(`rateLimit: limit.requests must be a whole number from 1 on, not ${shown(requests)}`);
	}
	if (typeof per !== 'number' || !Number.isFinite(per) || per <= 0) {
		throw new RangeError(`rateLimit: limit.per must be milliseconds, more than 0, not ${shown(per)}`);
	}
	return { requests, per };
}
