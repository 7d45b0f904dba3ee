import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../src/bytes/index.ts';
import { derive, raw, rawResponse, respond, stack } from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { incoming } from './requests.ts';

const NATIVE = [
	'Request',
	'Response',
	'Headers',
	'ReadableStream',
	'AbortController',
	'URL',
	'Blob',
	'FormData',
] as const;

/** Names of the native classes that were constructed while `work` ran. */
async function constructed(work: () => unknown): Promise<string[]> {
	const made: string[] = [];
	const globals = globalThis as never as Record<string, new () => object>;
	const before = NATIVE.map((name) => globals[name]);
	for (const name of NATIVE) {
		globals[name] = new Proxy(globals[name] as new () => object, {
			construct(target, args, self) {
				made.push(name);
				return Reflect.construct(target, args, self);
			},
		});
	}
	try {
		await work();
	} finally {
		NATIVE.forEach((name, i) => {
			globals[name] = before[i] as new () => object;
		});
	}
	return made;
}

test('nothing native is made by making, routing, deriving and answering', async () => {
	const made = await constructed(async () => {
		const request = incoming({
			method: 'POST',
			payload: '{"a":1}',
			target: '/a',
			fields: { 'X-A': '1', Cookie: 'a=b' },
		});
		request.headers.get('cookie');
		request.headers.set('x-b', '2');
		raw(derive(request, { target: '/b' }));
		assert.deepEqual(await request.json(), { a: 1 });
		const response = respond(200, { 'X-A': '1' }, 'text');
		response.headers.append('x-b', '2');
		rawResponse(response);
		assert.equal(await response.clone().text(), 'text');
		assert.equal(await respond(200, null, fromIterable(['a', 'b'])).text(), 'ab');
	});
	assert.deepEqual(made, []);
});

test("nothing native but the engine's own signal is made by a whole exchange", async () => {
	const app = stack(
		(next) => (request, context) => next(request, context, context),
		(next) => async (request, context) => {
			const response = await next(request, context, context);
			response.headers.set('x-seen', request.method);
			return response;
		},
	)((request) => respond(200, null, raw(request).payload));
	const made = await constructed(async () => {
		const answer = await exchange(app, { target: '/x', body: fromIterable(['str', 'eam']) }).answer;
		assert.equal(await answer.text(), 'stream');
	});
	assert.deepEqual(made, ['AbortController']);
});

test('what is read is made, once', async () => {
	assert.deepEqual(await constructed(() => incoming({ payload: 'x' }).body), ['ReadableStream']);
	const request = incoming();
	assert.deepEqual(await constructed(() => [request.signal, request.signal]), ['AbortController']);
});
