/** Connections in SOCKS: slow, cut, garbled and left ones, tunnels in all their ends, limits, time-outs and the listener's stop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tunnel } from '../../../src/bytes/index.ts';
import { type App, Disconnected } from '../../../src/convention/index.ts';
import {
	ANYBODY,
	bytes,
	connect4,
	connect5,
	GRANTED,
	login,
	REJECTED,
	reply4,
	reply5,
	request4,
	request5,
	SOMEBODY,
	SUCCEEDED,
	taken,
} from '../../support/socks-client.ts';
import { pause, until } from '../../support/until.ts';
import { echo, socksServer, tunnel } from './socks-server.ts';

/** All that a client says up to its tunnel, whole. */
const whole: Readonly<Record<string, string>> = {
	'SOCKS5 by name': `${ANYBODY}${request5('echo', 80)}`,
	'SOCKS5 with a password': `${SOMEBODY}${login('ada', 'pw')}${request5('late-echo', 80)}`,
	SOCKS4a: request4('late-echo', 80, 'ada'),
};

for (const [what, said] of Object.entries(whole)) {
	test(`${what}: byte by byte`, async (t) => {
		const s = await socksServer(t);
		const client = await s.client();
		for (const byte of `${said}early`) {
			client.send(byte);
			await pause(1);
		}
		await client.read('early');
	});

	test(`${what}: cut anywhere, and what comes early belongs to the tunnel`, async (t) => {
		const s = await socksServer(t);
		const all = `${said}early bytes`;
		for (let cut = 1; cut < all.length; cut += 2) {
			const client = (await s.client()).send(all.slice(0, cut));
			await pause(1);
			client.send(all.slice(cut));
			assert.match(await client.read('early bytes'), /\0early bytes$/);
			client.finish();
			assert.equal(await client.closed(), 'finished');
		}
		await s.check();
	});

	for (const way of ['reset', 'destroy', 'finish'] as const) {
		test(`${what}: a client that does a ${way} behind any byte leaves nothing behind`, async (t) => {
			const s = await socksServer(t);
			for (let cut = 0; cut <= said.length; cut += 1) {
				const client = (await s.client()).send(said.slice(0, cut));
				if (cut % 2 === 0) await pause(2);
				client[way]();
				if (way === 'finish') await client.closed();
			}
			await s.check();
		});
	}
}

const garbage: readonly string[] = [
	bytes(5, 0),
	bytes(5, 1, 1),
	bytes(5, 1, 0, 9, 9, 9, 9),
	bytes(5, 1, 2, 9, 9, 9, 9),
	bytes(4, 9, 0, 80, 1, 2, 3, 4, 0),
	bytes(4, 1, 0, 80, 1, 2, 3, 4) + 'u'.repeat(100_000),
	ANYBODY + request5('x'.repeat(255), 0),
	`${ANYBODY}GET / HTTP/1.1\r\nHost: hello\r\n\r\n`,
	bytes(5, 255) + '\x01'.repeat(255),
];

test('garbage ends its own connection and no other', async (t) => {
	const s = await socksServer(t);
	const neighbour = await s.client();
	assert.equal(await connect5(neighbour, 'echo', 80), SUCCEEDED);
	for (const said of garbage) {
		const client = (await s.client()).send(said);
		assert.equal(await client.closed(), 'finished', JSON.stringify(said.slice(0, 20)));
		client.destroy();
	}
	assert.equal(s.listener.statistics().violations, garbage.length);
	neighbour.send('ping');
	await neighbour.read('ping');
	neighbour.destroy();
	await s.check();
});

test('BIND and UDP ASSOCIATE are reply 7, unknown types of addresses reply 8', async (t) => {
	const s = await socksServer(t);
	for (const [request, reply] of [
		[request5('echo', 80, 2), 7],
		[request5('192.0.2.1', 80, 3), 7],
		[bytes(5, 1, 0, 2, 0, 0, 0, 0, 0, 80), 8],
		[request5('echo', 0), 1],
	] as const) {
		const client = (await s.client()).send(ANYBODY);
		await taken(client, 2);
		client.send(request);
		assert.equal(await reply5(client), reply);
		assert.equal(await client.closed(), 'finished');
	}
	const four = (await s.client()).send(bytes(4, 2, 0, 80, 192, 0, 2, 1, 0));
	assert.equal(await reply4(four), REJECTED);
});

test('a client that stalls in its handshake is given up, however it drips', async (t) => {
	const s = await socksServer(t, { timeouts: { header: 200 } });
	for (const said of ['\x05', ANYBODY, SOMEBODY + login('ada', 'pw'), '\x04\x01']) {
		const client = (await s.client()).send(said);
		await client.closed();
	}
	const drip = (await s.client()).send(bytes(4, 1, 0, 80, 192, 0, 2, 1));
	const dripping = setInterval(() => drip.send('u'), 20);
	t.after(() => clearInterval(dripping));
	await drip.closed();
	clearInterval(dripping);
	assert.equal(s.listener.statistics().timeouts, 5);
	await s.check();
});

