/** What is measured of a cache. */
import type { AnyMeasure } from '../observe/index.ts';
import type { Cache } from './cache.ts';

const RESULTS = ['hits', 'misses', 'validated', 'stale', 'passed', 'collapsed'] as const;

export function cacheMeasures({ counts, settings }: Cache): AnyMeasure[] {
	const { entries, bytes, evictions } = settings.store.statistics();
	const results = RESULTS.map(
		(result): AnyMeasure => ({
			name: 'turnabout_cache_requests_total',
			help: 'What became of requests at the cache',
			type: 'counter',
			labels: { result },
			value: counts[result],
		}),
	);
	return [
		...results,
		{ name: 'turnabout_cache_entries', help: 'Responses that are stored', type: 'gauge', value: entries },
		{ name: 'turnabout_cache_bytes', help: 'Memory that they take, about', type: 'gauge', value: bytes },
		{
			name: 'turnabout_cache_evictions_total',
			help: 'Responses that had to make room',
			type: 'counter',
			value: evictions,
		},
	];
}
