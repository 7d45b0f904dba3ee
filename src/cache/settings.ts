/** Options of a cache, as it goes by them; what cannot be meant is refused when it is made. */
import type { Context, RawRequest } from '../convention/index.ts';
import { checkNames, checkObject, shown } from '../names/index.ts';
import { byteCount } from './byte-count.ts';
import { CacheStatus } from './cache-status.ts';
import type { CacheOptions } from './options.ts';
import { MemoryStore, type Store } from './store/index.ts';

export interface CacheSettings {
	readonly status: CacheStatus | null;
	readonly rfc: boolean;
	readonly store: Store;
	/** Bytes of a body that is stored, at the most. */
	readonly object: number;
	/** Bytes of the fields of a response that is stored, at the most. */
	readonly headers: number;
	readonly targets: readonly string[];
	readonly heuristicShare: number;
	readonly heuristicMost: number;
	readonly honours: boolean;
	/** Seconds beyond its freshness for which a response is used while the origin fails. */
	readonly grace: number;
	/** Milliseconds that one request waits for another's answer; 0: none does. */
	readonly collapse: number;
	/** Milliseconds that a renewal behind a stale answer has. */
	readonly renewal: number;
	/** Milliseconds for which a URL whose answers cannot be shared is not waited for. */
	readonly apart: number;
	readonly drop: ReadonlySet<string>;
	readonly bypass: ((request: RawRequest, context: Context) => boolean) | null;
	readonly key: ((request: RawRequest, context: Context) => string | null) | null;
	readonly ttl: ((request: RawRequest, response: Response) => number | null) | null;
	readonly purge: ((request: RawRequest, context: Context) => boolean) | null;
}

const NAMES: Readonly<Record<keyof CacheOptions, true>> = {
	name: true,
	status: true,
	rfc: true,
	store: true,
	size: true,
	limits: true,
	targets: true,
	heuristics: true,
	ignoreClients: true,
	grace: true,
	collapse: true,
	renewal: true,
	drop: true,
	bypass: true,
	key: true,
	ttl: true,
	purge: true,
};
const FUNCTIONS = ['bypass', 'key', 'ttl', 'purge'] as const;
const SWITCHES = ['status', 'rfc', 'ignoreClients'] as const;

/** Throws TypeError or RangeError with the option's name and the reason. */
export function cacheSettings(options: CacheOptions): CacheSettings {
	checkObject('cache', options, "{ size: '256MB' }");
	checkNames('cache: ', options, Object.keys(NAMES));
	check(options);
	const { name = 'turnabout', status = true, rfc = false, heuristics = {}, collapse = 10_000 } = options;
	const { share = 0.1, most = 86_400 } = heuristics === false ? { share: 0, most: 0 } : heuristics;
	const { object = '16MB', headers = '64KB', variants = 32 } = options.limits ?? {};
	return {
		status: status ? new CacheStatus(name) : null,
		rfc,
		store: options.store ?? new MemoryStore(byteCount('size', options.size ?? '256MB'), variants),
		object: byteCount('limits.object', object),
		headers: byteCount('limits.headers', headers),
		targets: (options.targets ?? ['CDN-Cache-Control']).map((target) => target.toLowerCase()),
		heuristicShare: share,
		heuristicMost: most,
		honours: options.ignoreClients !== true,
		grace: options.grace ?? 0,
		collapse,
		renewal: options.renewal ?? 60_000,
		apart: 10_000,
		drop: new Set(options.drop),
		bypass: options.bypass ?? null,
		key: options.key ?? null,
		ttl: options.ttl ?? null,
		purge: options.purge ?? null,
	};
}

function check(options: CacheOptions): void {
	for (const name of FUNCTIONS)
		if (options[name] !== undefined && typeof options[name] !== 'function')
			throw new TypeError(`cache: ${name} must be a function, not ${shown(options[name])}`);
	for (const name of SWITCHES)
		if (options[name] !== undefined && typeof options[name] !== 'boolean')
			throw new TypeError(`cache: ${name} must be true or false, not ${shown(options[name])}`);
	for (const name of ['targets', 'drop'] as const) {
		const list: unknown = options[name];
		if (list !== undefined && !(Array.isArray(list) && list.every((one) => typeof one === 'string' && one !== '')))
			throw new TypeError(`cache: ${name} must be a list of names, not ${shown(list)}`);
	}
	for (const name of ['grace', 'collapse', 'renewal'] as const) amount(name, options[name]);
	if (options.name !== undefined && (typeof options.name !== 'string' || options.name === ''))
		throw new TypeError(`cache: name must be text, not ${shown(options.name)}`);
	if (options.heuristics !== undefined && options.heuristics !== false) {
		checkObject('cache: heuristics', options.heuristics, '{ share: 0.1, most: 86_400 }');
		checkNames('cache: heuristics.', options.heuristics, ['share', 'most']);
		amount('heuristics.share', options.heuristics.share);
		amount('heuristics.most', options.heuristics.most);
	}
	if (options.limits !== undefined) {
		checkObject('cache: limits', options.limits, "{ object: '16MB' }");
		checkNames('cache: limits.', options.limits, ['object', 'headers', 'variants']);
		amount('limits.variants', options.limits.variants);
	}
	if (options.store !== undefined && typeof (options.store as { put?: unknown } | null)?.put !== 'function')
		throw new TypeError(`cache: store must be a store, not ${shown(options.store)}`);
}

function amount(name: string, value: unknown): void {
	if (value !== undefined && !(typeof value === 'number' && value >= 0))
		throw new RangeError(`cache: ${name} must be a number from 0 up, not ${shown(value)}`);
}
