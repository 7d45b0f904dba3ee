/**
 * What every engine withstands that speaks HTTP/1.1 on sockets. Clients that hold on to connections: slow heads, slow bodies, slow reading, thousands idle. Others are served all the
 * while, and what is given up on is gone. The scale is small here; TURNABOUT_FULL=1 takes the real numbers.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import type { Engine, Listener } from '../../src/engine/index.ts';
import { type EngineOptions, listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { wireApps } from '../support/wire-apps.ts';

const FULL = process.env['TURNABOUT_FULL'] === '1';
const ATTACKERS = FULL ? 2_000 : 300;
const IDLE = FULL ? 10_000 : 2_000;
const MiB = 1024 * 1024;
const hello = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const large = Buffer.alloc(24 * MiB, 'x');
/** Fewer, since the system's own buffers fill for each of them. */
const DEAF = 60;
const app: App = (request, context) => {
	if (request.url.endsWith('/large')) return respond(200, {}, large);
	return (request.method === 'POST' ? wireApps['collect'] : wireApps['hello'])?.(request, context) as Response;
};

export type Make = (options: EngineOptions) => Engine;
/** An attack on an engine of that kind; by their names, for `test`. */
type Attack = (t: TestContext, make: Make) => Promise<void>;

function serve(t: TestContext, make: Make, options?: EngineOptions): Promise<Listener> {
	return listen(t, app, { log: () => {}, ...options }, undefined, make);
}

async function attack(t: TestContext, listener: Listener, bytes: string): Promise<RawPeer[]> {
	const attackers = [];
	for (let i = 0; i < ATTACKERS; i++) attackers.push((await connect(t, portOf(listener))).send(bytes));
	return attackers;
}

/** Twenty clients that come now are answered. */
async function assertServed(t: TestContext, listener: Listener): Promise<void> {
	for (let i = 0; i < 20; i++) {
		const client = (await connect(t, portOf(listener))).send(hello);
		assert.equal((await client.message()).body, 'hello');
		client.destroy();
	}
}

async function assertGone(listener: Listener, left = 0): Promise<void> {
	const deadline = Date.now() + 10_000;
	while (listener.statistics().connections > left && Date.now() < deadline) await pause(10);
	assert.equal(listener.statistics().connections, left, 'connections left');
}