test('a tunnel that stands is not held to the time of the handshake', async (t) => {
	const s = await socksServer(t, { timeouts: { header: 100, total: 150 } });
	const client = await s.client();
	await connect5(client, 'echo', 80);
	await pause(400);
	client.send('ping');
	await client.read('ping');
});

test('an app that takes too long is answered for, and told', async (t) => {
	const reasons: unknown[] = [];
	const app: App = (_request, context) => {
		context.onClosed({ exchangeClosed: (reason) => reasons.push((reason as Error).name) });
		return new Promise(() => {});
	};
	const s = await socksServer(t, { timeouts: { total: 100 } }, app);
	const client = await s.client();
	assert.equal(await connect5(client, 'never', 80), 1);
	assert.deepEqual(reasons, ['TimeoutError']);
	await client.closed();
});

test('a tunnel in which nothing moves is closed', async (t) => {
	const s = await socksServer(t, { timeouts: { tunnelIdle: 100 } });
	const client = await s.client();
	await connect5(client, 'echo', 80);
	await client.closed();
	await s.check();
});

for (const [way, immediate] of [
	['reset', true],
	['finish', false],
] as const) {
	test(`an app is told of a client that does a ${way} while it is asked`, async (t) => {
		const reasons: unknown[] = [];
		const app: App = (_request, context) => {
			context.onClosed({ exchangeClosed: (reason) => reasons.push(reason) });
			return new Promise(() => {});
		};
		const s = await socksServer(t, {}, app);
		const client = (await s.client()).send(request4('never', 80));
		await until(() => s.listener.statistics().active === 1, 'an exchange');
		// A FIN right behind the request is a half-close: this one comes later.
		if (!immediate) await pause(200);
		client[way]();
		await until(() => reasons.length === 1, 'the reason');
		assert.ok(reasons[0] instanceof Disconnected);
		await until(() => s.listener.statistics().connections === 0, 'no connection');
	});
}

test('a client that closes its half right behind the request gets its answer', async (t) => {
	const app: App = () =>
		pause(300).then(() =>
			tunnel(({ readable, writable }) => {
				let text = '';
				readable.start({
					write: (chunk) => {
						text += Buffer.from(chunk).toString();
						return true;
					},
					end: () => {
						writable.write(Buffer.from(`all of ${text}`));
						writable.end();
					},
					fail: () => {},
				});
			}),
		);
	const s = await socksServer(t, {}, app);
	for (const early of ['', 'this']) {
		const client = (await s.client()).send(request4('a.example', 80) + early).finish();
		assert.equal(await reply4(client), GRANTED);
		await client.read(`all of ${early}`);
		assert.equal(await client.closed(), 'finished');
	}
});

/** The tunnel of the next client. */
function handed(): { readonly app: App; readonly tunnels: Tunnel[] } {
	const tunnels: Tunnel[] = [];
	return { app: () => tunnel((one) => tunnels.push(one)), tunnels };
}

test('either half may end while the other goes on', async (t) => {
	const { app, tunnels } = handed();
	const s = await socksServer(t, {}, app);
	const client = await s.client();
	await connect5(client, 'a.example', 80);
	const { readable, writable } = tunnels[0] as Tunnel;
	let text = '';
	let ended = false;
	readable.start({
		write: (chunk) => (text += Buffer.from(chunk).toString()) !== '',
		end: () => (ended = true),
		fail: assert.fail,
	});
	writable.write(Buffer.from('last words'));
	writable.end();
	await client.read('last words');
	assert.equal(await client.closed(), 'finished');
	client.send('are heard').finish();
	await until(() => ended, 'the end');
	assert.equal(text, 'are heard');
	await until(() => s.listener.statistics().connections === 0, 'no connection');
});

test('a client that does not read holds up who writes to it, and one that sends is held up by who does not read', async (t) => {
	const { app, tunnels } = handed();
	const s = await socksServer(t, {}, app);
	const client = await s.client();
	await connect5(client, 'a.example', 80);
	client.keep = false;
	client.pause();
	const { readable, writable } = tunnels[0] as Tunnel;
	const piece = Buffer.alloc(65_536, 'x');
	let [written, drained] = [0, 0];
	writable.ondrain = () => drained++;
	for (let tries = 0; tries < 100; tries++) {
		while (written < 512 * 65_536 && writable.write(piece)) written += piece.length;
		await pause(5);
		if (drained === 0 && tries > 5) break;
		drained = 0;
	}
	assert.ok(written < 512 * 65_536, 'it was never held up');
	client.resume();
	await until(() => drained > 0, 'drained');
	let accepted = 0;
	let paused = false;
	client.socket.write(Buffer.alloc(32 * 1_048_576), () => (accepted = 1));
	readable.start({ write: () => !(paused = true), end: () => {}, fail: () => {} });
	await until(() => paused, 'the first piece');
	await pause(100);
	assert.equal(accepted, 0, 'all was taken though nobody read it');
	readable.cancel();
	await until(() => accepted === 1, 'the rest is taken');
});

