/**
 * Floods of HTTP/2 that have names: each costs a client little and would cost us much. The client loses its connection, by a
 * limit or because its time is up whatever it sends; nothing of it is left, and others are served all the while. Those of PING and of opened and reset streams by a client
 * of node's are in sessions.test.ts.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import { http2 } from '../../../src/engine/h2/index.ts';
import type { Listener } from '../../../src/engine/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { ask, block, flags, frame, PREFACE, request, settings, types, u32 } from '../../support/h2-frames.ts';
import { connect } from '../../support/raw-client.ts';
import { watchStray } from '../../support/stray.ts';
import { pause, until } from '../../support/until.ts';

const MiB = 1024 * 1024;
const app: App = async (req) => {
	if (req.method === 'POST') return respond(200, {}, await req.text());
	if (new URL(req.url).pathname === '/never') return new Promise(() => {});
	return respond(200, {}, 'hello');
};

interface Flood {
	/** What is sent first. */
	readonly opens?: string;
	/** Sent over and over; `turn` counts from 0. */
	readonly wave: (turn: number) => string;
}

/** Numbers of streams of a client, ten in each turn. */
const streams = (turn: number): number[] => Array.from({ length: 10 }, (_none, index) => 2 * (turn * 10 + index) + 1);
const open = (turn: number, path = '/never'): string => ask(2 * turn + 1, 'GET', path);

const floods: Readonly<Record<string, Flood>> = {
	'streams that are opened and reset at once (CVE-2023-44487)': {
		wave: (turn) =>
			streams(turn)
				.map((stream) => ask(stream, 'GET', '/never') + frame(types.RST_STREAM, 0, stream, u32(8)))
				.join(''),
	},
	'streams that we are made to reset by windows beyond all bounds (CVE-2025-8671)': {
		wave: (turn) =>
			streams(turn)
				.map((stream) => ask(stream, 'GET', '/never') + frame(types.WINDOW_UPDATE, 0, stream, u32(0x7fff_ffff)))
				.join(''),
	},
	'streams that we are made to reset by windows of nothing': {
		wave: (turn) =>
			streams(turn)
				.map((stream) => ask(stream, 'GET', '/never') + frame(types.WINDOW_UPDATE, 0, stream, u32(0)))
				.join(''),
	},
	'streams that we are made to reset by bodies that are longer than they said': {
		wave: (turn) =>
			streams(turn)
				.map(
					(stream) =>
						frame(types.HEADERS, flags.END_HEADERS, stream, block([...request('POST', '/'), ['content-length', '1']])) +
						frame(types.DATA, 0, stream, 'more'),
				)
				.join(''),
	},
	'more streams than may be open': {
		wave: (turn) =>
			streams(turn)
				.map((stream) => ask(stream, 'GET', '/never'))
				.join(''),
	},
	'a head in CONTINUATION frames without end (CVE-2024-27316)': {
		opens: frame(types.HEADERS, flags.END_STREAM, 1, block(request('GET', '/'))),
		wave: () => frame(types.CONTINUATION, 0, 1, block([['x-more', 'x'.repeat(100)]])).repeat(10),
	},
	'empty CONTINUATION frames': {
		opens: frame(types.HEADERS, flags.END_STREAM, 1, block(request('GET', '/'))),
		wave: () => frame(types.CONTINUATION, 0, 1).repeat(10),
	},
	'SETTINGS frames (CVE-2019-9515)': { wave: () => settings([4, 65_535]).repeat(10) },
	'empty SETTINGS frames, their answers unread': { wave: () => settings().repeat(10) },
	'PING frames (CVE-2019-9512)': { wave: () => frame(types.PING, 0, 0, 'ping ping'.slice(0, 8)).repeat(10) },
	'empty DATA frames (CVE-2019-9518)': {
		opens: ask(1, 'POST', '/', false),
		wave: () => frame(types.DATA, 0, 1).repeat(50),
	},
	'DATA frames of padding alone': {
		opens: ask(1, 'POST', '/', false),
		wave: () => frame(types.DATA, flags.PADDED, 1, '\x04\0\0\0\0').repeat(50),
	},
	'PRIORITY frames (CVE-2019-9513)': {
		wave: (turn) =>
			streams(turn % 100)
				.map((stream) => frame(types.PRIORITY, 0, stream, `${u32(0)}\x10`))
				.join(''),
	},
	'windows that grow by a byte at a time': {
		opens: open(0),
		wave: () => frame(types.WINDOW_UPDATE, 0, 0, u32(1)).repeat(10),
	},
	'frames of types that nobody knows': { wave: () => frame(77, 0, 0, 'what is this').repeat(10) },
};

async function assertServed(t: TestContext, listener: Listener): Promise<void> {
	const client = (await connect(t, portOf(listener))).send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	assert.equal((await client.message()).body, 'hello');
	client.destroy();
}

async function assertGone(listener: Listener): Promise<void> {
	const none = (): boolean => listener.statistics().connections === 0 && listener.statistics().active === 0;
	await until(none, `nothing left`, 8_000);
}

for (const [what, { opens = '', wave }] of Object.entries(floods)) {
	test(what, async (t) => {
		const assertNoneStray = watchStray(t);
		const timeouts = { header: 400, keepAlive: 400, bodyIdle: 400, write: 400, total: 1_000 };
		const listener = await listen(t, app, { log: () => {}, timeouts }, undefined, http2);
		const flood = (await connect(t, portOf(listener))).send(PREFACE + settings() + opens);
		flood.keep = false;
		const before = process.memoryUsage();
		let turn = 0;
		for (const end = Date.now() + 8_000; !flood.over && Date.now() < end; turn++) {
			flood.send(wave(turn));
			if (turn % 8 === 0) await pause(1);
			while (!flood.over && flood.socket.writableLength > MiB) await pause(1);
			if (turn === 20) await assertServed(t, listener);
		}
		t.diagnostic(`${turn} turns; ${JSON.stringify(listener.statistics())}`);
		assert.ok(flood.over, `the connection is kept after ${turn} turns`);
		await assertServed(t, listener);
		flood.destroy();
		await assertGone(listener);
		assertNoneStray();
		const held = process.memoryUsage().external - before.external;
		assert.ok(held < 16 * MiB, `${held} bytes are held`);
	});
}
