export type { Bucket, LimitText } from './limit.ts';
export {
	type MemoryLimits,
	type MemoryLimitsOptions,
	type MemoryLimitsStatistics,
	memoryLimits,
} from './memory-store.ts';
export type { RateLimitLogEntry, RateLimitOptions } from './options.ts';
export { type RateLimit, type RateLimitStatistics, rateLimit } from './rate-limit.ts';
export {
	type RedisLimits,
	type RedisLimitsOptions,
	type RedisLimitsStatistics,
	redisLimits,
} from './redis-store.ts';
export type { LimitStore, Verdict } from './store.ts';
