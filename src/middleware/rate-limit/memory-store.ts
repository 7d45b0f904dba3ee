/**
 * Buckets in this process. A bucket is one number, the time at which it will be full again (the generic cell rate
 * algorithm): nothing fills it, no timer runs for it. Keys are strangers' words, so their number is bounded: they live in
 * two generations. A key that is asked for moves to the young one; when that is full, or so old that all buckets behind it
 * must have filled, it becomes the old one, and what was old is forgotten. Every step takes the same time, whatever is in it.
 */
import { checkNames } from '../../names/index.ts';
import type { Bucket } from './limit.ts';
import type { LimitStore, Verdict } from './store.ts';

export interface MemoryLimitsOptions {
	/** The most keys that are remembered; about 100 bytes each. Default: 100,000. */
	readonly limit?: number;
	/** Milliseconds that never go back. Default: `performance.now`; tests bring their own. */
	readonly clock?: () => number;
}

export interface MemoryLimits extends LimitStore {
	take(key: string, cost: number, bucket: Bucket): Verdict;
	statistics(): MemoryLimitsStatistics;
}

export interface MemoryLimitsStatistics {
	/** Keys that are remembered. */
	readonly keys: number;
	/** Generations that were forgotten because there were too many keys, and not because their buckets were full. */
	readonly forgotten: number;
}

/** The time at which its bucket is full; changed in place. */
interface Cell {
	full: number;
}

/** The global is an accessor, which would be asked for each request. */
const monotonic = performance;

/** Buckets in memory, for one limit in one process. Throws TypeError or RangeError with the option's name. */
export function memoryLimits(options: MemoryLimitsOptions = {}): MemoryLimits {
	checkNames('memoryLimits: ', options, ['limit', 'clock']);
	const { limit = 100_000, clock } = options;
	if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 2) {
		throw new RangeError(`memoryLimits: limit must be a whole number from 2 on, not ${String(limit)}`);
	}
	if (clock !== undefined && typeof clock !== 'function') throw new TypeError('memoryLimits: clock is no function');
	return new Generations(Math.floor(limit / 2), clock ?? null);
}

/** Milliseconds by which sums of times may be wrong. */
const ROUNDING = 1e-3;

function tokens(milliseconds: number, interval: number): number {
	return milliseconds <= 0 ? 0 : Math.floor((milliseconds + ROUNDING) / interval);
}

class Generations implements MemoryLimits {
	readonly shared = false;
	private readonly most: number;
	private readonly clock: (() => number) | null;
	private young: Map<string, Cell> = new Map();
	private old: Map<string, Cell> = new Map();
	/** When the young generation began. */
	private began = Number.NEGATIVE_INFINITY;
	/** What the slowest bucket seen takes to fill. */
	private slowest = 0;
	private forgotten = 0;

	constructor(most: number, clock: (() => number) | null) {
		this.most = most;
		this.clock = clock;
	}

	take(key: string, cost: number, { interval, burst, full }: Bucket): Verdict {
		const now = this.clock === null ? monotonic.now() : this.clock();
		if (full > this.slowest) this.slowest = full;
		if (now - this.began >= this.slowest) this.turn(now);
		const cell = this.cellOf(key, now);
		const before = cell.full > now ? cell.full : now;
		const after = before + cost * interval;
		const short = after - now - full;
		if (short > ROUNDING && cost > 0) {
			const retry = cost > burst ? Number.POSITIVE_INFINITY : short;
			return { allowed: false, remaining: tokens(full - before + now, interval), reset: before - now, retry };
		}
		cell.full = after;
		return { allowed: true, remaining: tokens(full - after + now, interval), reset: after - now, retry: 0 };
	}

	private cellOf(key: string, now: number): Cell {
		const known = this.young.get(key);
		if (known !== undefined) return known;
		const older = this.old.get(key);
		if (this.young.size >= this.most) {
			if (this.old.size > 0) this.forgotten++;
			this.turn(now);
		}
		if (older !== undefined) {
			this.young.set(key, older);
			return older;
		}
		const made = { full: 0 };
		// A part of a longer text holds the whole of it: of a request's head, say.
		this.young.set(` ${key}`.slice(1), made);
		return made;
	}

	private turn(now: number): void {
		this.old = this.young;
		this.young = new Map();
		this.began = now;
	}

	statistics(): MemoryLimitsStatistics {
		let both = this.young.size;
		for (const key of this.old.keys()) if (!this.young.has(key)) both++;
		return { keys: both, forgotten: this.forgotten };
	}
}
