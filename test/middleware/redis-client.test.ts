/** Stores in Redis and the clients that they are given: which words are sent, and what happens when none come back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../src/engine/memory/index.ts';
import { redisLimits } from '../../src/middleware/rate-limit/index.ts';
import type { RedisClient } from '../../src/middleware/redis-client.ts';
import { redisSessions } from '../../src/middleware/sessions/index.ts';
import { appOf } from './sessions/sessions-apps.ts';

/** Clients of both packages that answer as they are told, and what they were sent. */
function clients(reply: (command: readonly string[]) => unknown): [name: string, RedisClient, sent: string[][]][] {
	const taking = (sent: string[][]) => async (command: string[]) => {
		sent.push(command);
		return reply(command);
	};
	const [one, other]: [string[][], string[][]] = [[], []];
	return [
		['redis', { sendCommand: taking(one) }, one],
		// Its `sendCommand` takes an object of its own.
		[
			'ioredis',
			{ sendCommand: () => assert.fail('ioredis'), call: (...command: string[]) => taking(other)(command) } as never,
			other,
		],
	];
}

const bucket = { name: 'n', interval: 1, burst: 1, full: 1 };

test('sessions are asked for, kept and deleted by plain commands', async () => {
	for (const [name, client, sent] of clients(([command]) => (command === 'SET' ? 'OK' : null))) {
		const store = redisSessions(client, { prefix: 'p:' });
		assert.equal(await store.get('a'), null, name);
		assert.equal(await store.set('a', 'text', 10.5, false), true);
		assert.equal(await store.set('a', 'text', 10, true), true);
		await store.delete('a');
		assert.deepEqual(sent, [
			['GET', 'p:a'],
			['SET', 'p:a', 'text', 'PX', '11'],
			['SET', 'p:a', 'text', 'PX', '10', 'XX'],
			['DEL', 'p:a'],
		]);
	}
});

test('a session that was not there any more is not kept, and what is no text is no entry', async () => {
	for (const [, client] of clients(([command]) => (command === 'GET' ? 7 : null))) {
		const store = redisSessions(client);
		assert.equal(await store.set('a', 'text', 10, true), false);
		assert.equal(await store.get('a'), null);
	}
});

test('a Redis that does not answer makes 503 of a request, in time', async () => {
	for (const [name, client] of clients(() => new Promise(() => {}))) {
		const app = appOf({ store: redisSessions(client, { timeout: 20 }) });
		const fresh = await ask(app, '/set/user/ada');
		assert.deepEqual([fresh.status, fresh.fields.get('retry-after')], [503, '1'], name);
		assert.equal(await fresh.text(), '503 Service Unavailable\n');
		const cookie = `__Host-session=${'a'.repeat(43)}`;
		assert.equal((await ask(app, { target: '/get/user', fields: { cookie } })).status, 503);
		assert.equal((await ask(app, { target: '/destroy', fields: { cookie } })).status, 503);
		await assert.rejects(redisLimits(client, { timeout: 20 }).take('a', 1, bucket), /Redis did not answer in 20 ms/);
	}
});

test('what a client throws, at once or later, is an error of the exchange', async () => {
	const throwing: RedisClient = {
		sendCommand: () => {
			throw new Error('closed');
		},
	};
	for (const client of [throwing, { sendCommand: () => Promise.reject(new Error('closed')) }]) {
		assert.equal((await ask(appOf({ store: redisSessions(client) }), '/set/user/ada')).status, 500);
		await assert.rejects(redisLimits(client).take('a', 1, bucket), /closed/);
	}
});

const refused: readonly [() => unknown, RegExp][] = [
	[() => redisLimits(null as never), /^redisLimits: give it a client of redis or ioredis/],
	[() => redisLimits({ get() {} } as never), /^redisLimits: give it a client/],
	[
		() => redisLimits({ sendCommand() {}, nodeByAddress: {} } as never),
		/^redisLimits: a cluster of redis is not taken/,
	],
	[() => redisLimits({ call: async () => null }, { timeout: 0 }), /^redisLimits: timeout must be milliseconds, from 1/],
	[
		() => redisLimits({ call: async () => null }, { pause: 60_001 }),
		/^redisLimits: pause must be milliseconds, from 0/,
	],
	[() => redisSessions({ call: async () => null }, { timeout: Number.NaN }), /^redisSessions: timeout must be/],
];
for (const [make, message] of refused) {
	test(`refused: ${message.source}`, () => assert.throws(make, (error: Error) => message.test(error.message)));
}
