export {
	type MemorySessions,
	type MemorySessionsOptions,
	type MemorySessionsStatistics,
	memorySessions,
} from './memory.ts';
export { type RedisSessionsOptions, redisSessions } from './redis.ts';
export { type SqliteSessionsOptions, sqliteSessions } from './sqlite.ts';
