/** The pool of connections to one upstream: how many, which one next, who waits, when they go, and that its figures are true. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';
import { deadEnd, errorOf, to, told } from './asking.ts';

/** An origin whose answers wait for `release`. */
function held() {
	const waiting: (() => void)[] = [];
	return {
		answer: async (request: { target: string }) => {
			await new Promise<void>((resolve) => waiting.push(resolve));
			return ok(request.target);
		},
		get count() {
			return waiting.length;
		},
		release: () => waiting.shift()?.(),
	};
}

test('figures are true at every step, and go back to nothing', async (t) => {
	const gate = held();
	const origin = await originOf(t, gate.answer);
	const app = to(t, origin, { pool: { connections: 2 } });
	const none = { connections: 0, idle: 0, queued: 0, requests: 0, dialled: 0, retried: 0, failed: 0 };
	assert.deepEqual(app.statistics(), none);
	const answers = ['/1', '/2', '/3'].map((target) => told(app, target));
	assert.deepEqual(app.statistics(), { ...none, queued: 1, requests: 3 });
	await until(() => gate.count === 2, 'two requests at the origin');
	assert.deepEqual(app.statistics(), { ...none, connections: 2, queued: 1, requests: 3, dialled: 2 });
	gate.release();
	assert.equal(await answers[0], '/1');
	await until(() => gate.count === 2, 'the third request at the origin');
	assert.deepEqual(app.statistics(), { ...none, connections: 2, requests: 3, dialled: 2 });
	gate.release();
	gate.release();
	assert.deepEqual(await Promise.all(answers), ['/1', '/2', '/3']);
	assert.deepEqual(app.statistics(), { ...none, connections: 2, idle: 2, requests: 3, dialled: 2 });
	await app.close();
	assert.equal(app.statistics().idle, 0);
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('a full queue refuses at once, with 503', async (t) => {
	const gate = held();
	const app = to(t, await originOf(t, gate.answer), { pool: { connections: 1, queue: 1 } });
	const first = told(app, '/1');
	const second = told(app, '/2');
	const third = await ask(app, '/3');
	assert.equal(errorOf(third).type, 'connection_limit_reached');
	assert.equal(third.status, 503);
	for (const answer of [first, second]) {
		await until(() => gate.count === 1, 'a request at the origin');
		gate.release();
		await answer;
	}
	assert.deepEqual([await first, await second], ['/1', '/2']);
	assert.equal(app.statistics().failed, 1);
});

test('a request waits in the queue so long and no longer', async (t) => {
	const gate = held();
	const app = to(t, await originOf(t, gate.answer), { pool: { connections: 1, queueTimeout: 100 } });
	const first = told(app, '/1');
	assert.equal(await told(app, '/2'), '!connection_limit_reached');
	assert.equal(app.statistics().queued, 0);
	gate.release();
	assert.equal(await first, '/1');
});

test('one who leaves the queue makes room in it', async (t) => {
	const gate = held();
	const origin = await originOf(t, gate.answer);
	const app = to(t, origin, { pool: { connections: 1, queue: 1 } });
	const first = told(app, '/1');
	const leaving = exchange(app, '/2');
	assert.equal(app.statistics().queued, 1);
	leaving.abort();
	assert.equal(app.statistics().queued, 0);
	const third = told(app, '/3');
	for (const answer of [first, third]) {
		await until(() => gate.count === 1, 'a request at the origin');
		gate.release();
		await answer;
	}
	assert.deepEqual(
		origin.requests.map((request) => request.target),
		['/1', '/3'],
	);
});

test('a failed attempt to connect gives its place to the next in the queue', async (t) => {
	const app = to(t, await deadEnd(t), { pool: { connections: 1 } });
	const answers = await Promise.all(['/1', '/2', '/3'].map((target) => told(app, target)));
	assert.deepEqual(
		answers,
		Array.from({ length: 3 }, () => '!connection_refused'),
	);
	const { connections, queued, failed } = app.statistics();
	assert.deepEqual({ connections, queued, failed }, { connections: 0, queued: 0, failed: 3 });
});

test('a connection that dies gives its place to the next in the queue', async (t) => {
	const origin = await originOf(t, (request, peer) => {
		if (request.target !== '/1') return ok(request.target);
		peer.reset();
		return undefined;
	});
	const app = to(t, origin, { pool: { connections: 1 } });
	const answers = await Promise.all(['/1', '/2'].map((target) => told(app, target)));
	assert.deepEqual(answers, ['!connection_terminated', '/2']);
});

test('the connection used last is used next: the others may grow old', async (t) => {
	const gate = held();
	const used: number[] = [];
	const origin = await originOf(t, async (request, _peer, index) => {
		used.push(index);
		return request.target === '/now' ? ok('now') : gate.answer(request);
	});
	const app = to(t, origin);
	const answers = ['/1', '/2', '/3'].map((target) => told(app, target));
	await until(() => gate.count === 3, 'three requests at the origin');
	const arrived = [...used];
	for (let idle = 1; idle <= 3; idle++) {
		gate.release();
		await until(() => app.statistics().idle === idle, `${idle} idle connections`);
	}
	await Promise.all(answers);
	used.length = 0;
	for (let i = 0; i < 3; i++) await told(app, '/now');
	assert.deepEqual(
		used,
		Array.from({ length: 3 }, () => arrived.at(-1)),
	);
});

test('no more idle connections are kept than the pool may hold', async (t) => {
	const gate = held();
	const app = to(t, await originOf(t, gate.answer), { pool: { idle: 1 } });
	const answers = ['/1', '/2', '/3'].map((target) => told(app, target));
	await until(() => gate.count === 3, 'three requests at the origin');
	for (let i = 0; i < 3; i++) gate.release();
	await Promise.all(answers);
	await until(() => app.statistics().connections === 1, 'one connection');
	assert.equal(app.statistics().idle, 1);
});

test('an idle connection is closed after its time, in order', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const app = to(t, origin, { timeouts: { keepAlive: 100 } });
	await told(app);
	assert.equal(await (await origin.peer()).closed(3_000), 'finished');
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('an upstream that says when it will close is believed: Keep-Alive: timeout', async (t) => {
	const origin = await originOf(t, () => ok('fine', 'Keep-Alive: max=100, timeout=1\r\n'));
	const app = to(t, origin, { timeouts: { keepAlive: 60_000 } });
	await told(app);
	assert.equal(app.statistics().idle, 1);
	assert.equal(await (await origin.peer()).closed(4_000), 'finished');
});

test('a longer Keep-Alive than ours does not lengthen ours', async (t) => {
	const origin = await originOf(t, () => ok('fine', 'Keep-Alive: timeout=600\r\n'));
	const app = to(t, origin, { timeouts: { keepAlive: 100 } });
	await told(app);
	assert.equal(await (await origin.peer()).closed(3_000), 'finished');
});

test('a connection whose client left while it was made serves the next', async (t) => {
	const origin = await originOf(t, (request) => ok(request.target));
	const app = to(t, origin, { pool: { connections: 1 } });
	const leaving = exchange(app, '/1');
	const next = told(app, '/2');
	leaving.abort();
	assert.equal(await next, '/2');
	assert.equal(app.statistics().dialled, 1);
	assert.deepEqual(
		origin.requests.map((request) => request.target),
		['/2'],
	);
});

test('close: what is under way is answered, what waits is refused, and nothing new begins', async (t) => {
	const gate = held();
	const origin = await originOf(t, gate.answer);
	const app = to(t, origin, { pool: { connections: 1 } });
	const first = told(app, '/1');
	await until(() => gate.count === 1, 'a request at the origin');
	const second = told(app, '/2');
	await app.close();
	assert.equal(await second, '!destination_unavailable');
	assert.equal(await told(app, '/3'), '!destination_unavailable');
	gate.release();
	assert.equal(await first, '/1');
	assert.equal(await (await origin.peer()).closed(2_000), 'finished');
	await until(() => app.statistics().connections === 0, 'no connection');
	assert.equal(app.statistics().idle, 0);
});

test('close while connecting: the request fails, and no connection is left', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const app = to(t, origin);
	const answer = told(app);
	await app.close();
	assert.match(await answer, /^!connection_terminated$/);
	await pause(30);
	assert.equal(app.statistics().connections, 0);
});
