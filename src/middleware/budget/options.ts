/** How much a client may use, in which time. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import { toldSafely } from '../../observe/index.ts';
import { unitMilliseconds } from '../duration.ts';
import { memoryBudgets } from './memory-store.ts';
import type { BudgetStore } from './store.ts';

/** One line about a store that could not be asked. */
export interface BudgetLogEntry {
	readonly level: 'error';
	readonly message: string;
	/** The budget's name. */
	readonly budget: string;
	readonly error: unknown;
}

export interface BudgetOptions {
	/** Requests in a window, tunnels and upgrades among them. One of `requests` and `bytes` is needed. */
	readonly requests?: number;
	/** Bytes of bodies and tunnels in a window, both ways together. */
	readonly bytes?: number;
	/** How long a window is: `1h`, `1d`, `30min`, or milliseconds. It begins with a client's first request. */
	readonly per: string | number;
	/** Whose budget it is; null is not limited. Default: the user that a layer of `auth` has proved, else the address, as `rateLimit` has it. */
	readonly key?: (request: RawRequest, context: Context) => string | null;
	/** Where it is kept what was used. Default: `memoryBudgets()`, in this process. */
	readonly store?: BudgetStore;
	/** The budget's name in the RateLimit fields and in the keys of a store. Default: `budget`. */
	readonly name?: string;
	/** Whether answers tell the budget and what is left of it. Default: true. */
	readonly fields?: boolean;
	/** What happens while the store cannot be asked: requests pass (`open`, default), or get 503 (`closed`). */
	readonly whenStoreFails?: 'open' | 'closed';
	/** Told when the store fails, at most once a second. Default: one line on standard error. */
	readonly log?: (entry: BudgetLogEntry) => void;
}

export interface BudgetSettings {
	/** Infinity where it is not limited. */
	readonly requests: number;
	readonly bytes: number;
	readonly per: number;
	/** `per` as it was written, for people. */
	readonly window: string;
	readonly key: ((request: RawRequest, context: Context) => string | null) | null;
	readonly store: BudgetStore;
	readonly name: string;
	readonly fields: boolean;
	readonly open: boolean;
	readonly log: (entry: BudgetLogEntry) => void;
}

const NAMES: Readonly<Record<keyof BudgetOptions, true>> = {
	requests: true,
	bytes: true,
	per: true,
	key: true,
	store: true,
	name: true,
	fields: true,
	whenStoreFails: true,
	log: true,
};

/** The largest whole number that the RateLimit fields can hold (RFC 9651 section 3.3.1). */
const MOST = 999_999_999_999_999;
/** A year and a day, in milliseconds. */
const LONGEST = 366 * 86_400_000;

/** Throws TypeError or RangeError with the option's name and the reason. */
export function budgetSettings(options: BudgetOptions): BudgetSettings {
	if (typeof options !== 'object' || options === null) throw new TypeError('budget: the options are no object');
	checkNames('budget: ', options, Object.keys(NAMES));
	const { key = null, store = memoryBudgets(), name = 'budget', fields = true } = options;
	const { whenStoreFails = 'open', log = toStderr } = options;
	if (options.requests === undefined && options.bytes === undefined)
		throw new TypeError('budget: requests or bytes is needed: without either there is no budget');
	if (key !== null && typeof key !== 'function') throw wrong('key', 'a function', key);
	if (typeof (store as Partial<BudgetStore> | null)?.add !== 'function')
		throw wrong('store', 'a store with add', store);
	if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name))
		throw wrong('name', 'up to 64 letters, digits, hyphens and underscores', name);
	if (typeof fields !== 'boolean') throw wrong('fields', 'true or false', fields);
	if (whenStoreFails !== 'open' && whenStoreFails !== 'closed')
		throw wrong('whenStoreFails', "'open' or 'closed'", whenStoreFails);
	if (typeof log !== 'function') throw wrong('log', 'a function', log);
	return {
		requests: amount('requests', options.requests),
		bytes: amount('bytes', options.bytes),
		per: milliseconds(options.per),
		window: typeof options.per === 'string' ? options.per : `${options.per} ms`,
		...{ key, store, name, fields, open: whenStoreFails === 'open', log: toldSafely(log) },
	};
}

function amount(option: string, value: unknown): number {
	if (value === undefined) return Number.POSITIVE_INFINITY;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST) return value;
	throw new RangeError(`budget: ${option} must be a whole number from 1 to ${MOST}, not ${shown(value)}`);
}

function milliseconds(per: unknown): number {
	const match = typeof per === 'string' ? /^([1-9]\d{0,7})([a-z]+)$/.exec(per) : null;
	const unit = match === null ? undefined : unitMilliseconds(match[2] as string);
	const value = unit === undefined ? per : Number(match?.[1]) * unit;
	if (typeof value !== 'number') throw wrong('per', 'like 1h, 1d or 30min, or milliseconds', per);
	if (value >= 1 && value <= LONGEST) return value;
	throw new RangeError(`budget: per must be from 1 ms to a year, not ${shown(per)}`);
}

function wrong(option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`budget: ${option} must be ${wanted}, not ${shown(given)}`);
}

function toStderr({ level, message, budget, error }: BudgetLogEntry): void {
	const why = error instanceof Error ? error.message : String(error);
	globalThis.process?.stderr.write(`turnabout: ${level}: budget ${budget}: ${message}: ${why}\n`);
}
