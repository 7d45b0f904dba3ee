export type { ThreadLogEntry, ThreadsOptions } from './options.ts';
export type { ThreadsStatistics } from './pool.ts';
export { type Threads, threads } from './threads.ts';
