import { type Key, key } from './key.ts';

/**
 * When the head of the answer must be there, in milliseconds of `performance.now()`: set by `timeout`, spent by whoever asks
 * further. Upstreams are given no more time than is left.
 */
export const deadline: Key<number, 'deadline'> = key('deadline');