test('early bytes are kept within bounds while the app is asked', async (t) => {
	let answer: (response: Response) => void = () => {};
	const app: App = () => new Promise<Response>((resolve) => (answer = resolve));
	const s = await socksServer(t, {}, app);
	const client = (await s.client()).send(request4('a.example', 80));
	await until(() => s.listener.statistics().active === 1, 'an exchange');
	let taken = 0;
	client.socket.write(Buffer.alloc(32 * 1_048_576), () => (taken = 1));
	await pause(200);
	assert.equal(taken, 0);
	let received = 0;
	answer(
		tunnel(({ readable }) =>
			readable.start({ write: (chunk) => (received += chunk.length) > 0, end: () => {}, fail: () => {} }),
		) as unknown as Response,
	);
	await until(() => received === 32 * 1_048_576, 'all of it');
});

test('early bytes stay what they are, whatever others send meanwhile', async (t) => {
	const s = await socksServer(t);
	const client = (await s.client()).send(`${request4('late-echo', 80)}early bytes`);
	await until(() => s.listener.statistics().active === 1, 'an exchange');
	const other = (await s.client()).send(`${request4('echo', 80)}${'x'.repeat(200)}`);
	await other.read('x'.repeat(200));
	assert.equal(await reply4(client), GRANTED);
	await client.read(/^early bytes$/);
});

test('an app may take longer than a handshake', async (t) => {
	const s = await socksServer(t, { timeouts: { header: 100 } }, () => pause(500).then(echo));
	const client = await s.client();
	assert.equal(await connect5(client, 'a.example', 80), SUCCEEDED);
});

test('connections in SOCKS count for the limits, and for the statistics', async (t) => {
	for (const limit of ['connections', 'connectionsPerAddress'] as const) {
		const s = await socksServer(t, { limits: { [limit]: 2 } });
		const [one, two] = [await s.client(), await s.client()];
		await connect5(one, 'echo', 80);
		await connect4(two, 'echo', 80);
		const { connections, active, requests } = s.listener.statistics();
		assert.deepEqual([connections, active, requests], [2, 2, 2]);
		const third = (await s.client()).send(ANYBODY);
		await third.closed();
		assert.equal(s.listener.statistics().refused, 1);
		one.reset();
		await until(() => s.listener.statistics().connections === 1, 'a place');
		assert.equal(await connect5(await s.client(), 'echo', 80), SUCCEEDED);
	}
});

test('a drain closes who has said nothing, lets handshakes end, and waits for tunnels up to its deadline', async (t) => {
	const s = await socksServer(t);
	const silent = await s.client();
	const begun = (await s.client()).send(ANYBODY);
	await taken(begun, 2);
	const standing = await s.client();
	await connect5(standing, 'echo', 80);
	await until(() => s.listener.statistics().connections === 3, 'three connections');
	const drained = s.listener.drain(700);
	assert.equal(await silent.closed(), 'finished');
	silent.send(ANYBODY + request5('never', 80)).finish();
	begun.send(request5('late', 80));
	assert.equal(await reply5(begun), 1);
	begun.finish();
	standing.send('ping');
	await standing.read('ping');
	assert.equal(s.listener.statistics().connections, 1);
	assert.equal(s.listener.statistics().requests, 2, 'one that was seen off is asked nothing more');
	await drained;
	await standing.closed();
	assert.equal(s.listener.statistics().connections, 0);
});

test('a drain is over when the last tunnel has ended', async (t) => {
	const s = await socksServer(t);
	const client = await s.client();
	await connect5(client, 'echo', 80);
	const drained = s.listener.drain(60_000);
	client.finish();
	await drained;
	assert.equal(await client.closed(), 'finished');
});

test('a close cuts everything off at once', async (t) => {
	const s = await socksServer(t);
	const clients = [
		await s.client(),
		(await s.client()).send(ANYBODY),
		(await s.client()).send(request4('never', 80)),
		(await s.client()).send(request4('echo', 80)),
	];
	await until(() => s.listener.statistics().requests === 2, 'two requests');
	await s.listener.close();
	for (const client of clients) await client.closed();
	const { connections, active } = s.listener.statistics();
	assert.deepEqual([connections, active], [0, 0]);
});

test('a client that was refused and stays is left after a while', async (t) => {
	const s = await socksServer(t);
	const client = await s.client();
	assert.equal(await connect5(client, 'refuse', 80), 2);
	assert.equal(await client.closed(), 'finished');
	const sending = setInterval(() => client.send('x'.repeat(100)), 50);
	t.after(() => clearInterval(sending));
	await until(() => s.listener.statistics().connections === 0, 'no connection', 9_000);
});
