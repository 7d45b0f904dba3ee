/** Connections in all, connections from one address, and what a client is told when there are too many. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { App } from '../../../src/convention/index.ts';
import { h1 } from '../../../src/engine/h1/index.ts';
import type { Listener } from '../../../src/engine/index.ts';
import { type EngineOptions, listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { wireApps } from '../../support/wire-apps.ts';

const hello = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

function serve(t: TestContext, limits: NonNullable<EngineOptions['limits']>): Promise<Listener> {
	return listen(t, wireApps['hello'] as App, { limits });
}

async function settled(listener: Listener, connections: number): Promise<void> {
	const deadline = Date.now() + 4_000;
	while (listener.statistics().connections !== connections && Date.now() < deadline)
		await new Promise((done) => setTimeout(done, 5));
	assert.equal(listener.statistics().connections, connections);
}

for (const limit of ['connections', 'connectionsPerAddress'] as const) {
	test(`more than \`${limit}\`: 503 and the end, while those that are there go on`, async (t) => {
		const listener = await serve(t, { [limit]: 3 });
		const clients = [];
		for (let i = 0; i < 3; i++) {
			const client = (await connect(t, portOf(listener))).send(hello);
			assert.equal((await client.message()).status, 200);
			clients.push(client);
		}
		const refused = await connect(t, portOf(listener));
		refused.send(hello);
		const answer = await refused.message();
		assert.equal(answer.status, 503);
		assert.equal(answer.get('connection'), 'close');
		assert.equal(await refused.closed(), 'finished');
		refused.destroy();
		assert.equal((await clients[0]?.send(hello).message())?.status, 200);
		assert.equal(listener.statistics().refused, 1);
		clients[1]?.destroy();
		await settled(listener, 2);
		const late = (await connect(t, portOf(listener))).send(hello);
		assert.equal((await late.message()).status, 200, 'a place that is free again is given away');
	});
}

test('refused connections do not pile up', async (t) => {
	const listener = await serve(t, { connections: 1 });
	const first = (await connect(t, portOf(listener))).send(hello);
	await first.message();
	for (let i = 0; i < 50; i++) {
		const client = await connect(t, portOf(listener));
		assert.equal((await client.message()).status, 503);
		client.destroy();
	}
	assert.equal(listener.statistics().refused, 50);
	await settled(listener, 1);
});

test('a request limit ends the connection after its last answer', async (t) => {
	const listener = await serve(t, { requestsPerConnection: 3 });
	const client = (await connect(t, portOf(listener))).send(hello.repeat(5));
	for (const connection of [null, null, 'close']) assert.equal((await client.message()).get('connection'), connection);
	assert.equal(await client.closed(), 'finished');
	assert.equal(client.unread, '');
});

test('options that are none are refused with their name', () => {
	assert.throws(() => h1({ limits: { heads: 1 } as never }), /limits\.heads: no such option/);
	assert.throws(() => h1({ timeouts: { header: Number.NaN } }), /timeouts\.header: not a number/);
});
