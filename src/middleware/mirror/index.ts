export { type Mirror, type MirrorStatistics, mirror } from './mirror.ts';
export type { MirroredAnswer, MirrorOptions } from './options.ts';
