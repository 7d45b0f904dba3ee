/** Answers in content codings: for whom, which, and what is said of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { bytesSource, fromIterable, type Sink, type Source } from '../../../src/bytes/index.ts';
import { type App, compositionOf, lint, type Payload, raw, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryAnswer, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { FieldList, type FieldsInit } from '../../../src/fields/index.ts';
import { type CompressOptions, compress } from '../../../src/middleware/compress/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { gateway } from '../../support/gateway.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const decode: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
	gzip: zlib.gunzipSync,
	deflate: zlib.inflateSync,
	br: zlib.brotliDecompressSync,
	zstd: zlib.zstdDecompressSync,
};

const TEXT = 'A line that comes again and again, süß.\n'.repeat(100);
const LARGE = Array.from({ length: 20_000 }, (_, i) => `line ${i * 7919}\n`).join('');
const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

const app =
	(fields: FieldsInit = HTML, payload: () => Payload = () => TEXT, status = 200): App =>
	() =>
		respond(status, fields, payload());
const accepting = (value: string, more: Readonly<Record<string, string>> = {}): MemoryRequest => ({
	fields: { 'Accept-Encoding': value, ...more },
});
const get = (
	inner: App,
	request: MemoryRequest = accepting('gzip'),
	options: CompressOptions = {},
): Promise<MemoryAnswer> => ask(lint(compress(options)(lint(inner))), request);

async function textOf(answer: MemoryAnswer): Promise<string> {
	const coding = answer.fields.get('content-encoding');
	const bytes = await answer.bytes();
	return Buffer.from(coding === null ? bytes : (decode[coding]?.(bytes) ?? assert.fail(coding))).toString();
}

for (const coding of ['br', 'zstd', 'gzip', 'deflate'] as const) {
	test(`${coding}: every kind of payload, small and large, is what it was when it is taken off`, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const path = join(folder, 'file');
		for (const text of [TEXT, LARGE]) {
			const bytes = new TextEncoder().encode(text);
			writeFileSync(path, bytes);
			const payloads: (() => Payload)[] = [
				() => text,
				() => bytes,
				() => bytesSource(text),
				() => fromIterable([bytes.subarray(0, 1000), bytes.subarray(1000)]),
				() => ({ path, start: 0, length: bytes.length }),
			];
			for (const payload of payloads) {
				const answer = await get(app(HTML, payload), accepting(coding), { encodings: [coding] });
				assert.equal(answer.fields.get('content-encoding'), coding);
				assert.equal(answer.fields.get('vary'), 'Accept-Encoding');
				assert.equal(await textOf(answer), text);
			}
		}
	});
}

test('who asks for no coding that we have gets it plain, and caches know why', async () => {
	for (const request of [
		{},
		accepting('identity'),
		accepting('compress'),
		accepting('gzip;q=0'),
		accepting('\t,;q=;,'),
	]) {
		const answer = await get(app(), request);
		assert.equal(answer.fields.has('content-encoding'), false);
		assert.equal(answer.fields.get('vary'), 'Accept-Encoding');
		assert.equal(await answer.text(), TEXT);
	}
});

test('the client weighs, and the order of the option decides where it does not', async () => {
	const chosen = async (accept: string, encodings?: CompressOptions['encodings']) =>
		(await get(app(), accepting(accept), encodings ? { encodings } : {})).fields.get('content-encoding');
	assert.equal(await chosen('gzip, deflate, br, zstd'), 'br');
	assert.equal(await chosen('gzip, deflate, br, zstd', ['zstd', 'gzip']), 'zstd');
	assert.equal(await chosen('br;q=0.1, gzip'), 'gzip');
	assert.equal(await chosen('deflate'), null);
});

test('lengths and digests of the bytes as they were are not said of others; the tag becomes weak', async () => {
	const fields = {
		...HTML,
		'Content-Length': String(Buffer.byteLength(TEXT)),
		ETag: '"abc"',
		'Accept-Ranges': 'bytes',
		'Content-Digest': 'sha-256=:x:',
		'Content-MD5': 'x',
		Vary: 'Cookie',
	};
	const coded = await get(app(fields));
	assert.deepEqual(coded.fields.raw, [
		...['Content-Type', HTML['Content-Type'], 'ETag', 'W/"abc"'],
		...['Vary', 'Cookie, Accept-Encoding', 'Content-Encoding', 'gzip'],
	]);
	const plain = await get(app(fields), {});
	assert.deepEqual([plain.fields.get('etag'), plain.fields.get('accept-ranges')], ['"abc"', 'bytes']);
	assert.equal((await get(app({ ...HTML, ETag: 'W/"w"' }))).fields.get('etag'), 'W/"w"');
});

test('304 says the tag that the client has from us', async () => {
	const asked = (tag: string) =>
		get(
			app({ ETag: '"abc"' }, () => null, 304),
			accepting('gzip', { 'If-None-Match': tag }),
		);
	assert.equal((await asked('"x", W/"abc"')).fields.get('etag'), 'W/"abc"');
	assert.equal((await asked('"abc"')).fields.get('etag'), '"abc"');
	assert.equal((await asked('W/"other"')).fields.get('etag'), '"abc"');
});

const alone: readonly (readonly [what: string, fields: Record<string, string>, status?: number, payload?: Payload])[] =
	[
		['what is coded already', { ...HTML, 'Content-Encoding': 'br' }],
		['a part of something', { ...HTML, 'Content-Range': 'bytes 0-3999/9999', 'Accept-Ranges': 'bytes' }, 206],
		['a picture', { 'Content-Type': 'image/png' }],
		['a film', { 'Content-Type': 'video/mp4' }],
		['an archive', { 'Content-Type': 'application/zip' }],
		['what has no type', {}, 200, new TextEncoder().encode(TEXT)],
		['what is not to be transformed', { ...HTML, 'Cache-Control': 'public, No-Transform' }],
		['a page that sets a cookie', { ...HTML, 'Set-Cookie': 'sid=secret' }],
		['a small page', HTML, 200, 'x'.repeat(1_023)],
	];

for (const [what, fields, status = 200, payload = TEXT] of alone) {
	test(`${what} is left alone`, async () => {
		const answer = await get(
			app(fields, () => payload, status),
			accepting('br, gzip, zstd'),
		);
		const expected = FieldList.of(fields).raw;
		assert.deepEqual(
			answer.fields.raw.filter((one) => one !== 'content-type' && !one.startsWith('text/plain')),
			expected,
		);
		assert.deepEqual(Buffer.from(await answer.bytes()), Buffer.from(payload as string));
	});
}

test('the limits of what is left alone can be moved', async () => {
	const coded = async (inner: App, options: CompressOptions) =>
		(await get(inner, accepting('gzip'), options)).fields.get('content-encoding');
	assert.equal(
		await coded(
			app(HTML, () => 'x'),
			{ threshold: 0 },
		),
		'gzip',
	);
	assert.equal(await coded(app({ ...HTML, 'Set-Cookie': 'a=b' }), { cookies: true }), 'gzip');
	const types = ['font/woff', 'text/*', '*+cbor'];
	assert.equal(await coded(app({ 'Content-Type': 'Font/WOFF' }), { types }), 'gzip');
	assert.equal(await coded(app({ 'Content-Type': 'application/x+cbor; a=b' }), { types }), 'gzip');
	assert.equal(await coded(app({ 'Content-Type': 'application/json' }), { types }), null);
	assert.equal(
		await coded(app({ 'Content-Type': 'application/json' }), { types: (type) => type.includes('json') }),
		'gzip',
	);
});

test('error pages are compressed as other pages are', async () => {
	assert.equal((await get(app(HTML, () => TEXT, 404))).fields.get('content-encoding'), 'gzip');
});

test('HEAD says what GET would say of its content', async () => {
	const fields = { ...HTML, 'Content-Length': String(Buffer.byteLength(TEXT)), ETag: '"abc"' };
	const asked = { ...accepting('gzip'), method: 'HEAD' };
	for (const payload of [() => TEXT, () => null, () => bytesSource(TEXT)]) {
		const answer = await get(app(fields, payload), asked);
		assert.equal(answer.fields.get('content-encoding'), 'gzip');
		assert.equal(answer.fields.get('etag'), 'W/"abc"');
		assert.equal(answer.fields.has('content-length'), false);
	}
	const small = await get(
		app({ ...HTML, 'Content-Length': '12' }, () => null),
		asked,
	);
	assert.equal(small.fields.get('content-length'), '12');
});

test('trailers come behind a body that is coded', async () => {
	const inner: App = () =>
		respond(200, HTML, fromIterable([TEXT]), { trailing: () => FieldList.of({ 'X-Checksum': 'abc' }) });
	const answer = await get(inner);
	await answer.bytes();
	assert.equal((await answer.trailers)?.get('x-checksum'), 'abc');
});

test('only so many flow at the same time; the others go out as they are', async () => {
	const layer = compress({ concurrency: 1 });
	const inner = layer(app(HTML, () => fromIterable([LARGE])));
	const first = await ask(inner, accepting('gzip'));
	const second = await ask(inner, accepting('gzip'));
	assert.equal(second.fields.has('content-encoding'), false);
	assert.equal(second.fields.get('vary'), 'Accept-Encoding');
	assert.equal(await second.text(), LARGE);
	assert.deepEqual(layer.statistics(), { compressed: 1, active: 1, busy: 1 });
	assert.equal(await textOf(first), LARGE);
	assert.deepEqual(layer.statistics(), { compressed: 1, active: 0, busy: 1 });
	assert.equal(
		(await ask(layer(app()), accepting('gzip'))).fields.get('content-encoding'),
		'gzip',
		'small ones do not flow',
	);
});

test('a client that leaves ends the work, and the source is told', async () => {
	const layer = compress();
	let cancelled = false;
	const endless: Source = {
		length: null,
		start(sink: Sink) {
			sink.write(new TextEncoder().encode(LARGE));
		},
		resume() {},
		cancel() {
			cancelled = true;
		},
	};
	const one = exchange(layer(app(HTML, () => endless)), accepting('br'));
	await one.answer;
	assert.equal(layer.statistics().active, 1);
	one.abort();
	assert.deepEqual([layer.statistics().active, cancelled], [0, true]);
});

test('a source that fails cuts the answer short', async () => {
	async function* broken() {
		yield LARGE;
		throw new Error('broke');
	}
	const layer = compress();
	const answer = await ask(layer(app(HTML, () => fromIterable(broken()))), accepting('gzip'));
	await assert.rejects(answer.bytes(), /broke/);
	assert.equal(layer.statistics().active, 0);
});

test('garbage in Accept-Encoding costs no more than its length', async () => {
	const began = process.cpuUsage();
	for (const piece of ['gzip,', 'gzip;q=0.1,', ';', '"', '(', '\\', ',,,', ' ', 'q=', '*;', 'a;a;a;']) {
		const answer = await get(app(), accepting(piece.repeat(Math.floor(60_000 / piece.length))));
		assert.equal(await textOf(answer), TEXT);
	}
	assert.ok(process.cpuUsage(began).user < 3_000_000);
});

test('events come as they are sent, on a real socket, and a client that leaves frees everything', async (t) => {
	const layer = compress();
	const more = Promise.withResolvers<void>();
	async function* events() {
		yield 'data: one\n\n';
		await more.promise;
		yield 'data: two\n\n';
		await new Promise(() => {});
	}
	const port = portOf(
		await listen(t, layer(app({ 'Content-Type': 'text/event-stream' }, () => fromIterable(events())))),
	);
	const client = await connect(t, port);
	client.send('GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n');
	assert.match(await client.read('\r\n\r\n'), /content-encoding: gzip/i);
	/** What a browser could show by now. */
	const shown = (): string => {
		let bytes = '';
		let at = client.received.indexOf('\r\n\r\n') + 4;
		for (;;) {
			const [line = '', size = ''] = /^([0-9a-f]+)\r\n/.exec(client.received.slice(at, at + 20)) ?? [];
			const length = Number.parseInt(size, 16);
			if (size === '' || client.received.length < at + line.length + length) break;
			bytes += client.received.slice(at + line.length, at + line.length + length);
			at += line.length + length + 2;
		}
		return zlib.gunzipSync(Buffer.from(bytes, 'latin1'), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
	};
	await client.when(() => shown() === 'data: one\n\n', 'first event');
	more.resolve();
	await client.when(() => shown() === 'data: one\n\ndata: two\n\n', 'second event');
	assert.equal(layer.statistics().active, 1);
	client.reset();
	await until(() => layer.statistics().active === 0, 'the end of the work');
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[null, /options/],
	[{ encoding: ['br'] }, /did you mean encodings\?/],
	[{ encodings: 'br' }, /encodings/],
	[{ encodings: [] }, /encodings/],
	[{ encodings: ['brotli'] }, /encodings/],
	[{ encodings: ['constructor'] }, /encodings/],
	[{ threshold: -1 }, /threshold/],
	[{ threshold: '1kb' }, /threshold/],
	[{ types: 'text/html' }, /types/],
	[{ types: ['text'] }, /types/],
	[{ types: ['*/*x'] }, /types/],
	[{ types: [7] }, /types/],
	[{ level: 5 }, /level/],
	[{ level: { brotli: 5 } }, /level/],
	[{ level: { br: 12 } }, /level.br/],
	[{ level: { gzip: 0 } }, /level.gzip/],
	[{ level: { zstd: 20 } }, /level.zstd/],
	[{ cookies: 'yes' }, /cookies/],
	[{ concurrency: 0 }, /concurrency/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => compress(options as CompressOptions),
			(error: Error) => error.message.startsWith('compress: ') && message.test(error.message),
			JSON.stringify(options),
		);
	}
});