export const attacks: Readonly<Record<string, Attack>> = {
	'heads that drip': async (t, make) => {
		const listener = await serve(t, make, { timeouts: { header: 400 } });
		const attackers = await attack(t, listener, 'GET / HTTP/1.1\r\nHost: a\r\n');
		const drip = setInterval(() => {
			for (const attacker of attackers) attacker.send('X: y\r\n');
		}, 50);
		t.after(() => clearInterval(drip));
		await assertServed(t, listener);
		await Promise.all(attackers.map((attacker) => attacker.closed()));
		clearInterval(drip);
		assert.ok(attackers.every((attacker) => attacker.received === '' || attacker.received.startsWith('HTTP/1.1 408 ')));
		for (const attacker of attackers) attacker.destroy();
		await assertGone(listener);
		assert.ok(listener.statistics().timeouts >= ATTACKERS);
	},

	'bodies that stall': async (t, make) => {
		const listener = await serve(t, make, { timeouts: { bodyIdle: 300 } });
		const attackers = await attack(t, listener, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx');
		await assertServed(t, listener);
		await Promise.all(attackers.map((attacker) => attacker.closed()));
		assert.ok(attackers.every((attacker) => attacker.received.startsWith('HTTP/1.1 408 ')));
		for (const attacker of attackers) attacker.destroy();
		await assertGone(listener);
	},

	'clients that do not read': async (t, make) => {
		const listener = await serve(t, make, { timeouts: { write: 400 } });
		const before = process.memoryUsage();
		const attackers: RawPeer[] = [];
		for (let i = 0; i < DEAF; i++) {
			attackers.push((await connect(t, portOf(listener))).pause().send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n'));
		}
		await assertServed(t, listener);
		const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
		assert.ok(grown < (DEAF * MiB) / 4, `${Math.round(grown / MiB)} MiB are held for clients that do not read`);
		await assertGone(listener);
		assert.equal(listener.statistics().active, 0);
		for (const attacker of attackers) {
			attacker.keep = false;
			attacker.resume();
		}
		await Promise.all(attackers.map((attacker) => attacker.closed()));
		assert.ok(
			attackers.every((attacker) => attacker.bytes < large.length),
			'no body looks complete',
		);
	},

	'clients that read a byte now and then are given up on when they take nothing': async (t, make) => {
		const listener = await serve(t, make, { timeouts: { write: 400 } });
		const slow = (await connect(t, portOf(listener))).send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
		slow.keep = false;
		slow.pause();
		await assertServed(t, listener);
		await assertGone(listener);
		slow.resume();
		await slow.closed();
		assert.ok(slow.bytes < large.length, 'the body does not look complete');
	},

	[`${IDLE} idle connections`]: async (t, make) => {
		const listener = await serve(t, make);
		const script = new URL('../support/idle-clients.ts', import.meta.url).pathname;
		const child = spawn(process.execPath, [script, String(portOf(listener)), String(IDLE)], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		t.after(() => child.kill('SIGKILL'));
		let said = '';
		child.stdout.on('data', (chunk: Buffer) => {
			said += chunk.toString();
		});
		for (const deadline = Date.now() + 50_000; !said.includes('ready'); await pause(20)) {
			assert.ok(Date.now() < deadline && child.exitCode === null, `the idle clients said: ${said.slice(-200)}`);
		}
		assert.equal(listener.statistics().connections, IDLE);
		await assertServed(t, listener);
		assert.doesNotMatch(said, /lost/);
		child.stdin.end();
		await assertGone(listener);
		assert.equal(listener.statistics().requests, IDLE + 20);
	},

	'a flood of pipelined requests does not shut others out': async (t, make) => {
		const listener = await serve(t, make);
		const flood = await connect(t, portOf(listener));
		flood.keep = false;
		const burst = hello.repeat(2_000);
		const pump = setInterval(() => {
			if (flood.socket.writableLength < MiB) flood.send(burst);
		}, 1);
		t.after(() => clearInterval(pump));
		await assertServed(t, listener);
		clearInterval(pump);
		flood.destroy();
		await assertGone(listener);
	},

	'a client that pipelines and never reads is held back': async (t, make) => {
		const listener = await serve(t, make);
		const flood = await connect(t, portOf(listener));
		flood.pause();
		const burst = Buffer.from(hello.repeat(20_000));
		const sent = () => flood.socket.bytesWritten - flood.socket.writableLength;
		for (let i = 0; i < 40; i++) flood.send(burst);
		let last = -1;
		for (let still = 0; still < 6; ) {
			await pause(25);
			still = sent() === last ? still + 1 : 0;
			last = sent();
		}
		assert.ok(last < burst.length * 40, 'the server has stopped reading');
		await assertServed(t, listener);
		flood.destroy();
		await assertGone(listener);
	},
};

/** Those we have closed our half of are waited for longer than other attacks take, so it stands apart. */
export const halfOpen: Attack = async (t, make) => {
	const listener = await serve(t, make, { timeouts: { header: 300, bodyIdle: 300, keepAlive: 300 } });
	for (const bytes of [
		'',
		'G',
		'GET / HTTP/1.1\r\n',
		`${hello}GET`,
		hello,
		'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe',
	]) {
		for (let i = 0; i < 20; i++) (await connect(t, portOf(listener))).send(bytes);
	}
	await assertServed(t, listener);
	const deadline = Date.now() + 8_000;
	// Those we have closed our half of are waited for a little longer: their clients never close theirs.
	while (listener.statistics().connections > 0 && Date.now() < deadline) await pause(20);
	assert.equal(listener.statistics().connections, 0);
};
