import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, type Middleware, respond, stack } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

test('the first layer is the outermost', async () => {
	const seen: string[] = [];
	const layer =
		(name: string): Middleware =>
		(next) =>
		async (request, context) => {
			seen.push(`${name} in`);
			const response = await next(request, context, context);
			seen.push(`${name} out`);
			return response;
		};
	const app = stack(layer('a'), stack(layer('b')), layer('c'))(() => respond(204));
	assert.equal((await ask(app)).status, 204);
	assert.deepEqual(seen, ['a in', 'b in', 'c in', 'c out', 'b out', 'a out']);
});

test('a stack of nothing is the app itself', () => {
	const app: App = () => respond(200);
	assert.equal(stack()(app), app);
});

test('a synchronous answer stays synchronous through middleware that lets it', () => {
	const app = stack((next) => (request, context) => next(request, context, context))(() => respond(200));
	assert.ok(app(new Request('http://x/'), {} as never) instanceof Response);
});