test('levels are those of the option', async () => {
	const size = async (br: number) =>
		(
			await (
				await get(
					app(HTML, () => LARGE),
					accepting('br'),
					{ level: { br } },
				)
			).bytes()
		).length;
	assert.ok((await size(9)) < (await size(0)));
});

test('what it would do is told', async () => {
	const { note } = compositionOf(compress()(app())) ?? assert.fail();
	const told: string[] = [];
	const ear: App = async (request, context) => {
		const { does = [], fields = [] } = (await note.explain?.(raw(request), context)) ?? {};
		told.push([...does, ...fields.map(({ name, value }) => `${name}: ${value}`)].join(' '));
		return respond(204);
	};
	await ask(ear, accepting('br'));
	await ask(ear, {});
	assert.match(told[0] ?? '', /with br.*Content-Encoding: br Vary: Accept-Encoding/);
	assert.match(told[1] ?? '', /as it is.*Vary: Accept-Encoding/);
});

test('responses of the platform are compressed as ours are', async () => {
	const native: App = async () => new Response(LARGE, { headers: HTML });
	assert.equal(await textOf(await ask(compress()(native), accepting('zstd'))), LARGE);
});

test('what a proxy passes on is compressed while it flows, and what came compressed is passed on', async (t) => {
	const coded = zlib.gzipSync(TEXT);
	const { client } = await gateway(
		t,
		({ target }) =>
			target === '/coded'
				? `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n${coded.toString('latin1')}`
				: `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "a"\r\nContent-Length: ${LARGE.length}\r\n\r\n${LARGE}`,
		{ wrap: compress() },
	);
	const peer = await client();
	for (const [target, text] of [
		['/', LARGE],
		['/coded', TEXT],
	] as const) {
		peer.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n`);
		const { body, get } = await peer
			.message()
			.then((message) => ({ body: message.body, get: message.get.bind(message) }));
		assert.equal(get('content-encoding'), 'gzip');
		assert.equal(zlib.gunzipSync(Buffer.from(body, 'latin1')).toString(), text);
		assert.equal(get('etag'), target === '/' ? 'W/"a"' : null);
	}
	peer.send('HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n');
	const head = await peer.message('HEAD');
	assert.deepEqual([head.get('content-encoding'), head.get('content-length')], ['gzip', null]);
});
