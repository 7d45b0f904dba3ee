/** Bodies that come in a coding, those that are what they say and those that are made to hurt. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { collect, fromIterable, type Sink } from '../../../src/bytes/index.ts';
import { Abort, type App, compositionOf, lint, raw, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type DecompressOptions, decompress } from '../../../src/middleware/decompress/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { plainGateway } from '../../support/gateway.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const TEXT = 'What was sent, and süß.\n'.repeat(50);
const encode = {
	gzip: zlib.gzipSync,
	'x-gzip': zlib.gzipSync,
	deflate: zlib.deflateSync,
	br: zlib.brotliCompressSync,
	zstd: zlib.zstdCompressSync,
} as const;

/** Says what it was given. */
const echo: App = async (request) => {
	const { fields, payload } = raw(request);
	const names = fields.raw.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
	return respond(200, { 'X-Names': names.join(' ') }, payload === null ? null : await collect(payload));
};
const around = (options: DecompressOptions = {}, app: App = echo): App => lint(decompress(options)(lint(app)));
const coded = (coding: string, body: MemoryRequest['body'], more: Record<string, string> = {}): MemoryRequest => ({
	method: 'POST',
	fields: { 'Content-Encoding': coding, ...more },
	...(body !== undefined && { body }),
});

for (const [coding, put] of Object.entries(encode)) {
	test(`${coding} is taken off, and nothing is left that tells of it`, async () => {
		const request = coded(coding, put(TEXT), { 'Content-Digest': 'sha-256=:x:', 'X-Other': '1' });
		const answer = await ask(around(), request);
		assert.equal(await answer.text(), TEXT);
		assert.equal(answer.fields.get('x-names'), 'x-other host transfer-encoding');
	});

	test(`${coding} in pieces of one byte is taken off, too`, async () => {
		const pieces = Array.from(put(TEXT), (byte) => Uint8Array.of(byte));
		assert.equal(await (await ask(around(), coded(coding, fromIterable(pieces)))).text(), TEXT);
	});
}

test('deflate without its wrapper is understood', async () => {
	assert.equal(await (await ask(around(), coded('deflate', zlib.deflateRawSync(TEXT)))).text(), TEXT);
});

test('codings one over the other are taken off in the right order', async () => {
	const body = zlib.brotliCompressSync(zlib.gzipSync(TEXT));
	for (const value of ['gzip, br', 'GZIP ,identity, br', ',gzip,,br,']) {
		assert.equal(await (await ask(around(), coded(value, body))).text(), TEXT);
	}
	assert.equal((await ask(around(), coded('br, gzip', body))).status, 400);
});

test('what comes plain, or comes without a body, passes as it is', async () => {
	const plain = await ask(around(), { body: TEXT, fields: { 'X-Other': '1' } });
	assert.equal(plain.fields.get('x-names'), 'x-other host content-length');
	assert.equal(await plain.text(), TEXT);
	assert.equal((await ask(around(), { fields: { 'Content-Encoding': 'gzip' } })).status, 200);
	assert.equal(await (await ask(around(), coded('identity', TEXT))).text(), TEXT);
	assert.equal(await (await ask(around(), coded('gzip', ''))).text(), '');
});

test('a coding that is not understood is refused before it is read, with those that are', async () => {
	const never: MemoryRequest['body'] = { length: null, start: () => assert.fail('read'), resume() {}, cancel() {} };
	for (const value of ['compress', 'exi', 'gzip, compress', 'constructor', 'gzip;q=1', '*', '"gzip"']) {
		const answer = await ask(
			around({}, () => assert.fail('asked')),
			coded(value, never),
		);
		assert.equal(answer.status, 415);
		assert.equal(answer.fields.get('accept-encoding'), 'gzip, br, zstd, deflate');
	}
	const some = await ask(around({ encodings: ['br'] }), coded('gzip', never));
	assert.deepEqual([some.status, some.fields.get('accept-encoding')], [415, 'br']);
});

test('more codings than allowed are refused before they are read', async () => {
	const many = Array.from({ length: 5_000 }, () => 'gzip').join(', ');
	for (const value of ['gzip, gzip, gzip', many]) assert.equal((await ask(around(), coded(value, 'x'))).status, 415);
	assert.equal((await ask(around({ chain: 1 }), coded('gzip, br', 'x'))).status, 415);
});

/** Counts what comes out, and keeps nothing. */
const counting =
	(seen: { bytes: number }): App =>
	(request) =>
		new Promise((resolve, reject) => {
			const sink: Sink = {
				write(chunk) {
					seen.bytes += chunk.length;
					return true;
				},
				end: () => resolve(respond(200)),
				fail: reject,
			};
			raw(request).payload?.start(sink);
		});

