/** One app takes another's place while it is served: nothing under way is lost, and nothing is stopped that is in use. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Tunnel } from '../../src/bytes/index.ts';
import { type App, respond } from '../../src/convention/index.ts';
import { type Running, type ServeOptions, serve } from '../../src/serve/index.ts';
import { connect } from '../support/raw-client.ts';
import { pause, until } from '../support/until.ts';

async function serving(t: TestContext, options: ServeOptions): Promise<{ running: Running; port: number }> {
	const running = await serve({ listen: '127.0.0.1:0', log: () => {}, ...options });
	t.after(() => running.close());
	return { running, port: Number(new URL(running.urls[0] as string).port) };
}

/** An app that says its name, echoes in tunnels, and notes when it begins and ends. */
function named(name: string, notes: string[] = []): App {
	const echo = (stream: Tunnel): void =>
		stream.readable.start({
			write: (chunk) => stream.writable.write(Buffer.concat([Buffer.from(`${name} `), chunk])),
			end: () => stream.writable.end(),
			fail: (error) => stream.destroy(error),
		});
	const app: App = (_request, context) =>
		context.offers.length > 0 ? respond(101, { upgrade: 'echo' }, null, { tunnel: echo }) : respond(200, null, name);
	return Object.assign(app, { start: () => notes.push(`${name} starts`), stop: () => notes.push(`${name} stops`) });
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';

test('the next request is answered by the new app, on the same connection; a tunnel goes on with the old one', async (t) => {
	const notes: string[] = [];
	const { running, port } = await serving(t, { app: named('one', notes) });
	const steady = await connect(t, port);
	assert.equal((await steady.send(get).message()).body, 'one');
	const tunnel = (await connect(t, port)).send(upgrade);
	await tunnel.read('101');
	await tunnel.read('\r\n\r\n');
	await running.replace({ app: named('two', notes) });
	assert.equal((await steady.send(get).message()).body, 'two');
	tunnel.send('hello');
	await tunnel.read('one hello');
	assert.deepEqual(notes, ['one starts', 'two starts'], 'the old one is still in use');
	tunnel.finish();
	await until(() => notes.includes('one stops'), 'the old one ends behind its last exchange');
	await running.stop();
	assert.deepEqual(notes, ['one starts', 'two starts', 'one stops', 'two stops']);
});

test('an app that cannot start changes nothing', async (t) => {
	const { running, port } = await serving(t, { app: named('one') });
	const broken = Object.assign(named('two'), {
		start: () => {
			throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
		},
	});
	await assert.rejects(running.replace({ app: broken }), /cannot start: no such file/);
	assert.equal((await (await connect(t, port)).send(get).message()).body, 'one');
});

test('what both use is neither started twice nor stopped between them', async (t) => {
	const notes: string[] = [];
	const shared = { start: () => notes.push('starts'), stop: () => notes.push('stops') };
	const { running } = await serving(t, { app: named('one'), resources: [shared] });
	await running.replace({ app: named('two'), resources: [shared] });
	await pause(20);
	assert.deepEqual(notes, ['starts']);
	await running.stop();
	assert.deepEqual(notes, ['starts', 'stops']);
});

test('a server that stops, stops every app that still answers', async (t) => {
	const notes: string[] = [];
	const { running, port } = await serving(t, { app: named('one', notes) });
	const tunnel = (await connect(t, port)).send(upgrade);
	await tunnel.read('\r\n\r\n');
	await running.replace({ app: named('two', notes) });
	await running.stop(50);
	assert.deepEqual(notes.toSorted(), ['one starts', 'one stops', 'two starts', 'two stops']);
});

test('fifty changes under load: no request fails, and no tunnel of three hundred is dropped', {
	timeout: 60_000,
}, async (t) => {
	const { running, port } = await serving(t, { app: named('0') });
	const tunnels = await Promise.all(
		Array.from({ length: 300 }, async () => {
			const peer = (await connect(t, port)).send(upgrade);
			await peer.read('\r\n\r\n');
			return peer;
		}),
	);
	const load = { over: false };
	const failed: unknown[] = [];
	let answered = 0;
	const clients = Array.from({ length: 8 }, async () => {
		const peer = await connect(t, port);
		while (!load.over) {
			const { status, body } = await peer.send(get).message();
			if (status !== 200 || !/^\d+$/.test(body)) failed.push(status);
			answered++;
		}
		peer.destroy();
	});
	for (let at = 1; at <= 50; at++) {
		await running.replace({ app: named(String(at)) });
		await pause(5);
	}
	load.over = true;
	await Promise.all(clients);
	assert.deepEqual(failed, []);
	assert.ok(answered > 100, String(answered));
	await Promise.all(tunnels.map((peer) => peer.send('still').read('0 still')));
	assert.equal(Object.values(running.statistics().listeners)[0]?.connections, 300);
});
