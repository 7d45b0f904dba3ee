export type { ListEntry } from '../../reloaded/index.ts';
export { type IpAllow, type IpAllowStatistics, ipAllow } from './ip-allow.ts';
export type { IpAllowOptions } from './options.ts';
