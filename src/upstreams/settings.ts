/** Options of a group as it goes by them; what cannot be meant is refused when it is made. */
import { checkNames, checkObject, shown } from '../names/index.ts';
import { toldSafely } from '../observe/index.ts';
import type { ReverseOptions } from '../proxy/reverse/index.ts';
import {
	byActive,
	byLatency,
	Hashed,
	LeastActive,
	Maglev,
	type Policy,
	RoundRobin,
	TwoChoices,
} from './balance/index.ts';
import { checkHealth, type HealthSettings, healthSettings } from './health/index.ts';
import {
	type EjectionOptions,
	ejectionDefaults,
	type GroupLimits,
	type GroupLogEntry,
	groupLimits,
	type HedgeOptions,
	hedgeDefaults,
	type RetryOptions,
	retryDefaults,
	type UpstreamsOptions,
} from './options.ts';
import { Sticky } from './sticky.ts';

export interface GroupSettings {
	readonly policy: Policy;
	/** What the choice goes by, for people. */
	readonly balance: string;
	readonly sticky: Sticky | null;
	readonly retries: RetryOptions | null;
	readonly retryStatuses: ReadonlySet<number>;
	readonly retryMethods: ReadonlySet<string>;
	readonly ejection: (EjectionOptions & { readonly consecutive: number }) | null;
	readonly failureStatuses: ReadonlySet<number>;
	readonly health: HealthSettings | null;
	readonly hedge: HedgeOptions | null;
	readonly limits: GroupLimits;
	readonly slowStart: number;
	readonly whenNoneIsUp: 'try' | 'refuse';
	readonly reverse: ReverseOptions;
	/** Whether answers are timed: it costs two looks at a clock. */
	readonly times: boolean;
	readonly log: (entry: GroupLogEntry) => void;
}

const NAMES: Readonly<Record<keyof UpstreamsOptions, true>> = {
	balance: true,
	sticky: true,
	retries: true,
	ejection: true,
	health: true,
	hedge: true,
	limits: true,
	slowStart: true,
	whenNoneIsUp: true,
	reverse: true,
	log: true,
};

/** Throws TypeError or RangeError with the option's name and the reason. */
export function groupSettings(options: UpstreamsOptions): GroupSettings {
	checkObject('upstreams', options, "{ balance: 'least-active' }");
	checkNames('upstreams: ', options, Object.keys(NAMES));
	const {
		balance = 'round-robin',
		sticky = false,
		health,
		slowStart = 0,
		whenNoneIsUp = 'try',
		reverse = {},
	} = options;
	if (whenNoneIsUp !== 'try' && whenNoneIsUp !== 'refuse')
		throw new TypeError(`upstreams: whenNoneIsUp must be "try" or "refuse", not ${shown(whenNoneIsUp)}`);
	amount('slowStart', slowStart);
	const retries = options.retries === false ? null : merged('retries', retryDefaults, options.retries);
	const ejection = options.ejection === false ? null : merged('ejection', ejectionDefaults, options.ejection);
	if (options.log !== undefined && typeof options.log !== 'function')
		throw new TypeError(`upstreams: log must be a function, not ${shown(options.log)}`);
	if (health !== undefined) checkHealth(health);
	return {
		policy: policyOf(balance),
		balance: typeof balance === 'string' ? balance : 'choose' in balance ? 'a policy of its own' : 'hash',
		sticky: stickyOf(sticky),
		retries,
		retryStatuses: new Set(retries?.statuses),
		retryMethods: new Set(retries?.methods),
		ejection: ejection === null ? null : { ...ejection, consecutive: ejection.failures },
		failureStatuses: new Set(ejection?.statuses ?? ejectionDefaults.statuses),
		health: health === undefined ? null : healthSettings(health),
		hedge: hedgeOf(options.hedge, retries),
		limits: merged('limits', groupLimits, options.limits),
		slowStart,
		whenNoneIsUp,
		reverse,
		times: balance === 'latency' || (options.hedge ?? false) !== false,
		log: toldSafely(options.log ?? logToStderr),
	};
}

