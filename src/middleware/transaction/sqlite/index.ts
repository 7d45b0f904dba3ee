export { type SqlitePool, type SqlitePoolStatistics, sqlite } from './sqlite.ts';
export type { SqliteOptions } from './sqlite-options.ts';
