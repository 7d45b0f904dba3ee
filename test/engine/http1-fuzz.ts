/**
 * Clients of HTTP/1.1 drawn by fast-check: noise, and requests that were damaged, cut anywhere, pipelined, left in the
 * middle. Whatever an engine makes of them, nobody else notices, and nothing of them is left.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { watchStray } from '../support/stray.ts';
import { until } from '../support/until.ts';
import type { Make } from './attacks.ts';
import { fuzzApp, TARGETS } from './fuzz-app.ts';

/** Milliseconds after which no new client is drawn. */
const BUDGET = 2_500;
const TOGETHER = 20;
/** Clients that may be waited for at a time. */
const MOST = 400;

const body = 'a body of some 30 bytes, of text';
const heads = [
	`POST # HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
	'POST # HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n20;x="y"\r\n' +
		`${body}\r\n0\r\nX-T: 1\r\n\r\n`,
	'GET # HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nCookie: a=b; c="d"\r\n\r\n',
	'HEAD # HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
	'GET # HTTP/1.0\r\n\r\n',
	`PUT # HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
	'GET # HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nbytes of a tunnel',
	'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\nbytes of a tunnel',
	'GET http://a# HTTP/1.1\r\nHost: a\r\n\r\n',
	'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
];

/** What is put in where a request is damaged: what means something to a parser. */
const splinter = fc.oneof(
	fc.constantFrom('\r\n', '\n', '\r', '\0', ' ', '\t', ':', ';', ',', '0', '-1', '99999999999999999999', '\xff', '"'),
	fc.constantFrom('Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'Host: b\r\n'),
	fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 8 }),
);
const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(12), splinter });
const request = fc
	.tuple(
		fc.constantFrom(...heads),
		fc.constantFrom(...TARGETS),
		fc.oneof(fc.constant([]), fc.array(damage, { maxLength: 3 })),
	)
	.map(([head, target, damages]) =>
		damages.reduce(
			(text, { at, drop, splinter: put }) => {
				const index = Math.floor(at * text.length);
				return text.slice(0, index) + put + text.slice(index + drop);
			},
			head.replace('#', target),
		),
	);
const noise = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const client = fc.record({
	pieces: fc.array(fc.oneof({ weight: 5, arbitrary: request }, { weight: 1, arbitrary: noise }), {
		minLength: 1,
		maxLength: 4,
	}),
	/** Where the text is cut in two and something else is done between. */
	cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
	reads: fc.boolean(),
	leaves: fc.constantFrom('finish', 'reset', 'destroy', 'stay'),
});
type Client = typeof client extends fc.Arbitrary<infer T> ? T : never;

/** Sends, and hands back who waits for the end of the connection, if the client does. */
async function behave(t: TestContext, port: number, one: Client): Promise<RawPeer | null> {
	const { pieces, cut, reads, leaves } = one;
	const peer = await connect(t, port);
	peer.keep = false;
	if (!reads) peer.pause();
	const text = pieces.join('');
	const at = cut === null ? text.length : Math.floor(cut * text.length);
	peer.send(text.slice(0, at));
	if (at < text.length) await new Promise((resolve) => setImmediate(resolve));
	peer.send(text.slice(at));
	if (leaves === 'finish') peer.finish();
	else if (leaves === 'stay') peer.resume();
	else {
		await new Promise((resolve) => setImmediate(resolve));
		peer[leaves]();
		return null;
	}
	peer.resume();
	return peer;
}

/** Who stays is let go in the end, however much of a request is missing. */
async function end(peer: RawPeer, one: Client): Promise<void> {
	try {
		await peer.closed(20_000);
		peer.destroy();
	} catch (cause) {
		throw new Error(`Never let go: ${JSON.stringify(one)}`, { cause });
	}
}

/** Clients in groups until the time is up; a run is repeated by the seed that a failure shows. */
export async function fuzzHttp1(t: TestContext, make: Make): Promise<void> {
	const assertNoneStray = watchStray(t);
	const patience = { header: 250, bodyIdle: 250, keepAlive: 250, write: 250, total: 600, tunnelIdle: 400 };
	const listener = await listen(t, fuzzApp, { log: () => {}, timeouts: patience }, undefined, make);
	const port = portOf(listener);
	let clients = 0;
	const ends = new Set<Promise<void>>();
	const failures: unknown[] = [];
	const wait = (peer: RawPeer, one: Client): void => {
		const ending = end(peer, one).catch((error: unknown) => void failures.push(error));
		ends.add(ending);
		void ending.then(() => ends.delete(ending));
	};
	const group = fc.asyncProperty(fc.array(client, { minLength: TOGETHER, maxLength: TOGETHER }), async (each) => {
		clients += each.length;
		const peers = await Promise.all(each.map((one) => behave(t, port, one)));
		for (const [index, peer] of peers.entries()) if (peer !== null) wait(peer, each[index] as Client);
		await until(() => ends.size < MOST, 'clients that are let go', 20_000);
		const fine = (await connect(t, port)).send('GET /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
		assert.equal((await fine.message()).status, 200);
		fine.destroy();
	});
	const bounds = { numRuns: 1_000, interruptAfterTimeLimit: BUDGET, markInterruptAsFailure: false };
	await fc.assert(group, bounds);
	await Promise.all(ends);
	assert.deepEqual(failures, []);
	const none = (): boolean => listener.statistics().connections === 0 && listener.statistics().active === 0;
	await until(none, 'nothing left', 10_000).catch((error: Error) => {
		throw new Error(`${error.message}: ${JSON.stringify(listener.statistics())}`);
	});
	assertNoneStray();
	t.diagnostic(`${clients} clients, ${listener.statistics().requests} requests`);
	assert.ok(listener.statistics().requests > 0 && listener.statistics().violations > 0);
}
