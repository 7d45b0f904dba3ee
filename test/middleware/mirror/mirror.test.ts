/** Requests that go to a second app as well: the client sees the first alone, and is never slowed by the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource } from '../../../src/bytes/index.ts';
import { type App, partsOf, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { type MirroredAnswer, mirror } from '../../../src/middleware/index.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { ok, origin } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

const first: App = () => respond(200, null, 'first');
const echo: App = async (request) => respond(200, null, bytesSource(new Uint8Array(await request.arrayBuffer())));

test('the client gets the first answer, and both are compared', async () => {
	const seen: [string, MirroredAnswer, MirroredAnswer][] = [];
	const second: App = () => respond(404, { 'x-second': '1' }, 'not there');
	const layer = mirror(second, { compare: (request, one, other) => seen.push([request.target, one, other]) });
	assert.equal(await (await ask(layer(first) as App, '/a')).text(), 'first');
	await until(() => seen.length === 1, 'the comparison');
	const [target, one, other] = seen[0] as (typeof seen)[number];
	assert.deepEqual([target, one.status, other.status, other.fields.get('x-second')], ['/a', 200, 404, '1']);
	assert.deepEqual(layer.statistics(), { mirrored: 1, leftOut: 0, active: 0, failed: 0 });
});

test('a second that never answers slows nobody, and too many of them are not begun', async () => {
	const layer = mirror(() => new Promise<Response>(() => {}), { concurrency: 2 });
	for (let at = 0; at < 5; at++) assert.equal(await (await ask(layer(first) as App, '/')).text(), 'first');
	assert.deepEqual(layer.statistics(), { mirrored: 2, leftOut: 3, active: 2, failed: 0 });
});

test('a second that throws, or answers with what is no answer, is counted and nobody else’s affair', async () => {
	const wrong = [
		() => {
			throw new Error('a bug');
		},
		async () => 7,
	];
	for (const second of wrong) {
		const compared: unknown[] = [];
		const layer = mirror(second as unknown as App, { compare: (_request, _one, other) => compared.push(other.error) });
		assert.equal((await ask(layer(first) as App, '/')).status, 200);
		await until(() => layer.statistics().failed === 1, 'the failure');
		assert.deepEqual([layer.statistics().active, compared[0] instanceof Error], [0, true]);
	}
});

test('bodies go to both, whole, up to the bound; methods that change something only where that is asked for', async () => {
	const bodies: string[] = [];
	const second: App = async (request) => {
		bodies.push(await request.text());
		return respond(204);
	};
	const asked = { target: '/', method: 'POST', body: 'x'.repeat(50_000) } as const;
	const layer = mirror(second, { methods: ['POST'], bodyBytes: 60_000 });
	assert.equal((await (await ask(layer(echo) as App, asked)).text()).length, 50_000);
	await until(() => bodies.length === 1, 'the body');
	assert.equal(bodies[0]?.length, 50_000);
	const small = mirror(second, { methods: ['POST'], bodyBytes: 100 });
	assert.equal((await (await ask(small(echo) as App, asked)).text()).length, 50_000);
	assert.deepEqual(small.statistics(), { mirrored: 0, leftOut: 1, active: 0, failed: 0 });
	assert.equal((await ask(mirror(second)(echo) as App, asked)).status, 200);
	assert.equal(bodies.length, 1);
});

test('a share of them, or those that somebody chooses', async () => {
	const layer = mirror(first, { share: (request) => request.target === '/b' });
	for (const target of ['/a', '/b', '/c']) await ask(layer(first) as App, target);
	assert.equal(layer.statistics().mirrored, 1);
	const none = mirror(first, { share: 0 });
	await ask(none(first) as App, '/');
	assert.equal(none.statistics().mirrored, 0);
});

test('a proxy as the second: its answer is read to the end, and its connection kept', async (t) => {
	const there = await origin(t, () => ok('x'.repeat(10_000)));
	const proxy = reverse(`http://127.0.0.1:${there.port}`);
	t.after(() => proxy.close());
	const layer = mirror(proxy);
	for (let at = 0; at < 3; at++) {
		await ask(layer(first) as App, '/');
		await until(() => layer.statistics().active === 0, 'its end');
	}
	assert.deepEqual([there.requests.length, there.peers.length], [3, 1]);
});

for (const [second, options, reason] of [
	['http://a', {}, /the second is no app, but "http:\/\/a"/],
	[first, { share: 2 }, /share must be a number from 0 to 1/],
	[first, { compare: true }, /compare must be a function/],
	[first, { bodyBytes: -1 }, /bodyBytes must be a number from 0 up/],
	[first, { methods: 'GET' }, /methods must be a list/],
	[first, { shares: 1 }, /shares: no such option; .*did you mean share/],
] as const) {
	test(`refused: ${JSON.stringify(options)} for ${typeof second}`, () => {
		assert.throws(() => mirror(second as never, options as never), reason);
	});
}

test('a second that takes too long is given up, told so, and makes room', async () => {
	const told: unknown[] = [];
	const compared: MirroredAnswer[] = [];
	const second: App = (_request, context) => {
		context.onClosed({ exchangeClosed: (reason) => told.push(reason) });
		return new Promise<Response>(() => {});
	};
	const layer = mirror(second, { timeout: 20, compare: (_request, _one, other) => compared.push(other) });
	assert.equal(await (await ask(layer(first) as App, '/')).text(), 'first');
	await until(() => layer.statistics().active === 0, 'it is over');
	assert.deepEqual(layer.statistics(), { mirrored: 1, leftOut: 0, active: 0, failed: 1 });
	assert.match(String(told[0]), /timeout|time/i);
	assert.equal(compared[0]?.status, 0);
});

test('the second begins and ends with the server', () => {
	const second: App = () => respond(204);
	const parts = [...partsOf(mirror(second)(first))].map(({ app }) => app);
	assert.ok(parts.includes(second) && parts.includes(first));
});
