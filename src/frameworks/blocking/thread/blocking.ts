/** The mark by which a module's default export is known to be made for threads. */
import type { BlockingRequest } from './blocking-request.ts';
import type { Reply } from './reply.ts';

/** Takes a request and returns a reply; may block as long as it likes. */
export type BlockingHandler = (request: BlockingRequest) => Reply;

const HANDLER: unique symbol = Symbol.for('turnabout.blocking.handler') as never;

/** What `blocking` makes; `threads` runs it. */
export interface BlockingCallable {
	readonly [HANDLER]: BlockingHandler;
}

/** Marks a handler for `threads`: `export default blocking((request) => reply(200, {}, 'hello'))`. Throws TypeError for what is no function. */
export function blocking(handler: BlockingHandler): BlockingCallable {
	if (typeof handler !== 'function')
		throw new TypeError('blocking takes a function: blocking((request) => reply(200))');
	return { [HANDLER]: handler };
}

/** The handler of what `blocking` made, or null. */
export function handlerOf(value: unknown): BlockingHandler | null {
	if (typeof value !== 'object' || value === null || !(HANDLER in value)) return null;
	return value[HANDLER] as BlockingHandler;
}
