import { currentThread } from './thread.ts';

/** Blocks for that many milliseconds while other requests are served. Throws Disconnected as soon as the client has gone, RangeError for what is no time. */
export function sleep(milliseconds: number): void {
	if (!(milliseconds >= 0)) throw new RangeError(`Not a number of milliseconds from 0 up: ${milliseconds}`);
	currentThread().wait(() => false, performance.now() + milliseconds);
}
