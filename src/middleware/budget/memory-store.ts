/**
 * What was used, in this process. Keys are strangers' addresses, so their number is bounded: they live in two generations. A
 * key that is asked about moves to the young one; when that is full, or older than a window, it becomes the old one, and
 * what was old is forgotten. Every step takes the same time, whatever is in it.
 */
import { checkNames } from '../../names/index.ts';
import type { BudgetStore, Used } from './store.ts';

export interface MemoryBudgetsOptions {
	/** The most keys that are remembered; about 150 bytes each. Default: 100,000. */
	readonly keys?: number;
	/** Milliseconds that never go back. Default: `performance.now`; tests bring their own. */
	readonly clock?: () => number;
}

export interface MemoryBudgetsStatistics {
	/** Keys that are remembered. */
	readonly keys: number;
	/** Generations that were forgotten because there were too many keys, and not because their windows were over. */
	readonly forgotten: number;
}

export interface MemoryBudgets extends BudgetStore {
	add(key: string, requests: number, bytes: number, per: number): Used;
	statistics(): MemoryBudgetsStatistics;
}

/** Changed in place. */
interface Account {
	ends: number;
	requests: number;
	bytes: number;
}

/** The global is an accessor, which would be asked for each chunk. */
const monotonic = performance;

/** Budgets in memory, for one layer in one process. Throws TypeError or RangeError with the option's name. */
export function memoryBudgets(options: MemoryBudgetsOptions = {}): MemoryBudgets {
	checkNames('memoryBudgets: ', options, ['keys', 'clock']);
	const { keys = 100_000, clock } = options;
	if (typeof keys !== 'number' || !Number.isInteger(keys) || keys < 2) {
		throw new RangeError(`memoryBudgets: keys must be a whole number from 2 on, not ${String(keys)}`);
	}
	if (clock !== undefined && typeof clock !== 'function') throw new TypeError('memoryBudgets: clock is no function');
	return new Generations(Math.floor(keys / 2), clock ?? null);
}

class Generations implements MemoryBudgets {
	private readonly most: number;
	private readonly clock: (() => number) | null;
	private young: Map<string, Account> = new Map();
	private old: Map<string, Account> = new Map();
	private began = Number.NEGATIVE_INFINITY;
	/** The longest window asked for. */
	private longest = 0;
	private forgotten = 0;

	constructor(most: number, clock: (() => number) | null) {
		this.most = most;
		this.clock = clock;
	}

	add(key: string, requests: number, bytes: number, per: number): Used {
		const now = this.clock === null ? monotonic.now() : this.clock();
		if (per > this.longest) this.longest = per;
		if (now - this.began >= this.longest) this.turn(now);
		const account = this.accountOf(key, now);
		if (account.ends <= now) {
			account.ends = now + per;
			account.requests = 0;
			account.bytes = 0;
		}
		account.requests += requests;
		account.bytes += bytes;
		return { requests: account.requests, bytes: account.bytes, reset: account.ends - now };
	}

	private accountOf(key: string, now: number): Account {
		const known = this.young.get(key);
		if (known !== undefined) return known;
		const older = this.old.get(key);
		if (this.young.size >= this.most) {
			if (this.old.size > 0) this.forgotten++;
			this.turn(now);
		}
		const account = older ?? { ends: Number.NEGATIVE_INFINITY, requests: 0, bytes: 0 };
		// A part of a longer text holds the whole of it: of a request's head, say.
		this.young.set(older === undefined ? ` ${key}`.slice(1) : key, account);
		return account;
	}

	private turn(now: number): void {
		this.old = this.young;
		this.young = new Map();
		this.began = now;
	}

	statistics(): MemoryBudgetsStatistics {
		let both = this.young.size;
		for (const key of this.old.keys()) if (!this.young.has(key)) both++;
		return { keys: both, forgotten: this.forgotten };
	}
}
