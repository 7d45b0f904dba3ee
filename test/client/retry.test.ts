/** RFC 9112 section 9.3.1: a request that met the end of a kept connection is sent once more, if that can do no harm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, fromIterable } from '../../src/bytes/index.ts';
import { type App, derive, raw } from '../../src/convention/index.ts';
import type { MemoryRequest } from '../../src/engine/memory/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { errorOf, to, told } from './asking.ts';

const stream = () => fromIterable(['one ', 'two']);

/** Hands the request on with its body complete in memory, as engines do with small ones. */
const whole =
	(next: App): App =>
	(request, context) =>
		next(derive(raw(request), { payload: bytesSource('whole') }), context);

/** What is asked, how often the origin must have seen it, and what came of it. */
const cases: [what: string, request: MemoryRequest, times: number, outcome: string][] = [
	['a GET', {}, 2, 'fine'],
	['a PUT whose body is complete in memory', { method: 'PUT', body: 'whole' }, 2, 'fine'],
	['a DELETE', { method: 'DELETE' }, 2, 'fine'],
	['a PUT whose body is a stream', { method: 'PUT', body: stream() }, 1, '!connection_terminated'],
	['a POST', { method: 'POST', body: 'whole' }, 1, '!connection_terminated'],
	['a PATCH', { method: 'PATCH', body: 'whole' }, 1, '!connection_terminated'],
	['a POST without a body', { method: 'POST' }, 1, '!connection_terminated'],
	['a method that nobody knows', { method: 'FROB' }, 1, '!connection_terminated'],
];

for (const [what, request, times, outcome] of cases) {
	test(`${what} on a connection that dies: seen ${times === 2 ? 'twice' : 'once'}`, async (t) => {
		const origin = await originOf(t, (message, peer, index) => {
			if (message.target === '/first' || index > 0) return ok('fine');
			peer.reset();
			return undefined;
		});
		const app = to(t, origin);
		await told(app, '/first');
		const asked = request.body === 'whole' ? whole(app) : app;
		const answer = await ask(asked, { ...request, target: '/second' });
		assert.equal(answer.error === undefined ? await answer.text() : `!${errorOf(answer).type}`, outcome);
		const seen = origin.requests.filter((message) => message.target === '/second');
		assert.equal(seen.length, times);
		assert.equal(app.statistics().retried, times - 1);
		for (const message of seen) if (request.body === 'whole') assert.equal(message.body, 'whole');
	});
}

test('never a third time', async (t) => {
	const origin = await originOf(t, (message, peer) => {
		if (message.target === '/first') return ok('fine');
		peer.reset();
		return undefined;
	});
	const app = to(t, origin);
	await told(app, '/first');
	assert.equal(await told(app, '/second'), '!connection_terminated');
	assert.equal(origin.requests.length, 3);
});

test('many at once on connections that all die: each once more, all answered', async (t) => {
	let dying = false;
	let met = 0;
	const origin = await originOf(t, async (message, peer, index) => {
		if (dying && index < 8) {
			peer.reset();
			return undefined;
		}
		met++;
		await until(() => met >= 8, 'eight requests at the same time');
		return ok(message.target);
	});
	const app = to(t, origin, { pool: { connections: 8 } });
	const targets = Array.from({ length: 8 }, (_none, index) => `/${index}`);
	assert.deepEqual(await Promise.all(targets.map((target) => told(app, target))), targets);
	dying = true;
	met = 0;
	assert.deepEqual(await Promise.all(targets.map((target) => told(app, target))), targets);
	const { retried, failed, connections } = app.statistics();
	assert.deepEqual({ retried, failed, connections }, { retried: 8, failed: 0, connections: 8 });
});

test('an upstream that has gone away altogether: what is said is that it refuses', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const app = to(t, origin);
	await told(app);
	origin.close();
	await until(() => app.statistics().connections === 0, 'no connection');
	assert.equal(await told(app), '!connection_refused');
});
