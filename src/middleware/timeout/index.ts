export type { TimeoutOptions } from './options.ts';
export { type Timeout, type TimeoutStatistics, timeout } from './timeout.ts';
