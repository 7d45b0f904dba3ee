/** Content codings: taken off what comes, put on what leaves, as the client likes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { bytesSource, fromIterable } from '../../../src/bytes/index.ts';
import { Coder, chosen, decoded, encoded, TooMuch } from '../../../src/coding/index.ts';
import { lint } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import type { HttpThemeOptions } from '../../../src/theme/http/index.ts';
import { fakeThemer, page, streamingThemer, watched } from './fake-themer.ts';

const encode = {
	gzip: zlib.gzipSync,
	'x-gzip': zlib.gzipSync,
	deflate: zlib.deflateSync,
	br: zlib.brotliCompressSync,
	zstd: zlib.zstdCompressSync,
	identity: (text: string) => Buffer.from(text),
} as const;
const decode: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
	gzip: zlib.gunzipSync,
	deflate: zlib.inflateSync,
	br: zlib.brotliDecompressSync,
	zstd: zlib.zstdDecompressSync,
};

const SMALL = '<p>süß</p>';
const LARGE = `<p>${Array.from({ length: 40_000 }, (_, i) => (i * 7919 + (i % 13) * 31).toString(36)).join(' é ')}</p>`;

function* split(bytes: Uint8Array, size: number): Generator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function visit(
	body: Uint8Array,
	coding: string,
	accept: string | null,
	options: HttpThemeOptions = {},
	streams = false,
) {
	const themer = streams ? streamingThemer() : fakeThemer();
	const payload =
		body.length > 100_000
			? fromIterable(split(body, 10_000))
			: streams
				? fromIterable(split(body, 7))
				: bytesSource(body);
	const { layer, lines } = watched(themer, options);
	const answer = await ask(lint(layer(page(payload, { 'Content-Encoding': coding }))), {
		fields: accept === null ? {} : { 'Accept-Encoding': accept },
	});
	const bytes = await answer.bytes();
	const out = answer.fields.get('content-encoding');
	const plain = out === null ? bytes : (decode[out]?.(bytes) ?? bytes);
	return { out, text: new TextDecoder().decode(plain), lines, fields: answer.fields, bytes };
}

test('every coding is taken off and put on again, small and large, whole and in pieces', async () => {
	for (const text of [SMALL, LARGE]) {
		for (const [coding, make] of Object.entries(encode)) {
			for (const streams of [false, true]) {
				const answer = await visit(make(text), coding, 'gzip, deflate, br, zstd', {}, streams);
				const expected = coding === 'identity' ? null : coding === 'x-gzip' ? 'gzip' : coding;
				assert.equal(answer.out, expected, `${coding} ${streams}`);
				assert.ok(answer.text === `[theme]${text}[/theme]`, `${coding} ${text.length} ${streams}`);
				assert.deepEqual(answer.lines, []);
			}
		}
	}
});

test('deflate without its wrapper is understood, too', async () => {
	for (const text of [SMALL, LARGE]) {
		for (const streams of [false, true]) {
			const answer = await visit(zlib.deflateRawSync(text), 'deflate', 'deflate', {}, streams);
			assert.ok(answer.text === `[theme]${text}[/theme]`);
		}
	}
});

test("a client that does not take the upstream's coding gets what it likes best, or plain", async () => {
	for (const [accept, out] of [
		['br', 'br'],
		['gzip;q=0.5, zstd', 'gzip'],
		['gzip;q=0, zstd', 'zstd'],
		['deflate', 'deflate'],
		['identity', null],
		[null, null],
	] as const) {
		const answer = await visit(
			encode[accept === 'deflate' ? 'deflate' : 'gzip'](SMALL),
			accept === 'deflate' ? 'deflate' : 'gzip',
			accept,
		);
		assert.deepEqual([answer.out, answer.text], [out, `[theme]${SMALL}[/theme]`]);
		assert.match(answer.fields.get('vary') ?? '', /Accept-Encoding/);
	}
});

test('what came plain stays plain, unless the option wants it compressed', async () => {
	assert.equal((await visit(encode.identity(SMALL), 'identity', 'br')).out, null);
	assert.equal((await visit(encode.identity(SMALL), 'identity', 'gzip, br', { encode: 'always' })).out, 'br');
	assert.equal((await visit(encode.gzip(SMALL), 'gzip', 'gzip, br', { encode: 'never' })).out, null);
});

test('a coding is chosen by weight, then by what is best', () => {
	for (const [accept, upstream, expected] of [
		['gzip, deflate, br, zstd', null, 'br'],
		['gzip, zstd', null, 'zstd'],
		['gzip;q=1, br;q=0.9', null, 'gzip'],
		['*', null, 'br'],
		['*;q=0.5, br;q=0', null, 'zstd'],
		['gzip;q=0', null, null],
		['gzip;q=0.2, identity;q=0.8', null, null],
		['gzip;q=0.2, identity;q=0.8', 'gzip', 'gzip'],
		['br', 'gzip', 'br'],
		['X-GZIP', 'gzip', 'gzip'],
		['deflate', null, null],
		['', 'gzip', null],
		['gzip;q=banana', 'gzip', null],
		[null, 'gzip', null],
	] as const) {
		assert.equal(chosen(accept, upstream), expected, String(accept));
	}
});

test('a body that is not in the coding it names, or is cut short, passes through as it is', async () => {
	const cut = encode.gzip(LARGE).subarray(0, 50_000);
	for (const [body, coding] of [
		[Buffer.from('<p>no gzip at all</p>'), 'gzip'],
		[cut, 'gzip'],
		[encode.br(SMALL).subarray(0, 5), 'br'],
		[Buffer.from('<p>no zstd at all</p>'), 'zstd'],
	] as const) {
		const { layer, lines } = watched(fakeThemer());
		const answer = await ask(lint(layer(page(fromIterable(split(body, 9_000)), { 'Content-Encoding': coding }))));
		assert.deepEqual(Buffer.from(await answer.bytes()), Buffer.from(body));
		assert.equal(answer.fields.get('content-encoding'), coding);
		assert.equal(lines.length, 1);
	}
});

test('in streaming, too, as long as nothing has left', async () => {
	const body = Buffer.from('<p>no gzip at all, and longer than a head</p>');
	const { layer, lines } = watched(streamingThemer());
	const answer = await ask(lint(layer(page(fromIterable(split(body, 9)), { 'Content-Encoding': 'gzip' }))));
	assert.deepEqual(Buffer.from(await answer.bytes()), body);
	assert.equal(lines.length, 1);
});

test('a bomb passes through as it came, without going off', async () => {
	const bomb = { gzip: zlib.gzipSync(Buffer.alloc(30_000_000)), br: zlib.brotliCompressSync(Buffer.alloc(30_000_000)) };
	for (const [coding, body] of Object.entries(bomb)) {
		for (const themer of [fakeThemer(), fakeThemer({ streams: true })]) {
			const { layer, lines } = watched(themer, { maxBytes: 1_000_000 });
			const answer = await ask(layer(page(fromIterable(split(body, 8_000)), { 'Content-Encoding': coding })));
			assert.deepEqual(Buffer.from(await answer.bytes()), Buffer.from(body));
			assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=bytes');
			assert.equal(lines.length, 1);
			assert.ok(themer.written.join('').length <= 1_000_000);
		}
	}
});

test('a piece that is flushed can be read by the other end at once', async () => {
	for (const coding of ['gzip', 'deflate', 'br', 'zstd'] as const) {
		const encoder = Coder.encoder(coding);
		const decoder = Coder.decoder(coding, 1_000);
		for (const word of ['one', 'two', 'three']) {
			const pieces = [...(await encoder.write(Buffer.from(word))), ...(await encoder.flush())];
			const out: Uint8Array[] = [];
			for (const piece of pieces) out.push(...(await decoder.write(piece)));
			assert.equal(Buffer.concat(out).toString(), word, coding);
		}
		const last = [...(await encoder.end())];
		for (const piece of last) await decoder.write(piece);
		assert.deepEqual(await decoder.end(), []);
	}
});

test('limits and mistakes are told wherever the work is done', async () => {
	for (const size of [100, 50_000_000]) {
		const body = zlib.gzipSync(Buffer.alloc(size));
		await assert.rejects(async () => decoded('gzip', body, 10), TooMuch);
		await assert.rejects(async () => decoded('gzip', body.subarray(0, -1), 100_000_000), { code: 'Z_BUF_ERROR' });
	}
	const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i * 31) % 251));
	for (const coding of ['gzip', 'deflate', 'br', 'zstd'] as const) {
		for (const bytes of [noise, noise.subarray(0, 10)]) {
			assert.deepEqual(Buffer.from(await decoded(coding, await encoded(coding, bytes), 200_000)), bytes);
		}
	}
});