test('a bomb is refused by its ratio, whatever it is made of', async () => {
	const zeros = Buffer.alloc(10_000_000);
	for (const [coding, put] of Object.entries(encode)) {
		const seen = { bytes: 0 };
		const bomb = put(zeros);
		const answer = await ask(around({ limit: 1e9 }, counting(seen)), coded(coding, bomb));
		assert.equal(answer.status, 413);
		assert.match(await answer.text(), /100 times larger/);
		const most = Math.max(65_536, 100 * bomb.length);
		assert.ok(seen.bytes <= most, `${coding}: ${seen.bytes} bytes came out`);
	}
});

test('a bomb in a bomb is held against what came over the wire', async () => {
	const inner = zlib.gzipSync(Buffer.alloc(20_000_000));
	const seen = { bytes: 0 };
	const nested = zlib.gzipSync(zlib.gzipSync(inner));
	const answer = await ask(around({ limit: 1e9, chain: 3 }, counting(seen)), coded('gzip, gzip, gzip', nested));
	assert.equal(answer.status, 413);
	assert.ok(seen.bytes <= Math.max(65_536, 100 * nested.length), `${seen.bytes} bytes came out`);
});

test('a body that is larger than the limit is refused, however honest', async () => {
	const noise = Buffer.from(Array.from({ length: 60_000 }, (_, i) => ((i * 7919) % 1009).toString(36)).join(''));
	const seen = { bytes: 0 };
	const answer = await ask(around({ limit: 50_000 }, counting(seen)), coded('gzip', zlib.gzipSync(noise)));
	assert.equal(answer.status, 413);
	assert.ok(seen.bytes <= 50_000);
	assert.equal((await ask(around({ limit: noise.length }), coded('gzip', zlib.gzipSync(noise)))).status, 200);
});

test('a small body may be as regular as it likes', async () => {
	const body = zlib.gzipSync(Buffer.alloc(65_536, 'a'));
	assert.equal((await ask(around({ ratio: 2 }), coded('gzip', body))).status, 200);
});

test('what is cut short, garbage, or followed by something is 400', async () => {
	for (const [coding, put] of Object.entries(encode)) {
		const body = put(TEXT);
		const garbage = Buffer.from('\xff\xfe not in any coding', 'latin1');
		for (const wrong of [body.subarray(0, -2), garbage, Buffer.concat([body, Buffer.from('POST / HTTP/1.1')])]) {
			const answer = await ask(around(), coded(coding, wrong));
			assert.equal(answer.status, 400);
			assert.doesNotMatch(await answer.text(), /zlib|Z_|header check/i);
		}
	}
});

test('whatever the app throws when its body breaks off, the answer is what it is', async () => {
	const clumsy: App = async (request) => {
		try {
			return respond(200, null, await request.text());
		} catch {
			throw new TypeError('no JSON');
		}
	};
	assert.equal((await ask(around({}, clumsy), coded('gzip', 'garbage!'))).status, 400);
	const dropping: App = async (request) => {
		await request.text().catch(() => {});
		throw new Abort();
	};
	await assert.rejects(ask(around({}, dropping), coded('gzip', 'garbage!')));
	const unrelated: App = () => {
		throw new TypeError('something else');
	};
	assert.equal((await ask(around({}, unrelated), coded('gzip', 'garbage!'))).status, 500);
});

test('an app that stops in the middle leaves nothing behind', async () => {
	let cancelled = false;
	const endless: MemoryRequest['body'] = {
		length: null,
		start: (sink: Sink) => void sink.write(zlib.gzipSync(TEXT)),
		resume() {},
		cancel() {
			cancelled = true;
		},
	};
	const lazy: App = (request) => {
		raw(request).payload?.start({ write: () => false, end() {}, fail() {} });
		return respond(204);
	};
	const one = exchange(decompress()(lazy), coded('gzip', endless));
	await one.answer;
	await one.context.finished;
	assert.equal(cancelled, true);
});

test('a proxy behind it sends what was decoded, on real sockets', async (t) => {
	const { client, origin } = await plainGateway(t, { wrap: decompress() });
	const peer = await client();
	const body = zlib.gzipSync(TEXT);
	peer
		.send(`POST /x HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`)
		.send(body);
	assert.equal((await peer.message()).status, 200);
	const [seen] = origin.requests;
	assert.equal(seen?.body, Buffer.from(TEXT).toString('latin1'));
	assert.deepEqual([seen?.get('content-encoding'), seen?.get('content-length')], [null, null]);
});

