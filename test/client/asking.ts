/** An upstream asked directly, without an engine: what came back, or the type of what went wrong. */
import type { TestContext } from 'node:test';
import { type Upstream, type UpstreamOptions, upstream } from '../../src/client/index.ts';
import { UpstreamError } from '../../src/convention/index.ts';
import { ask, type MemoryAnswer, type MemoryRequest } from '../../src/engine/memory/index.ts';
import { type RawServer, rawServer } from '../support/raw-server.ts';

/** An upstream that is closed when the test is over. */
export function to(t: TestContext, origin: RawServer | string, options?: UpstreamOptions): Upstream {
	const one = upstream(typeof origin === 'string' ? origin : `http://127.0.0.1:${origin.port}`, options);
	t.after(() => one.close());
	return one;
}

/** The URL of a port where nobody listens. */
export async function deadEnd(t: TestContext): Promise<string> {
	const server = await rawServer(t);
	const { port } = server;
	server.close();
	return `http://127.0.0.1:${port}`;
}

/** The body of a 200, or the type of the UpstreamError: `!connection_refused`. */
export async function told(app: Upstream, request: string | MemoryRequest = '/'): Promise<string> {
	const answer = await ask(app, request);
	if (answer.error === undefined) return answer.text();
	return `!${errorOf(answer).type}`;
}

/** What the upstream threw; anything but an UpstreamError is thrown on. */
export function errorOf(answer: MemoryAnswer): UpstreamError {
	if (answer.error instanceof UpstreamError) return answer.error;
	throw answer.error ?? new Error(`Answered ${answer.status}`);
}

/** How a body ended: its text, or the type of the error it was cut short by. */
export async function bodyOf(answer: MemoryAnswer): Promise<string> {
	try {
		return await answer.text();
	} catch (error) {
		if (error instanceof UpstreamError) return `!${error.type}`;
		return `!${(error as Error).name}`;
	}
}
