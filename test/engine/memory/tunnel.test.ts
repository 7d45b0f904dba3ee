import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectText, type Source } from '../../../src/bytes/index.ts';
import { lint, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';

const upgrade = { fields: { Connection: 'keep-alive, Upgrade', Upgrade: 'WebSocket, other' } };

test('a tunnel carries bytes both ways, each direction to its own end', async () => {
	const one = exchange(
		lint(() =>
			respond(101, { Upgrade: 'websocket' }, null, {
				tunnel: ({ readable, writable }) => {
					readable.start({
						write: (chunk) => writable.write(Uint8Array.from(chunk, (byte) => byte + 1)),
						end: () => writable.end(),
						fail: (error) => writable.fail(error),
					});
				},
			}),
		),
		upgrade,
	);
	const { status, tunnel } = await one.answer;
	assert.equal(status, 101);
	assert.ok(tunnel !== null);
	const heard = collectText(tunnel.readable);
	tunnel.writable.write(Uint8Array.of(0x61, 0x62));
	tunnel.writable.end();
	assert.equal(await heard, 'bc');
	assert.equal((await one.context.finished).ok, true);
});

test('a tunnel that is dropped is dropped on both ends, and ends the exchange', async () => {
	for (const leave of ['client', 'server', 'abort'] as const) {
		const events: string[] = [];
		const one = exchange(
			() =>
				respond(200, null, null, {
					tunnel: (end) => {
						end.readable.start({ write: () => true, end: () => {}, fail: (error) => events.push(error.name) });
						if (leave === 'server') queueMicrotask(() => end.destroy());
					},
				}),
			{ method: 'CONNECT', target: 'h:1' },
		);
		const { tunnel } = await one.answer;
		if (leave === 'client') tunnel?.destroy();
		if (leave === 'abort') one.abort();
		assert.equal((await one.context.finished).ok, false, leave);
		assert.deepEqual(events, [leave === 'abort' ? 'Disconnected' : 'Error']);
	}
});

test('a tunnel pauses its writer, and ondrain wakes it', async () => {
	let drained = 0;
	const { tunnel } = await ask(
		() =>
			respond(101, null, null, {
				tunnel: ({ writable }) => {
					writable.ondrain = () => (drained += 1);
					assert.equal(writable.write(new Uint8Array(10)), true);
					assert.equal(writable.write(new Uint8Array(10)), false);
					writable.end();
				},
			}),
		{ ...upgrade, window: 15 },
	);
	assert.equal(drained, 0);
	assert.equal((await collectText(tunnel?.readable as Source)).length, 20);
	assert.equal(drained, 1);
});

test('a tunnel that nobody offered, or with the wrong status, is our error', async () => {
	const tunnel = (): void => assert.fail('the tunnel must not be opened');
	assert.equal((await ask(() => respond(101, null, null, { tunnel }))).status, 500);
	assert.equal((await ask(() => respond(200, null, null, { tunnel }), upgrade)).status, 500);
	assert.equal(
		(await ask(() => respond(101, null, null, { tunnel }), { ...upgrade, can: { tunnel: false } })).status,
		500,
	);
	assert.equal(
		(await ask(() => respond(101, null, null, { tunnel }), { method: 'CONNECT', target: 'h:1' })).status,
		500,
	);
});

test('a tunnel whose app throws is dropped', async () => {
	const one = exchange(
		() =>
			respond(101, null, null, {
				tunnel: () => {
					throw new Error('no tunnel today');
				},
			}),
		upgrade,
	);
	const { tunnel } = await one.answer;
	await assert.rejects(collectText(tunnel?.readable as Source), /no tunnel today/);
	assert.equal(one.context.failures.length, 1);
});
