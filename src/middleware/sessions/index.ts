export type { SessionCookieOptions, SessionsOptions } from './options.ts';
export type { SessionStore } from './session-store.ts';
export { type Sessions, sessions } from './sessions.ts';
export {
	type MemorySessions,
	type MemorySessionsOptions,
	type MemorySessionsStatistics,
	memorySessions,
	type RedisSessionsOptions,
	redisSessions,
	type SqliteSessionsOptions,
	sqliteSessions,
} from './stores/index.ts';
