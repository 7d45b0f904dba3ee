/** `drain` and `close`: what is in flight is answered, idle connections end, nobody is left, and a deadline holds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { wireApps } from '../../support/wire-apps.ts';

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a drain answers what is in flight with close, and ends idle connections', async (t) => {
	const app: App = async () => {
		await pause(80);
		return respond(200, {}, 'done');
	};
	const listener = await listen(t, app);
	const idle = await connect(t, portOf(listener));
	const kept = (await connect(t, portOf(listener))).send(get('/'));
	await kept.message();
	const busy = (await connect(t, portOf(listener))).send(get('/'));
	await pause(20);
	const drained = listener.drain(5_000);
	const answer = await busy.message();
	assert.equal(answer.body, 'done');
	assert.equal(answer.get('connection'), 'close');
	for (const client of [idle, kept, busy]) {
		assert.equal(await client.closed(), 'finished');
		client.finish();
	}
	await drained;
	assert.equal(listener.statistics().connections, 0);
	await assert.rejects(connect(t, portOf(listener)));
});

test('what is left after the deadline is cut off', async (t) => {
	const listener = await listen(t, wireApps['never'] as App);
	const client = (await connect(t, portOf(listener))).send(get('/'));
	await pause(20);
	await listener.drain(100);
	await client.closed();
	assert.equal(client.received, '');
	assert.equal(listener.statistics().connections, 0);
});

test('a tunnel is cut off by the deadline, too', async (t) => {
	const listener = await listen(t, wireApps['tunnel'] as App);
	const client = (await connect(t, portOf(listener))).send('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nearly');
	await client.read('early');
	await listener.drain(100);
	await client.closed();
});

test('close cuts everything off at once', async (t) => {
	const listener = await listen(t, wireApps['never'] as App);
	const client = (await connect(t, portOf(listener))).send(get('/'));
	await pause(20);
	await listener.close();
	await client.closed();
	assert.equal(listener.statistics().connections, 0);
});
