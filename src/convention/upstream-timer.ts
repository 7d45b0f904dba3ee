/** The time spent on upstreams, for those who log it: whoever sets this key is told by the client side, and nobody pays who does not. */
import { type Key, key } from './key.ts';

/** Told for each request that was sent to an upstream, attempts that failed included. Milliseconds are since it was begun. */
export interface UpstreamTimer {
	/** The head of the response has come. */
	upstreamAnswered(milliseconds: number): void;
	/** All of the response has come, or no more of it will. A tunnel counts as far as its head. */
	upstreamEnded(milliseconds: number): void;
}

export const upstreamTimer: Key<UpstreamTimer, 'upstream timer'> = key('upstream timer');
