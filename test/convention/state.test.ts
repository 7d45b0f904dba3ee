import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerivedContext, ExchangeState, key, payloadLength, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

test('a key is its identity, not its name', () => {
	const state = new ExchangeState();
	const one = key<number>('n');
	const other = key<number>('n');
	assert.equal(state.get(one), undefined);
	assert.equal(state.has(one), false);
	state.set(one, 1);
	state.set(other, 2);
	state.set(one, 3);
	assert.deepEqual([state.get(one), state.get(other)], [3, 2]);
});

test('undefined can be kept', () => {
	const state = new ExchangeState();
	const maybe = key<undefined>('maybe');
	state.set(maybe, undefined);
	assert.equal(state.has(maybe), true);
});

test('a derived context passes everything on to the original', async () => {
	let told = 0;
	const answer = await ask((_request, context) => {
		const derived = new DerivedContext(context, '/m');
		assert.equal(derived.mount, '/m');
		for (const name of ['connection', 'offers', 'can', 'closed', 'finished', 'remoteAddr', 'props'] as const) {
			assert.equal(derived[name], context[name], name);
		}
		derived.inform(103);
		derived.waitUntil(Promise.resolve());
		derived.passThroughOnException();
		const listener = { exchangeClosed: () => (told += 1), exchangeFinished: () => (told += 1) };
		derived.onClosed(listener);
		derived.offClosed(listener);
		derived.onFinished(listener);
		return respond(204);
	});
	assert.deepEqual(
		answer.informational.map((one) => one.status),
		[103],
	);
	assert.equal(answer.status, 204);
	assert.equal(told, 1);
});

test('the length of text is that of its UTF-8 form', () => {
	for (const text of ['', 'abc', 'é', '€', '😀', 'a😀b', '\ud83d', '\ude00', '\ud83d\ud83d\ude00', '\u07ff\u0800']) {
		assert.equal(payloadLength(text), new TextEncoder().encode(text).length, JSON.stringify(text));
	}
	assert.equal(payloadLength(null), 0);
	assert.equal(payloadLength(new Uint8Array(3)), 3);
	assert.equal(payloadLength({ path: '/x', start: 1, length: 2 }), 2);
});