const POLICIES: Readonly<Record<string, () => Policy>> = {
	'round-robin': () => new RoundRobin(),
	'least-active': () => new LeastActive(),
	'two-choices': () => new TwoChoices(byActive),
	latency: () => new TwoChoices(byLatency),
};

/** Every name of a way to balance. */
export const BALANCES: readonly string[] = Object.keys(POLICIES);

function policyOf(balance: NonNullable<UpstreamsOptions['balance']>): Policy {
	if (typeof balance === 'string' && Object.hasOwn(POLICIES, balance)) return (POLICIES[balance] as () => Policy)();
	if (typeof balance === 'object' && balance !== null) {
		if ('choose' in balance && typeof balance.choose === 'function') return balance;
		if ('hash' in balance && typeof balance.hash === 'function') {
			checkNames('upstreams: balance.', balance, ['hash', 'by']);
			const { hash, by = 'maglev' } = balance;
			if (by === 'maglev') return new Maglev(hash, new RoundRobin());
			if (by === 'rendezvous') return new Hashed(hash, new RoundRobin());
			throw new TypeError(`upstreams: balance.by must be "maglev" or "rendezvous", not ${shown(by)}`);
		}
	}
	throw new TypeError(
		`upstreams: balance must be one of ${BALANCES.join(', ')}, { hash } or { choose }, not ${shown(balance)}`,
	);
}

function stickyOf(sticky: NonNullable<UpstreamsOptions['sticky']>): Sticky | null {
	if (typeof sticky === 'boolean') return sticky ? new Sticky({}) : null;
	checkObject('upstreams: sticky', sticky, "{ cookie: 'node' }");
	checkNames('upstreams: sticky.', sticky, ['cookie', 'seconds', 'secure']);
	return new Sticky(sticky);
}

function hedgeOf(hedge: UpstreamsOptions['hedge'] = false, retries: RetryOptions | null): HedgeOptions | null {
	if (hedge === false) return null;
	// They are requests that come twice, and spend of the same budget.
	if (retries === null) throw new TypeError('upstreams: hedge needs the budget of retries, which are turned off');
	const options = merged('hedge', hedgeDefaults, hedge === true ? {} : hedge);
	if (options.percentile > 1)
		throw new RangeError(`upstreams: hedge.percentile must be from 0 to 1, not ${shown(options.percentile)}`);
	return options;
}

/** The defaults, with what is given in their places: each of the kind that its default is of. */
function merged<T extends object>(option: string, defaults: T, given: Partial<T> = {}): T {
	checkObject(`upstreams: ${option}`, given, JSON.stringify(defaults));
	checkNames(`upstreams: ${option}.`, given, Object.keys(defaults));
	for (const [name, value] of Object.entries(given)) {
		const usual = (defaults as Record<string, unknown>)[name];
		if (Array.isArray(usual)) list(`${option}.${name}`, value, typeof usual[0]);
		else amount(`${option}.${name}`, value);
	}
	return { ...defaults, ...given };
}

function amount(option: string, value: unknown): void {
	if (typeof value !== 'number' || !(value >= 0))
		throw new RangeError(`upstreams: ${option} must be a number from 0 up, not ${shown(value)}`);
}

function list(option: string, value: unknown, kind: string): void {
	if (Array.isArray(value) && value.every((one) => kind === 'undefined' || typeof one === kind)) return;
	throw new TypeError(`upstreams: ${option} must be a list of ${kind}s, not ${shown(value)}`);
}

function logToStderr({ level, message, upstream, error }: GroupLogEntry): void {
	const whose = upstream === null ? 'upstreams' : upstream;
	const cause = error === undefined ? '' : `: ${error instanceof Error ? error.message : shown(error)}`;
	globalThis.process?.stderr.write(`turnabout: ${level}: ${whose}: ${message}${cause}\n`);
}
