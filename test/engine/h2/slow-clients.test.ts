/**
 * Clients of HTTP/2 that hold on to what they have: slow beginnings, slow bodies, windows that never open. Others are served
 * all the while, and what is given up on is gone.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import { http2 } from '../../../src/engine/h2/index.ts';
import type { Listener } from '../../../src/engine/index.ts';
import { type EngineOptions, listen, portOf } from '../../support/engines.ts';
import { ask, block, frame, framesOf, PREFACE, request, settings, types } from '../../support/h2-frames.ts';
import { connect } from '../../support/raw-client.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { until } from '../../support/until.ts';

const MiB = 1024 * 1024;
const ATTACKERS = 100;
const STREAMS = 20;
const large = Buffer.alloc(4 * MiB, 'x');
const app: App = async (req) => {
	if (req.method === 'POST') return respond(200, {}, await req.text());
	return respond(200, {}, req.url.endsWith('/large') ? large : 'hello');
};
const streams = Array.from({ length: STREAMS }, (_none, index) => 2 * index + 1);

const serve = (t: TestContext, timeouts: EngineOptions['timeouts']): Promise<Listener> =>
	listen(t, app, { log: () => {}, timeouts: timeouts ?? {} }, undefined, http2);

async function attack(
	t: TestContext,
	listener: Listener,
	bytes: string,
	count: number = ATTACKERS,
): Promise<RawPeer[]> {
	const attackers = [];
	for (let i = 0; i < count; i++) {
		const attacker = (await connect(t, portOf(listener))).send(bytes);
		// Who stays even then is in breaking-off.test.ts.
		attacker.socket.on('end', () => attacker.destroy());
		attackers.push(attacker);
	}
	return attackers;
}

/** Sends a byte to each of them over and over. */
function drip(t: TestContext, attackers: readonly RawPeer[], text: string): void {
	let at = 0;
	const dripping = setInterval(() => {
		const byte = text[at++ % text.length] as string;
		for (const attacker of attackers) attacker.send(byte);
	}, 25);
	t.after(() => clearInterval(dripping));
}

async function assertServed(t: TestContext, listener: Listener): Promise<void> {
	for (let i = 0; i < 5; i++) {
		const client = (await connect(t, portOf(listener))).send(PREFACE + settings() + ask(1));
		await client.when(() => framesOf(client.received).some(({ payload }) => payload === 'hello'), 'an answer');
		client.destroy();
	}
}

async function assertGone(listener: Listener): Promise<void> {
	const none = (): boolean => listener.statistics().connections === 0 && listener.statistics().active === 0;
	await until(none, 'nothing left', 10_000);
}

const continued = frame(types.CONTINUATION, 0, 1, block([['x-more', 'x'.repeat(100)]]));

for (const [what, first, rest] of [
	['prefaces that drip', '', PREFACE],
	['settings that never come', PREFACE, settings([4, 65_535])],
	['heads that drip', PREFACE + settings() + frame(types.HEADERS, 1, 1, block(request('GET', '/'))), continued],
] as const) {
	test(what, async (t) => {
		const listener = await serve(t, { header: 300, keepAlive: 300 });
		const attackers = await attack(t, listener, first);
		drip(t, attackers, rest);
		await assertServed(t, listener);
		await assertGone(listener);
		assert.ok(listener.statistics().timeouts >= ATTACKERS);
	});
}

test('bodies that stall are answered, each of them, and their connections end', async (t) => {
	const listener = await serve(t, { bodyIdle: 300, keepAlive: 300 });
	const open = streams.map((stream) => ask(stream, 'POST', '/', false) + frame(types.DATA, 0, stream, 'half')).join('');
	const attackers = await attack(t, listener, PREFACE + settings() + open);
	await until(() => listener.statistics().requests === ATTACKERS * STREAMS, 'all of them');
	await assertServed(t, listener);
	await assertGone(listener);
	const [attacker] = attackers as [RawPeer];
	const heads = framesOf(attacker.received).filter(({ type, stream }) => type === types.HEADERS && stream > 0);
	assert.equal(heads.length, STREAMS);
});

test('windows that never open: nothing is held for them, and they are given up on', async (t) => {
	const listener = await serve(t, { write: 400, keepAlive: 300 });
	const before = process.memoryUsage().arrayBuffers;
	const open = streams.map((stream) => ask(stream, 'GET', '/large')).join('');
	await attack(t, listener, PREFACE + settings([4, 0]) + open);
	await until(() => listener.statistics().requests === ATTACKERS * STREAMS, 'all of them');
	await assertServed(t, listener);
	const grown = process.memoryUsage().arrayBuffers - before;
	assert.ok(grown < (ATTACKERS * STREAMS * MiB) / 8, `${Math.round(grown / MiB)} MiB are held`);
	await assertGone(listener);
	assert.ok(listener.statistics().timeouts > 0);
});

test('a client that pings now and then is not kept for it', async (t) => {
	const listener = await serve(t, { header: 300, keepAlive: 300 });
	const attackers = await attack(t, listener, PREFACE + settings() + ask(1));
	drip(t, attackers, frame(types.PING, 0, 0, 'ping1234'));
	await assertServed(t, listener);
	await assertGone(listener);
});
