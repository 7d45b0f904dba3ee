/** The cache as middleware. */
import { type App, type Explanation, type Layer, type LayerNote, layer, raw } from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import type { AnyMeasure } from '../observe/index.ts';
import { Cache, type CacheCounts } from './cache.ts';
import { cacheMeasures } from './cache-measures.ts';
import type { Entry } from './entry.ts';
import { wishOf } from './judgement.ts';
import type { CacheOptions } from './options.ts';
import { cacheSettings } from './settings.ts';
import type { StoreStatistics } from './store/index.ts';

export interface CacheStatistics extends StoreStatistics, Readonly<CacheCounts> {}

/** A stored response, for whoever looks at it. */
export interface StoredResponse {
	/** Its URL, and behind a line's end what `key` has added. */
	readonly key: string;
	readonly status: number;
	/** Surrogate-Key and Cache-Groups. */
	readonly tags: readonly string[];
	/** The fields that its Vary names, with what they were when it was asked for. */
	readonly selectedBy: Readonly<Record<string, string | null>>;
	/** Seconds: its age, and for how long it is fresh yet (below 0: stale). */
	readonly age: number;
	readonly left: number;
	/** Bytes of its body. */
	readonly bytes: number;
	readonly hits: number;
	/** It is validated before it is used again. */
	readonly invalid: boolean;
}

export interface PurgeOptions {
	/** Remove, instead of having it validated before it is used again. Default: false. */
	readonly hard?: boolean;
}

export interface CacheLayer extends Layer {
	statistics(): CacheStatistics;
	/** The same for Prometheus: a server with an admin listener asks it. */
	measures(): readonly AnyMeasure[];
	/** What is stored; an iterator, since it may be much. */
	entries(): Iterable<StoredResponse>;
	/** What is stored for a URL. All of these give how many responses there were. */
	purge(url: string, options?: PurgeOptions): number;
	/** Every URL that begins like this. */
	purgePrefix(prefix: string, options?: PurgeOptions): number;
	/** By Surrogate-Key or Cache-Groups. */
	purgeTag(tag: string, options?: PurgeOptions): number;
	purgeWhere(fits: (stored: StoredResponse) => boolean, options?: PurgeOptions): number;
}

/**
 * A shared cache (RFC 9111) around any app. Responses are stored and used again as they allow it. Throws TypeError or RangeError for
 * options that cannot be meant.
 */
export function cache(options: CacheOptions = {}): CacheLayer {
	const settings = cacheSettings(options);
	const one = new Cache(settings);
	const note: LayerNote = {
		name: 'cache',
		explain: (request, context) => explained(one, raw(request), context.mount),
	};
	const wrap = (next: App): App => {
		return (request, context) => one.handle(next, raw(request), context);
	};
	return Object.assign(layer(note, wrap), {
		statistics: () => ({ ...settings.store.statistics(), ...one.counts }),
		measures: () => cacheMeasures(one),
		entries: () => shownAll(settings.store.all()),
		purge: (url: string, { hard = false }: PurgeOptions = {}) => one.purge(normalized(url), hard),
		purgePrefix: (prefix: string, { hard = false }: PurgeOptions = {}) =>
			one.invalidateWhere(({ key }) => key.startsWith(prefix), hard),
		purgeTag: (tag: string, { hard = false }: PurgeOptions = {}) =>
			one.invalidateWhere(({ tags }) => tags.includes(tag), hard),
		purgeWhere: (fits: (stored: StoredResponse) => boolean, { hard = false }: PurgeOptions = {}) =>
			one.invalidateWhere((entry) => fits(shown(entry)), hard),
	});
}

/** As keys have it: no usual port, the host in lower case. Throws TypeError for what is no URL. */
function normalized(url: string): string {
	if (!URL.canParse(url)) throw new TypeError(`cache: ${url} is no URL`);
	const { origin } = new URL(url);
	const slash = url.indexOf('/', url.indexOf('//') + 2);
	return slash < 0 ? `${origin}/` : `${origin}${url.slice(slash)}`;
}

function* shownAll(entries: Iterable<Entry>): Iterable<StoredResponse> {
	for (const entry of entries) yield shown(entry);
}

function shown(entry: Entry): StoredResponse {
	const now = performance.now();
	const { key, status, tags, selecting, bytes, hits, invalid } = entry;
	const [age, left] = [entry.age(now), entry.left(now)];
	return { key, status, tags, selectedBy: Object.fromEntries(selecting), age, left, bytes, hits, invalid };
}

function explained(one: Cache, request: ReturnType<typeof raw>, mount: string): Explanation {
	const { method } = request;
	if (method !== 'GET' && method !== 'HEAD')
		return { does: ['Has nothing stored for this method.', 'Passes the request on as it is.'] };
	if (request.payload !== null)
		return { does: ['Does not look up a request with a body.', 'Passes the request on as it is.'] };
	const key = one.keyOf(request, { mount } as never);
	const wish = wishOf(FieldList.from(request.fields), one.settings.honours);
	const { action, because } = one.judge(key, wish, performance.now());
	const does = [`Looks up ${key}: ${because}.`];
	const fields = one.settings.status === null ? [] : [STATUS];
	if (action === 'serve' || action === 'refresh') return { does, fields, answers: '200 from what is stored' };
	return { does: [...does, action === 'validate' ? VALIDATES : 'Passes the request on as it is.'], fields };
}

const VALIDATES = 'Passes the request on, with the validators of what is stored (RFC 9111 section 4.3.1).';
const STATUS = { what: 'adds', name: 'Cache-Status', on: 'response', source: 'RFC 9211 section 2' } as const;
