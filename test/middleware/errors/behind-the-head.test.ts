/** What fails when nothing can be answered any more: everybody sees it, and the layer's log has it once, with the request's id. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, respond, stack } from '../../../src/convention/index.ts';
import type { EngineLogEntry } from '../../../src/engine/h1/index.ts';
import { exchange } from '../../../src/engine/memory/index.ts';
import { nodeHttp } from '../../../src/engine/node-http/index.ts';
import { errors } from '../../../src/middleware/errors/index.ts';
import { requestId } from '../../../src/middleware/request-id/index.ts';
import { type EngineOptions, engines, listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { remembering } from './failing.ts';

const broken = new Error('broke');

const halfway: App = () =>
	respond(
		200,
		{ 'X-Own': 'yes' },
		{
			length: null,
			start(sink) {
				sink.write(Buffer.from('half'));
				setTimeout(() => sink.fail(broken), 10);
			},
			resume() {},
			cancel() {},
		},
	);

async function served(t: TestContext, app: App, make: (options: EngineOptions) => ReturnType<typeof nodeHttp>) {
	const { log, entries } = remembering();
	const engine: EngineLogEntry[] = [];
	const layered = stack(requestId(), errors({ log }))(app);
	const listener = await listen(t, layered, { log: (entry) => void engine.push(entry) }, undefined, make);
	return { client: await connect(t, portOf(listener)), entries, engine };
}

for (const { name, make } of [...engines, { name: 'node-http', make: nodeHttp }]) {
	test(`${name}: a body that fails cuts the connection, and is logged once`, async (t) => {
		const { client, entries, engine } = await served(t, halfway, make);
		client.send('GET /x?secret=1 HTTP/1.1\r\nHost: a\r\n\r\n');
		const head = await client.head();
		await client.closed();
		assert.doesNotMatch(client.unread, /0\r\n\r\n$/, 'nothing says that it was all');
		const id = head.fields.find(([field]) => field === 'X-Request-Id')?.[1];
		assert.deepEqual(entries, [
			{
				level: 'error',
				message: 'A response was cut short',
				id,
				method: 'GET',
				path: '/x',
				status: null,
				error: broken,
			},
		]);
		assert.deepEqual(engine, [], 'the engine leaves it to the layer');
	});

	test(`${name}: a response that cannot be sent is logged by the layer, with its id`, async (t) => {
		const { client, entries, engine } = await served(t, () => respond(200, { 'Content-Length': '3' }, 'four'), make);
		const answer = await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
		assert.equal(answer.status, 500);
		assert.deepEqual(
			entries.map(({ message, status, id }) => [message, status, typeof id]),
			[['A request failed', 500, 'string']],
		);
		assert.deepEqual(engine, []);
	});

	test(`${name}: a tunnel that throws is logged`, async (t) => {
		const app: App = () =>
			respond(101, { upgrade: 'x' }, null, {
				tunnel: () => {
					throw broken;
				},
			});
		const { client, entries } = await served(t, app, make);
		client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
		await client.closed();
		await until(() => entries.length > 0, 'the entry');
		assert.deepEqual(
			entries.map(({ error, message }) => [error, message]),
			[[broken, 'A response was cut short']],
		);
	});

	test(`${name}: a client that leaves is no error`, async (t) => {
		const { client, entries, engine } = await served(
			t,
			(_, context) => new Promise((_resolve, reject) => context.onClosed({ exchangeClosed: reject })),
			make,
		);
		client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		await new Promise((resolve) => setTimeout(resolve, 30));
		client.reset();
		await new Promise((resolve) => setTimeout(resolve, 30));
		assert.deepEqual([entries, engine], [[], []]);
	});
}

test('in memory, a body that fails is logged, too', async () => {
	const { log, entries } = remembering();
	const one = exchange(errors({ log })(halfway), '/x');
	const answer = await one.answer;
	await assert.rejects(answer.bytes());
	await one.context.finished;
	assert.deepEqual(
		entries.map(({ error, status, path }) => [error, status, path]),
		[[broken, null, '/x']],
	);
});
