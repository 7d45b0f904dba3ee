/** One bad peer never ends the process, whatever it does and whenever; and it leaves nothing behind. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, type Outcome, raw, respond } from '../../../src/convention/index.ts';
import type { Listener } from '../../../src/engine/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { wireApps } from '../../support/wire-apps.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bytes = Buffer.alloc(4 * 1024 * 1024, 'x');

/** Every kind of app in one. */
const app: App = (request, context) => {
	const { target } = raw(request);
	if (target === '/large') return respond(200, {}, bytes);
	if (target === '/late') return pause(20).then(() => respond(200, {}, 'late'));
	const named = wireApps[target.slice(1).split('?')[0] as string] ?? wireApps['tunnel'];
	return (named as App)(request, context);
};

const requests: readonly string[] = [
	'GET /hello HTTP/1.1\r\nHost: a\r\n\r\n',
	'GET /late HTTP/1.1\r\nHost: a\r\n\r\n',
	'GET /large HTTP/1.1\r\nHost: a\r\n\r\n',
	'GET /never HTTP/1.1\r\nHost: a\r\n\r\n',
	'GET /inform HTTP/1.1\r\nHost: a\r\n\r\nGET /late HTTP/1.1\r\nHost: a\r\n\r\n',
	'POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome',
	'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n',
	'POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome',
	'POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
	'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nearly',
	'GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly',
	'nonsense\r\n\r\n',
];

async function watched(t: TestContext): Promise<{ listener: Listener; check(): Promise<void> }> {
	const stray: unknown[] = [];
	const keep = (error: unknown) => stray.push(error);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	const listener = await listen(t, app, { log: () => {}, timeouts: { total: 2_000 } });
	const check = async () => {
		const deadline = Date.now() + 8_000;
		while (listener.statistics().connections > 0 && Date.now() < deadline) await pause(10);
		const { connections, active } = listener.statistics();
		assert.deepEqual({ connections, active, stray }, { connections: 0, active: 0, stray: [] });
		const client = (await connect(t, portOf(listener))).send('GET /hello HTTP/1.1\r\nHost: a\r\n\r\n');
		assert.equal((await client.message()).body, 'hello');
	};
	return { listener, check };
}

for (const way of ['reset', 'destroy', 'finish'] as const) {
	test(`clients that ${way} behind every part of every request`, async (t) => {
		const { listener, check } = await watched(t);
		for (const request of requests) {
			const parts = [1, Math.floor(request.length / 2), request.length - 1, request.length];
			for (const part of parts) {
				const client = (await connect(t, portOf(listener))).send(request.slice(0, part));
				await new Promise((resolve) => setImmediate(resolve));
				client[way]();
				if (way === 'finish') setTimeout(() => client.destroy(), 100);
			}
		}
		await check();
	});
}

test('clients that reset while the answer is coming', async (t) => {
	const { listener, check } = await watched(t);
	for (const request of requests) {
		for (const delay of [0, 5, 40]) {
			const client = (await connect(t, portOf(listener))).send(request);
			await pause(delay);
			client.reset();
		}
	}
	await check();
});

test('an app is told when its client has gone, and its late answer is dropped', async (t) => {
	const heard: { told?: Error; outcome?: Outcome } = {};
	const listener = await listen(t, async (_request, context) => {
		context.closed.addEventListener('abort', () => {
			heard.told = context.closed.reason as Error;
		});
		void context.finished.then((outcome) => {
			heard.outcome = outcome;
		});
		await new Promise((resolve) => context.closed.addEventListener('abort', resolve));
		return respond(200, {}, 'too late');
	});
	const client = (await connect(t, portOf(listener))).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await pause(30);
	client.reset();
	const deadline = Date.now() + 4_000;
	while ((heard.told === undefined || heard.outcome === undefined) && Date.now() < deadline) await pause(5);
	assert.equal(heard.told?.name, 'Disconnected');
	assert.equal(heard.outcome?.ok, false);
	assert.equal(listener.statistics().active, 0);
});

test('an answer is not lost to a reset when the client is still sending', async (t) => {
	const listener = await listen(t, wireApps['refuse'] as App);
	for (let i = 0; i < 10; i++) {
		const client = (await connect(t, portOf(listener))).send(
			'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n',
		);
		const pump = setInterval(() => client.send('x'.repeat(10_000)), 1);
		const answer = await client.message();
		assert.equal(answer.status, 403);
		assert.equal(answer.get('connection'), 'close');
		await client.closed();
		clearInterval(pump);
		client.destroy();
	}
});

test('an answer to nonsense is not lost to a reset when the client is still sending', async (t) => {
	const listener = await listen(t, wireApps['hello'] as App, { log: () => {} });
	for (let i = 0; i < 10; i++) {
		const client = (await connect(t, portOf(listener))).send(`nonsense\r\n\r\n${'x'.repeat(100_000)}`);
		const answer = await client.message();
		assert.equal(answer.status, 400);
		client.send('x'.repeat(100_000));
		assert.equal(await client.closed(), 'finished');
		client.destroy();
	}
});
