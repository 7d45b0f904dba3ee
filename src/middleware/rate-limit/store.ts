/** Where the buckets are kept. */
import type { Bucket } from './limit.ts';

/** What a store says to one request. */
export interface Verdict {
	readonly allowed: boolean;
	/** Whole tokens left. */
	readonly remaining: number;
	/** Milliseconds until the bucket is full again. */
	readonly reset: number;
	/** Milliseconds until there are enough tokens for this request; 0 when it is allowed, Infinity when there never will be. */
	readonly retry: number;
}

/** Keeps buckets by key. `take` answers at once where it can; it rejects when the store cannot be asked. */
export interface LimitStore {
	/** Takes `cost` tokens out of the bucket of `key`, or none when there are too few. A cost of 0 only looks. */
	take(key: string, cost: number, bucket: Bucket): Verdict | Promise<Verdict>;
	/** False where no other process sees the buckets: served by several, each counts for itself, which is said at start. Default: true. */
	readonly shared?: boolean;
	start?(): unknown;
	/** Throws or rejects when `start` would, as far as that can be known without leaving anything behind. */
	check?(): unknown;
	close?(): unknown;
	statistics?(): object;
}