test('a bomb on a real socket is 413, and the server lives', async (t) => {
	const port = portOf(await listen(t, decompress()(echo), { log: () => {} }));
	const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
	const peer = await connect(t, port);
	peer
		.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`)
		.send(bomb);
	assert.equal((await peer.message()).status, 413);
	const next = await connect(t, port);
	next.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal((await next.message()).status, 200);
});

/** A coded body that stops in the middle until it is let go. */
function held(coding: 'gzip' | 'br', layers = 1) {
	let body = encode[coding](TEXT);
	for (let i = 1; i < layers; i++) body = encode[coding](body);
	let to: Sink | null = null;
	const source: MemoryRequest['body'] = {
		length: null,
		start(sink: Sink) {
			to = sink;
			sink.write(body.subarray(0, 20));
		},
		resume() {},
		cancel() {},
	};
	const letGo = (): void => {
		to?.write(body.subarray(20));
		setImmediate(() => to?.end());
	};
	return { source, letGo };
}

test('decoders at work are counted, and a body that finds no room is 503 and not read', async () => {
	const layer = decompress({ atOnce: 3 });
	const other = decompress({ atOnce: 3 });
	const [one, two] = [held('gzip'), held('br', 2)];
	const first = exchange(layer(echo), coded('gzip', one.source));
	const second = exchange(other(echo), coded('br, br', two.source));
	await until(() => layer.statistics().working === 3, 'three at work');
	let read = false;
	let cancelled = false;
	const refused = await ask(
		layer(echo),
		coded('gzip', { length: null, start: () => (read = true), resume() {}, cancel: () => (cancelled = true) } as never),
	);
	assert.deepEqual([refused.status, refused.fields.get('retry-after')], [503, '1']);
	assert.match(await refused.text(), /Too many bodies are being decoded/);
	assert.deepEqual([read, cancelled], [false, true]);
	assert.deepEqual([layer.statistics().refused, other.statistics().refused], [1, 0]);
	// What comes plain needs no room, and what is not read takes none.
	assert.equal((await ask(layer(echo), { body: TEXT })).status, 200);
	assert.equal(
		(
			await ask(
				layer(() => respond(204)),
				coded('gzip', encode.gzip(TEXT)),
			)
		).status,
		204,
	);
	// Who leaves makes room.
	first.abort();
	await until(() => layer.statistics().working === 2, 'two at work');
	assert.equal((await ask(layer(echo), coded('gzip', encode.gzip(TEXT)))).status, 200);
	two.letGo();
	assert.equal(await (await second.answer).text(), TEXT);
	assert.equal(layer.statistics().working, 0);
});

test('however a body ends, no decoder stays counted', async () => {
	const layer = decompress({ limit: 100 });
	const lazy: App = (request) => {
		raw(request).payload?.start({ write: () => false, end() {}, fail() {} });
		return respond(204);
	};
	for (const app of [echo, lazy]) {
		for (const body of [
			'garbage!',
			'',
			encode.gzip(TEXT),
			encode.gzip(TEXT).subarray(0, 20),
			encode.gzip(encode.gzip('x')),
		])
			for (const value of ['gzip', 'gzip, gzip']) await ask(layer(app), coded(value, body)).catch(() => {});
	}
	// Used again, used behind its end, and used after nobody wanted it.
	const sink: Sink = { write: () => true, end() {}, fail() {} };
	const greedy: App = async (request) => {
		const { payload } = raw(request);
		if (raw(request).target === '/cancelled') payload?.cancel();
		else payload?.start(sink);
		assert.throws(() => payload?.start(sink), TypeError);
		if (raw(request).target === '/late') {
			await until(() => layer.statistics().working === 0, 'over');
			assert.throws(() => payload?.start(sink), TypeError);
		}
		return respond(204);
	};
	for (const target of ['/again', '/late', '/cancelled']) {
		const answer = await ask(layer(greedy), { ...coded('gzip', encode.gzip('x')), target });
		assert.equal(answer.status, 204, String(answer.error));
	}
	await until(() => layer.statistics().working === 0, 'none at work');
	assert.equal(layer.statistics().refused, 0);
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[null, /options/],
	[{ limits: 1 }, /did you mean limit\?/],
	[{ limit: -1 }, /limit/],
	[{ limit: '1mb' }, /limit/],
	[{ limit: Number.POSITIVE_INFINITY }, /limit/],
	[{ ratio: 0 }, /ratio/],
	[{ ratio: Number.NaN }, /ratio/],
	[{ chain: 0 }, /chain/],
	[{ atOnce: 0 }, /atOnce/],
	[{ atOnce: 1 }, /atOnce is 1, less than chain/],
	[{ encodings: 'gzip' }, /encodings/],
	[{ encodings: ['x-gzip'] }, /encodings/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => decompress(options as DecompressOptions),
			(error: Error) => error.message.startsWith('decompress: ') && message.test(error.message),
			JSON.stringify(options),
		);
	}
});

test('what it would do is told', async () => {
	const { note } = compositionOf(decompress()(echo)) ?? assert.fail();
	const told: string[] = [];
	const ear: App = async (request, context) => {
		const { does = [], fields = [], answers = '' } = (await note.explain?.(raw(request), context)) ?? {};
		told.push([...does, ...fields.map(({ what, name }) => `${what} ${name}`), answers].join(' '));
		return respond(204);
	};
	for (const request of [coded('gzip, br', 'x'), coded('exi', 'x'), {}]) await ask(ear, request);
	assert.match(told[0] ?? '', /br, then gzip.*removes content-encoding removes content-length/);
	assert.match(told[1] ?? '', /415/);
	assert.match(told[2] ?? '', /plain/);
});
