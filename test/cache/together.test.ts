/** Many requests for one thing: one goes to the origin, the others follow it, and nobody waits for what is not for him. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause, until } from '../support/until.ts';
import { cacheFront, response } from './front.ts';

const FRESH = 'Cache-Control: max-age=1000';

test('twenty requests at once are one for the origin', async (t) => {
	const f = await cacheFront(t, async () => {
		await pause(100);
		return response([FRESH], 'shared');
	});
	const answers = await Promise.all(Array.from({ length: 20 }, () => f.ask('/')));
	assert.deepEqual([...new Set(answers.map(({ body }) => body))], ['shared']);
	assert.equal(f.origin.requests.length, 1);
	const statuses = answers.map((one) => one.get('cache-status') ?? '');
	assert.equal(statuses.filter((text) => text.includes('collapsed')).length, 19, statuses.join('\n'));
	assert.equal(f.layer.statistics().collapsed, 19);
});

test('those who follow get the body while it comes', async (t) => {
	let release = (): void => {};
	const f = await cacheFront(t, (_request, peer) => {
		peer.send(`HTTP/1.1 200 OK\r\n${FRESH}\r\nContent-Length: 10\r\n\r\nfirst`);
		release = () => void peer.send('later');
	});
	const [one, two] = [await f.client(), await f.client()];
	for (const peer of [one, two]) peer.send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await Promise.all([one.read('first'), two.read('first')]);
	const three = (await f.client()).send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await three.read('first');
	release();
	await Promise.all([one, two, three].map((peer) => peer.read('later')));
	assert.equal(f.origin.requests.length, 1);
});

for (const [what, fields] of [
	['private', ['Cache-Control: private, max-age=100']],
	['no-store', ['Cache-Control: no-store']],
	['no-cache', ['Cache-Control: no-cache', 'ETag: "one"']],
	['without freshness', []],
	['of Vary: *', [FRESH, 'Vary: *']],
] as const) {
	test(`eight answers that are ${what} come together, not one after the other`, async (t) => {
		const f = await cacheFront(t, async () => {
			await pause(200);
			return response(fields);
		});
		const began = performance.now();
		await Promise.all(Array.from({ length: 8 }, () => f.ask('/')));
		assert.ok(performance.now() - began < 1_000, 'two turns, and no eight');
		assert.equal(f.origin.requests.length, 8);
		const again = performance.now();
		await Promise.all(Array.from({ length: 8 }, () => f.ask('/')));
		assert.ok(performance.now() - again < 700);
		assert.equal(f.origin.requests.length, 16);
	});
}

test('requests that select another response go on by themselves', async (t) => {
	const f = await cacheFront(t, async (request) => {
		await pause(60);
		return response([FRESH, 'Vary: Foo'], `for ${request.get('foo')}`);
	});
	const answers = await Promise.all(['1', '2', '1', '2'].map((foo) => f.ask('/', [`Foo: ${foo}`])));
	assert.deepEqual(
		answers.map(({ body }) => body),
		['for 1', 'for 2', 'for 1', 'for 2'],
	);
	assert.ok(f.origin.requests.length >= 2 && f.origin.requests.length <= 3, String(f.origin.requests.length));
});

test('when the client that has asked leaves, those who follow are answered all the same', async (t) => {
	let release = (): void => {};
	const f = await cacheFront(
		t,
		(_request, peer) => new Promise((resolve) => (release = () => resolve(void peer.send(response([FRESH]))))),
	);
	const first = (await f.client()).send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await until(() => f.origin.requests.length === 1, 'asked');
	const followers = [f.ask('/'), f.ask('/')];
	await pause(50);
	first.destroy();
	await pause(50);
	release();
	for (const one of followers) assert.equal((await one).body, 'body');
	assert.equal(f.origin.requests.length, 1);
});

test('when it leaves alone, the origin is told', async (t) => {
	const f = await cacheFront(t, () => new Promise<void>(() => {}));
	const first = (await f.client()).send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await until(() => f.origin.requests.length === 1, 'asked');
	first.destroy();
	await f.origin.peers[0]?.closed();
	assert.equal(f.layer.statistics().entries, 0);
});

test('a client that leaves within the body does not end what is being stored', async (t) => {
	let release = (): void => {};
	const f = await cacheFront(t, (_request, peer) => {
		peer.send(`HTTP/1.1 200 OK\r\n${FRESH}\r\nContent-Length: 10\r\n\r\nfirst`);
		release = () => void peer.send('later');
	});
	const first = (await f.client()).send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await first.read('first');
	first.destroy();
	await pause(50);
	release();
	await until(() => [...f.layer.entries()][0]?.bytes === 10, 'all of it');
	assert.equal((await f.ask('/')).body, 'firstlater');
	assert.equal(f.origin.requests.length, 1);
});

test('a slow client holds up neither the store nor other clients', async (t) => {
	const body = 'x'.repeat(3_000_000);
	const f = await cacheFront(t, () => response([FRESH], body));
	const slow = (await f.client()).pause().send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await until(() => [...f.layer.entries()][0]?.bytes === body.length, 'all of it is stored');
	assert.equal((await f.ask('/')).body.length, body.length);
	slow.resume();
	assert.equal((await slow.message()).body.length, body.length);
});

test('a body that turns out too large flows on, at the pace of whoever reads it, and is not stored', async (t) => {
	const piece = 'x'.repeat(100_000);
	let sent = 0;
	const f = await cacheFront(
		t,
		async (_request, peer) => {
			peer.send(`HTTP/1.1 200 OK\r\n${FRESH}\r\nTransfer-Encoding: chunked\r\n\r\n`);
			for (sent = 0; sent < 200; sent++) {
				peer.send(`${piece.length.toString(16)}\r\n${piece}\r\n`);
				if (peer.socket.writableLength > 1_000_000) await new Promise((resolve) => peer.socket.once('drain', resolve));
			}
			peer.send('0\r\n\r\n');
		},
		{ limits: { object: '1MB' } },
	);
	const client = (await f.client()).pause().send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
	await until(() => sent > 30, 'it flows');
	await pause(300);
	const stopped = sent;
	await pause(200);
	assert.ok(sent - stopped <= 1 && sent < 200, `${sent} pieces with nobody reading`);
	client.keep = false;
	client.resume();
	await client.when(() => client.bytes > 20_000_000, 'all of it', 20_000);
	assert.equal(f.layer.statistics().entries, 0);
});

test('an origin that fails is asked once for all who wait', async (t) => {
	const f = await cacheFront(t, async (_request, peer) => {
		await pause(80);
		peer.destroy();
	});
	const answers = await Promise.all(Array.from({ length: 10 }, () => f.ask('/', [], 'GET')));
	assert.deepEqual([...new Set(answers.map(({ status }) => status))], [502]);
	// The proxy itself repeats nothing here: each of these was a connection of its own.
	assert.ok(f.origin.requests.length <= 2, String(f.origin.requests.length));
});

test('whoever has waited too long goes on by himself', async (t) => {
	let count = 0;
	const f = await cacheFront(
		t,
		async () => {
			if (count++ === 0) await pause(1_500);
			return response([FRESH], `${count}`);
		},
		{ collapse: 100 },
	);
	const slow = f.ask('/');
	await until(() => f.origin.requests.length === 1, 'asked');
	const began = performance.now();
	assert.equal((await f.ask('/')).status, 200);
	assert.ok(performance.now() - began < 1_200);
	await slow;
});

test('collapsing can be turned off', async (t) => {
	const f = await cacheFront(
		t,
		async () => {
			await pause(50);
			return response([FRESH]);
		},
		{ collapse: 0 },
	);
	await Promise.all([f.ask('/'), f.ask('/'), f.ask('/')]);
	assert.equal(f.origin.requests.length, 3);
});
