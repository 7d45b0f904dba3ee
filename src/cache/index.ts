export { byteCount } from './byte-count.ts';
export {
	type CacheLayer,
	type CacheStatistics,
	cache,
	type PurgeOptions,
	type StoredResponse,
} from './layer.ts';
export type { CacheLimits, CacheOptions } from './options.ts';
export { MemoryStore, type Store, type StoreStatistics } from './store/index.ts';
