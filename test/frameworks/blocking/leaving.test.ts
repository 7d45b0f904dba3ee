/** Clients that leave: whatever the callable does next that blocks throws Disconnected, and the thread serves the next. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Disconnected } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { gate, type Site, site } from './site.ts';

const GONE = 'Disconnected DISCONNECTED';

async function servesOn(one: Site): Promise<void> {
	assert.equal(await (await ask(one.app, '/pets?id=1')).text(), 'Rex');
	assert.equal(one.app.statistics().died, 0);
}

async function over(t: TestContext, one: Site, request: string) {
	const peer = await connect(t, portOf(await listen(t, one.app)));
	peer.send(request);
	return peer;
}

test('while the callable waits for another server: that is given up, too', async (t) => {
	const one = await site(t);
	const held = await gate(t);
	const peer = await over(t, one, `GET /gate?url=${held.url} HTTP/1.1\r\nHost: a\r\n\r\n`);
	await held.reached();
	peer.reset();
	assert.deepEqual(await one.nextDiary(), [GONE]);
	await until(() => held.left === 1, 'the end of the call');
	await servesOn(one);
});

test('while it sleeps', async (t) => {
	const one = await site(t);
	const held = await gate(t);
	held.open();
	const asked = exchange(one.app, `/gate?then-sleep&url=${held.url}`);
	await held.reached();
	asked.abort();
	await assert.rejects(asked.answer, Disconnected);
	assert.deepEqual(await one.nextDiary(), [GONE]);
	await servesOn(one);
});

test('while it reads the body', async (t) => {
	const one = await site(t);
	const peer = await over(t, one, 'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
	await until(() => one.app.statistics().busy === 1, 'a busy thread');
	peer.reset();
	assert.deepEqual(await one.nextDiary(), [GONE]);
	await servesOn(one);
});

test('while it writes the response, and while it waits between two pieces', async (t) => {
	const one = await site(t);
	for (const target of ['/drip?size=100000', '/drip?pause=5', '/drip?pause=60000']) {
		const peer = await over(t, one, `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
		await peer.when(() => peer.bytes > 200, 'the first bytes');
		peer.reset();
		const [error, sent] = await one.nextDiary();
		assert.equal(error, GONE, target);
		assert.match(sent ?? '', /^sent \d+$/, 'finally runs');
	}
	await servesOn(one);
});

test('before a thread was free: the callable never hears of it', async (t) => {
	const one = await site(t);
	const held = await gate(t);
	const first = ask(one.app, `/gate?url=${held.url}`);
	await held.reached();
	const peer = await over(t, one, 'GET /drip HTTP/1.1\r\nHost: a\r\n\r\n');
	await until(() => one.app.statistics().queued === 1, 'a request in the queue');
	peer.reset();
	await until(() => one.app.statistics().queued === 0, 'an empty queue');
	held.open();
	await first;
	assert.deepEqual(await one.diary(), []);
});

test('while it blocks in nothing of ours: it goes on, and nobody waits for it', async (t) => {
	const one = await site(t, { deadline: 1_000 });
	const asked = exchange(one.app, '/spin');
	asked.abort();
	await assert.rejects(asked.answer, Disconnected);
	assert.equal(one.app.statistics().busy, 1, 'its thread is still at it');
	await until(() => one.app.statistics().late === 1, 'the deadline');
	assert.equal(await (await ask(one.app, '/pets?id=1')).text(), 'Rex');
});

test('many that leave at any time leave nothing behind', async (t) => {
	const one = await site(t, { threads: 2, queue: 200 });
	const port = portOf(await listen(t, one.app));
	const targets = ['/drip?size=5000', '/sleep?ms=2', '/count?to=500', '/pets?id=1', '/large?bytes=300000'];
	for (let round = 0; round < 60; round++) {
		const peer = await connect(t, port);
		peer.keep = false;
		peer.send(`GET ${targets[round % targets.length]} HTTP/1.1\r\nHost: a\r\n\r\n`);
		if (round % 3 > 0) await peer.when(() => peer.bytes > (round % 3 === 1 ? 0 : 1000) || peer.bytes > 100, 'bytes');
		peer.reset();
	}
	await until(() => one.app.statistics().busy === 0 && one.app.statistics().queued === 0, 'idle threads');
	await servesOn(one);
});
