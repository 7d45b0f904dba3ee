import type { App } from '../../convention/index.ts';
import type { MemoryAnswer } from './memory-answer.ts';
import { MemoryExchange } from './memory-exchange.ts';
import type { MemoryRequest } from './memory-request.ts';

/**
 * Asks an app something, without a server: `const answer = await ask(app, '/path')`. The request is a path, a URL, the
 * short form or any Request. An app that throws is answered for as an engine would, and `answer.error` tells what it threw;
 * the promise rejects only when the connection was dropped.
 */
export function ask(app: App, request: string | MemoryRequest | Request = '/'): Promise<MemoryAnswer> {
	return exchange(app, request).answer;
}

/** As `ask`, for what happens before the answer: `abort()` is the client leaving, `context` is what the app was given. */
export function exchange(app: App, request: string | MemoryRequest | Request = '/'): MemoryExchange {
	const one = new MemoryExchange(request);
	one.run(app);
	return one;
}
