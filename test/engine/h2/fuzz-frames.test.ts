/** Clients of HTTP/2 drawn by fast-check: frames in any order, damaged, cut anywhere, left in the middle. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { http2 } from '../../../src/engine/h2/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import {
	ask,
	block,
	flags,
	frame,
	PREFACE,
	request,
	SETTINGS_ACK,
	settings,
	types,
	u32,
} from '../../support/h2-frames.ts';
import { connect } from '../../support/raw-client.ts';
import { watchStray } from '../../support/stray.ts';
import { until } from '../../support/until.ts';
import { fuzzApp, TARGETS } from '../fuzz-app.ts';

/** Milliseconds after which no new client is drawn. */
const BUDGET = 1_500;
const TOGETHER = 20;
/** Clients that may be there at a time. */
const MOST = 400;

const latin1 = (maxLength: number): fc.Arbitrary<string> =>
	fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const number = fc.oneof(fc.constantFrom(0, 1, 0x7fff_ffff, 0xffff_ffff), fc.nat(0xffff_ffff));
const stream = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(1, 3, 5, 7) }, { weight: 1, arbitrary: number });
const target = fc.constantFrom(...TARGETS);
const field = fc.oneof(
	fc.constantFrom(
		['cookie', 'a=b'] as const,
		['te', 'trailers'] as const,
		['connection', 'close'] as const,
		['content-length', '4'] as const,
		['expect', '100-continue'] as const,
		[':protocol', 'echo'] as const,
		['host', 'b'] as const,
		['Upper', 'case'] as const,
	),
	fc.tuple(latin1(6), latin1(10)),
);
/** A head of a request that is sound but for what is added. */
const fields = fc
	.tuple(fc.constantFrom('GET', 'POST', 'HEAD', 'CONNECT'), target, fc.array(field, { maxLength: 2 }))
	.map(([method, path, more]) => block([...request(method, path), ...more]));

const good = fc.oneof(
	fc.tuple(stream, fc.constantFrom('GET', 'POST'), target, fc.boolean()).map((parts) => ask(...parts)),
	fc.tuple(fc.constantFrom(0, 1, 4, 5), stream, fields).map(([flag, on, head]) => frame(types.HEADERS, flag, on, head)),
	fc
		.tuple(fc.constantFrom(0, 1, 8, 9), stream, latin1(40))
		.map(([flag, on, data]) => frame(types.DATA, flag, on, data)),
	fc.tuple(stream, number).map(([on, code]) => frame(types.RST_STREAM, 0, on, u32(code))),
	fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 99), number).map((pair) => settings(pair)),
	fc.constantFrom(SETTINGS_ACK, frame(types.PING, 0, 0, '12345678'), frame(types.PING, flags.ACK, 0, '12345678')),
	fc.tuple(stream, number).map(([on, by]) => frame(types.WINDOW_UPDATE, 0, on, u32(by))),
	fc.tuple(number, number).map(([last, code]) => frame(types.GOAWAY, 0, 0, u32(last) + u32(code))),
	fc.tuple(fc.constantFrom(0, 4), stream, fields).map(([flag, on, head]) => frame(types.CONTINUATION, flag, on, head)),
);
const odd = fc
	.tuple(fc.nat(12), fc.nat(255), stream, latin1(30))
	.map(([type, flag, on, payload]) => frame(type, flag, on, payload));
/** A frame with a byte that is another, or one that is missing. */
const damaged = fc.tuple(good, fc.double({ min: 0, max: 1, noNaN: true }), latin1(2)).map(([text, where, put]) => {
	const at = Math.floor(where * text.length);
	return text.slice(0, at) + put + text.slice(at + 1);
});
const client = fc.record({
	greeting: fc.oneof(
		{ weight: 20, arbitrary: fc.constant(PREFACE + settings()) },
		{ weight: 1, arbitrary: fc.constantFrom(PREFACE, PREFACE.slice(0, 16), '') },
	),
	frames: fc.array(
		fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: odd }, { weight: 1, arbitrary: damaged }),
		{ minLength: 1, maxLength: 8 },
	),
	cut: fc.double({ min: 0, max: 1, noNaN: true }),
	reads: fc.boolean(),
	leaves: fc.constantFrom('finish', 'reset', 'destroy', 'stay'),
});

type Client = typeof client extends fc.Arbitrary<infer T> ? T : never;

test('frames of any kind, in any order and condition, end nothing and leave nothing', {
	timeout: 60_000,
}, async (t) => {
	const assertNoneStray = watchStray(t);
	const patience = { header: 250, bodyIdle: 250, keepAlive: 250, write: 250, total: 600, tunnelIdle: 400 };
	const listener = await listen(t, fuzzApp, { log: () => {}, timeouts: patience }, undefined, http2);
	let clients = 0;
	const behave = async ({ greeting, frames, cut, reads, leaves }: Client): Promise<void> => {
		const peer = await connect(t, portOf(listener));
		peer.keep = false;
		if (!reads) peer.pause();
		const text = greeting + frames.join('');
		const at = Math.floor(cut * text.length);
		peer.send(text.slice(0, at));
		await new Promise((resolve) => setImmediate(resolve));
		peer.send(text.slice(at));
		if (leaves === 'stay') return void peer.resume();
		await new Promise((resolve) => setImmediate(resolve));
		peer[leaves]();
		peer.resume();
	};
	const group = fc.asyncProperty(fc.array(client, { minLength: TOGETHER, maxLength: TOGETHER }), async (each) => {
		clients += each.length;
		await Promise.all(each.map(behave));
		await until(() => listener.statistics().connections < MOST, 'clients that are let go', 20_000);
		const fine = (await connect(t, portOf(listener))).send(
			'GET /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
		);
		assert.equal((await fine.message()).status, 200);
		fine.destroy();
	});
	await fc.assert(group, { numRuns: 1_000, interruptAfterTimeLimit: BUDGET, markInterruptAsFailure: false });
	const none = (): boolean => listener.statistics().connections === 0 && listener.statistics().active === 0;
	await until(none, 'nothing left', 10_000).catch((error: Error) => {
		throw new Error(`${error.message}: ${JSON.stringify(listener.statistics())}`);
	});
	assertNoneStray();
	t.diagnostic(`${clients} clients; ${JSON.stringify(listener.statistics())}`);
	assert.ok(listener.statistics().requests > 0 && listener.statistics().violations > 0);
});
