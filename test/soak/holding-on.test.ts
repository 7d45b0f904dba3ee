/** Peers that hold on to a connection in ways that look like something else is being waited for: none stays for ever. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, raw, respond } from '../../src/convention/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { type EngineOptions, listen, portOf } from '../support/engines.ts';
import { scripted } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { pause, until } from '../support/until.ts';

const PART = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart';
const large = Buffer.alloc(24 * 1024 * 1024, 'x');

interface Held {
	readonly listener: Listener;
	readonly client: RawPeer;
}

async function holding(t: TestContext, app: App, bytes: string, options: EngineOptions): Promise<Held> {
	const listener = await listen(t, app, { log: () => {}, ...options });
	const client = (await connect(t, portOf(listener))).send(bytes);
	return { listener, client };
}

/** Without any doing of the client. */
async function assertLetGo(listener: Listener): Promise<void> {
	await until(() => listener.statistics().connections === 0, 'the connection is let go', 9_000);
	assert.equal(listener.statistics().active, 0);
}

test('an answered client that never sends the rest of its body', async (t) => {
	const app: App = () => respond(200, {}, 'ignored');
	const { listener, client } = await holding(t, app, PART, { timeouts: { bodyIdle: 200 } });
	assert.equal((await client.message()).body, 'ignored');
	assert.equal(await client.closed(), 'finished');
	client.destroy();
	await assertLetGo(listener);
});

test('an answered client that stalls while the app reads on', async (t) => {
	const told: string[] = [];
	const app: App = (request) => {
		const sink = {
			write: () => true,
			end: () => told.push('end'),
			fail: (reason: Error) => told.push((reason as { code?: string }).code ?? reason.message),
		};
		raw(request).payload?.start(sink);
		return respond(202, {}, 'later');
	};
	const { listener, client } = await holding(t, app, PART, { timeouts: { bodyIdle: 200 } });
	assert.equal((await client.message()).status, 202);
	assert.equal(await client.closed(), 'finished');
	assert.deepEqual(told, ['BODY_LATE']);
	client.destroy();
	await assertLetGo(listener);
});

test('an answered client whose app has looked at the beginning of the body and no further', async (t) => {
	const app: App = async (request) => {
		const reader = (request.body as ReadableStream<Uint8Array>).getReader();
		await reader.read();
		return respond(200, {}, 'seen enough');
	};
	const { listener, client } = await holding(t, app, PART, { timeouts: { bodyIdle: 200 } });
	client.send('x'.repeat(50));
	assert.equal((await client.message()).body, 'seen enough');
	assert.equal(await client.closed(), 'finished');
	client.destroy();
	await assertLetGo(listener);
});

for (const [name, payload] of [
	['of known length', () => large],
	['of unknown length', () => new Response(large).body],
] as const) {
	test(`a client that closes its half and takes nothing of an answer ${name}`, async (t) => {
		const app: App = async () => {
			await pause(700);
			return new Response(payload());
		};
		const { listener, client } = await holding(t, app, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', {
			timeouts: { write: 200 },
		});
		client.pause().finish();
		await until(() => listener.statistics().active === 1, 'the request has come');
		await assertLetGo(listener);
		client.destroy();
	});
}

test('a refused client that goes on sending', async (t) => {
	const app: App = () => respond(200, {}, '');
	const { client } = await holding(t, app, '', { limits: { connections: 0 } });
	const drip = setInterval(() => client.send('x'), 100);
	t.after(() => clearInterval(drip));
	assert.match(await client.read('Too many connections.\n'), /^HTTP\/1\.1 503 /);
	await client.when(() => client.failure !== null || client.socket.destroyed, 'end of the connection');
});

test('a large answer to a client that takes it slowly but steadily is not given up on', async (t) => {
	const app: App = () => respond(200, {}, large);
	const { listener, client } = await holding(t, app, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', { timeouts: { write: 400 } });
	client.keep = false;
	client.socket.on('data', () => {
		client.pause();
		setTimeout(() => client.resume(), 4);
	});
	await client.when(() => client.bytes >= large.length || client.over, 'all of the answer', 60_000);
	assert.ok(client.bytes >= large.length, `${client.bytes} bytes came`);
	assert.equal(listener.statistics().timeouts, 0);
});

test('an upstream that informs and then says nothing is given up on', async (t) => {
	const g = await scripted(
		t,
		async (peer) => {
			await peer.read('part');
			peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
		},
		{ reverse: { timeouts: { firstByte: 300 } } },
	);
	const client = (await g.client()).send(PART);
	assert.equal((await client.message()).status, 103);
	client.send('x'.repeat(996));
	assert.equal((await client.message()).status, 504);
});

test('an upstream that begins its head during the request and never ends it is given up on', async (t) => {
	const g = await scripted(
		t,
		async (peer) => {
			await peer.read('part');
			peer.send('HTTP/1.1 200 OK\r\nConte');
		},
		{ reverse: { timeouts: { firstByte: 300 } } },
	);
	const client = (await g.client()).send(PART);
	await pause(50);
	client.send('x'.repeat(996));
	assert.equal((await client.message()).status, 504);
});

test('a client that closes its half behind its offer of a tunnel', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.head();
		await pause(50);
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
		await peer.when(() => peer.ended, 'the end of the client');
		peer.send('bye').finish();
	});
	const client = await g.client();
	client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nearly').finish();
	assert.match((await client.head()).startLine, / 101 /);
	await client.read('bye');
	assert.equal(await client.closed(), 'finished');
	assert.equal((await g.origin.peer()).unread, 'early');
	await assertLetGo(g.front);
});
