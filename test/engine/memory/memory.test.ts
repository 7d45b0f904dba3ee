import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disconnected, respond } from '../../../src/convention/index.ts';
import { memory } from '../../../src/engine/memory/index.ts';

test('a listener asks its app and counts', async () => {
	await using listener = await memory().listen(() => respond(200, null, 'hello'));
	assert.equal(await (await listener.ask()).text(), 'hello');
	assert.equal(listener.url, 'memory:');
	assert.deepEqual([listener.statistics().requests, listener.statistics().active], [1, 0]);
});

test('drain waits for what is in flight and for waitUntil, and refuses what comes', async () => {
	const answer = Promise.withResolvers<Response>();
	const work = Promise.withResolvers<void>();
	const listener = await memory().listen((_request, context) => {
		context.waitUntil(work.promise);
		return answer.promise;
	});
	const asked = listener.ask();
	let drained = false;
	const draining = listener.drain(60_000).then(() => {
		drained = true;
	});
	await assert.rejects(listener.ask(), Disconnected);
	answer.resolve(respond(200, null, 'late'));
	assert.equal(await (await asked).text(), 'late');
	await new Promise(setImmediate);
	assert.equal(drained, false);
	work.resolve();
	await draining;
	assert.equal(listener.statistics().refused, 1);
});

test('what is left after the deadline is cut off', async () => {
	const listener = await memory().listen(() => new Promise(() => {}));
	const one = listener.exchange();
	one.answer.catch(() => {});
	await listener.drain(1);
	await assert.rejects(one.answer, Disconnected);
	assert.equal(one.request.signal.aborted, true);
});

test('drain waits for what an answered exchange left to waitUntil', async () => {
	const work = Promise.withResolvers<void>();
	const listener = await memory().listen((_request, context) => {
		context.waitUntil(work.promise);
		return respond(204);
	});
	await listener.ask();
	let drained = false;
	const draining = listener.drain(60_000).then(() => {
		drained = true;
	});
	await new Promise(setImmediate);
	assert.equal(drained, false);
	work.resolve();
	await draining;
});
