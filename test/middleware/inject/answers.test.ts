/** What comes back from a host that was given a secret, and gives it back in every way there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { bytesSource, fromIterable, type Sink, type Source } from '../../../src/bytes/index.ts';
import { type App, lint, raw, rawResponse, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryAnswer, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { type InjectRule, inject, secret } from '../../../src/middleware/inject/index.ts';
import { withinForward } from '../../support/within-forward.ts';

const VALUE = 'sk-live-0123456789';
process.env['INJECT_KEY'] = VALUE;
const KEY = secret('INJECT_KEY');
const MARK = 'injected-by-proxy';

const layerOf = (more: Partial<InjectRule> = {}) =>
	inject({ 'api.example.com': { fields: { 'x-key': KEY }, ...more } }, { log: () => {} });
const URL_OF = 'https://api.example.com/';

function get(origin: App, request: MemoryRequest = {}, layer = layerOf()): Promise<MemoryAnswer> {
	return ask(lint(withinForward(layer, URL_OF, lint(origin))), { url: URL_OF, ...request });
}

test('bodies of every kind come without it, and with a length of their own', async () => {
	const text = `key=${VALUE}, again ${VALUE}.`;
	const clean = `key=${MARK}, again ${MARK}.`;
	for (const payload of [
		() => text,
		() => Buffer.from(text),
		() => bytesSource(text),
		() => bytesSource(text, FieldList.of({ 'x-end': '1' })),
		() => fromIterable(text.split('').map((one) => Buffer.from(one))),
	]) {
		const answer = await get(() =>
			respond(200, { 'Content-Digest': 'sha-256=:x:', 'Accept-Ranges': 'bytes' }, payload()),
		);
		assert.equal(await answer.text(), clean);
		for (const name of ['content-digest', 'accept-ranges']) assert.equal(answer.fields.get(name), null);
		assert.ok([null, String(clean.length)].includes(answer.fields.get('content-length')));
	}
});

test('an answer at hand without it keeps its bytes, its length, its digest and its tag', async () => {
	const fields = { 'Content-Digest': 'sha-256=:x:', ETag: '"a"', 'Content-Length': '4' };
	// Not through `lint`, which makes a source that flows of it.
	const answer = await ask(withinForward(layerOf(), URL_OF, () => respond(200, fields, bytesSource('fine'))));
	assert.equal(await answer.text(), 'fine');
	for (const [name, value] of Object.entries(fields)) assert.equal(answer.fields.get(name), value);
});

test('fields, reason and trailers come without it', async () => {
	const answer = await get(() =>
		respond(
			200,
			{ 'X-Echo': `a ${VALUE}`, 'Set-Cookie': `k=${encodeURIComponent(VALUE)}`, [`X-${VALUE}`]: '1' },
			bytesSource('fine', FieldList.of({ 'X-End': VALUE })),
			{ reason: `Not ${VALUE}`, trailing: () => FieldList.of({ 'X-Last': VALUE }) },
		),
	);
	assert.equal(await answer.text(), 'fine');
	const trailers = await answer.trailers;
	const all = [...answer.fields.raw, answer.reason ?? '', ...(trailers?.raw ?? [])].join('\n');
	assert.ok(!all.includes(VALUE), all);
	assert.equal(answer.fields.get('x-echo'), `a ${MARK}`);
	assert.equal(trailers?.get('x-end'), MARK);
	assert.equal(trailers?.get('x-last'), MARK);
});

test('1xx responses come without it', async () => {
	const one = exchange(
		withinForward(layerOf(), URL_OF, (_request, context) => {
			context.inform(103, FieldList.of({ Link: `</${VALUE}>; rel=preload` }));
			return respond(204);
		}),
		URL_OF,
	);
	await one.answer;
	assert.equal(one.context.informational[0]?.fields.get('link'), `</${MARK}>; rel=preload`);
});

const coded: Readonly<Record<string, (text: string) => Uint8Array>> = {
	gzip: (text) => zlib.gzipSync(text),
	deflate: (text) => zlib.deflateSync(text),
	br: (text) => zlib.brotliCompressSync(text),
	zstd: (text) => zlib.zstdCompressSync(text),
	'gzip, br': (text) => zlib.brotliCompressSync(zlib.gzipSync(text)),
	'identity, x-gzip': (text) => zlib.gzipSync(text),
};
for (const [coding, put] of Object.entries(coded)) {
	test(`an answer that comes in ${coding} all the same is decoded, and searched`, async () => {
		const text = `${'x'.repeat(70_000)} ${VALUE} ${'y'.repeat(70_000)}`;
		const answer = await get(
			() => respond(200, { 'Content-Encoding': coding, 'Repr-Digest': 'x' }, fromIterable([put(text)])),
			{},
			layerOf(),
		);
		assert.deepEqual(answer.fields.raw, []);
		assert.equal(await answer.text(), text.replace(VALUE, MARK));
	});
}

for (const coding of ['compress', 'gzip, unheard-of', 'gzip, gzip, gzip, gzip', 'dcb']) {
	test(`an answer in ${coding} cannot be searched, and is not handed on`, async () => {
		let cancelled = false;
		const payload = fromIterable([Buffer.from(VALUE)]);
		const { cancel } = payload;
		payload.cancel = (reason) => {
			cancelled = true;
			cancel.call(payload, reason);
		};
		const answer = await get(() => respond(200, { 'Content-Encoding': coding }, payload));
		assert.equal(answer.status, 502);
		assert.match(answer.fields.get('proxy-status') ?? '', /http_response_content_coding/);
		assert.ok(!(await answer.text()).includes(VALUE));
		assert.ok(cancelled);
	});
}

test('a body that is not in the coding it names is cut short, and does not look complete', async () => {
	const answer = await get(() => respond(200, { 'Content-Encoding': 'gzip' }, fromIterable([Buffer.from(VALUE)])));
	await assert.rejects(answer.text());
});

test('HEAD says what GET would', async () => {
	const fields = {
		'Content-Length': '99',
		'Content-Encoding': 'gzip',
		'Repr-Digest': 'x',
		'X-Key': VALUE,
		ETag: '"a"',
	};
	const answer = await get(() => respond(200, fields), { method: 'HEAD' });
	assert.deepEqual(answer.fields.raw, ['X-Key', MARK, 'ETag', '"a"']);
});

test('the fields of a handshake come without it, and its tunnel is left alone', async () => {
	const origin: App = () =>
		respond(101, { Upgrade: 'websocket', 'X-Echo': VALUE }, null, {
			tunnel: ({ writable }) => {
				writable.write(Buffer.from(VALUE));
				writable.end();
			},
		});
	const answer = await ask(withinForward(layerOf(), URL_OF, origin), {
		url: URL_OF,
		offers: ['websocket'],
	} as MemoryRequest);
	assert.equal(answer.status, 101);
	assert.equal(answer.fields.get('x-echo'), MARK);
});

test('an answer of another path, method or client is searched, too: the host may have kept what came with one before', async () => {
	const layer = layerOf({ paths: ['/v1'], methods: ['POST'] });
	const answer = await get(() => respond(200, null, `kept: ${VALUE}`), {}, layer);
	assert.equal(await answer.text(), `kept: ${MARK}`);
	assert.deepEqual(layer.statistics(), { injected: 0, refused: 0, failed: 0, scrubbed: 1, opaque: 0 });
});

test('with scrub: false it is handed on as it is', async () => {
	const answer = await get(() => respond(200, { 'X-Echo': VALUE }, VALUE), {}, layerOf({ scrub: false }));
	assert.equal(answer.fields.get('x-echo'), VALUE);
	assert.equal(await answer.text(), VALUE);
});

test('the parts of a pair are searched for: the token, and the password alone', async () => {
	const pair = inject({ 'api.example.com': { authorization: secret.basic('ann', KEY) } }, { log: () => {} });
	const echo: App = (request) => {
		const value = raw(request).fields.get('authorization') ?? '';
		return respond(200, null, JSON.stringify({ value, password: atob(value.slice(6)) }));
	};
	const text = await (await get(echo, {}, pair)).text();
	assert.equal(text, JSON.stringify({ value: `Basic ${MARK}`, password: `ann:${MARK}` }));
	process.env['INJECT_PAIR'] = `Basic ${btoa(`ann:${VALUE}`)}`;
	const whole = inject({ 'api.example.com': { authorization: secret('INJECT_PAIR') } }, { log: () => {} });
	assert.equal(await (await get(echo, {}, whole)).text(), JSON.stringify({ value: `Basic ${MARK}`, password: MARK }));
});

test('a secret that is too short to be told from text is not sent, and says how it could be', async () => {
	process.env['INJECT_SHORT'] = 'abc4567';
	const log: string[] = [];
	let asked = false;
	const layer = (scrub: boolean) =>
		inject(
			{ 'api.example.com': { fields: { 'x-key': secret('INJECT_SHORT') }, scrub } },
			{ log: ({ message }) => log.push(message) },
		);
	const origin: App = () => {
		asked = true;
		return respond(204);
	};
	assert.equal((await get(origin, {}, layer(true))).status, 500);
	assert.equal(asked, false);
	assert.match(log[0] as string, /INJECT_SHORT holds less than 8 characters/);
	await assert.rejects(async () => layer(true).start(), /less than 8/);
	assert.equal((await get(origin, {}, layer(false))).status, 204);
});

test('a response that an app gives to everybody stays as it was', async () => {
	const shared = respond(200, { 'X-Echo': VALUE, 'Accept-Ranges': 'bytes' });
	await get(() => shared);
	assert.deepEqual(shared.fields.raw, ['X-Echo', VALUE, 'Accept-Ranges', 'bytes']);
});

test('pauses of the client reach the origin, and a client that leaves cancels it', async () => {
	const told: string[] = [];
	let inner: Sink | null = null;
	const source: Source = {
		length: null,
		start: (sink) => void (inner = sink),
		resume: () => void told.push('resume'),
		cancel: () => void told.push('cancel'),
	};
	let answer: MemoryAnswer['payload'] = null;
	const taken: string[] = [];
	// Without the memory engine's own buffer in between.
	const app = withinForward(layerOf(), URL_OF, () => respond(200, null, source));
	await ask((request, context) => {
		answer = rawResponse(app(request, context, context) as Response).payload as Source;
		return respond(204);
	}, URL_OF);
	const payload = answer as unknown as Source;
	payload.start({
		write: (chunk) => {
			taken.push(Buffer.from(chunk).toString());
			return false;
		},
		end: () => {},
		fail: () => {},
	});
	const more = (inner as unknown as Sink).write(Buffer.from(`one ${VALUE}\n`));
	assert.equal(more, false);
	assert.deepEqual(taken, ['one ']);
	payload.resume();
	assert.deepEqual([taken.join(''), told], [`one ${MARK}`, []]);
	payload.resume();
	payload.resume();
	assert.deepEqual([taken.join(''), told], [`one ${MARK}\n`, ['resume']]);
	payload.cancel();
	assert.deepEqual(told, ['resume', 'cancel']);
});

test('the log is told that a secret was found, and not which', async () => {
	const log: string[] = [];
	const layer = inject({ 'api.example.com': { 'x-key': KEY } }, { log: (entry) => log.push(JSON.stringify(entry)) });
	for (let i = 0; i < 5; i++) await (await get(() => respond(200, null, VALUE), {}, layer)).text();
	assert.deepEqual(log, [
		'{"level":"warn","message":"A secret was found in an answer, and taken out.","host":"api.example.com"}',
	]);
	assert.equal(layer.statistics().scrubbed, 5);
	assert.equal(layer.statistics().injected, 5);
});

test('when a value has changed, the one before is still taken out, and short pieces of it are not looked for', async (t) => {
	t.after(() => (process.env['INJECT_KEY'] = VALUE));
	const layer = layerOf();
	await get(() => respond(204), {}, layer);
	process.env['INJECT_KEY'] = 'rotated-9876543210';
	const answer = await get(() => respond(200, null, `${VALUE} rotated-9876543210 sk-live rotated`), {}, layer);
	assert.equal(await answer.text(), `${MARK} ${MARK} sk-live rotated`);
});
