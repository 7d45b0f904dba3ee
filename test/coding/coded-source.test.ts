/** A body that is coded and decoded while it flows: pauses go through, nothing is lost, everything is freed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { bytesSource, collect, fromIterable, type Sink, type Source } from '../../src/bytes/index.ts';
import { type CodedOptions, codedSource, codings, preferred, rowOf } from '../../src/coding/index.ts';
import { until } from '../support/until.ts';

type Decoding = NonNullable<CodedOptions['decodes']>;

const unlimited: Decoding = { took() {}, gave: () => null, wrong: (cause) => new Error('wrong', { cause }) };

const encoding = (name: 'br' | 'zstd' | 'gzip' | 'deflate'): CodedOptions => {
	const { encoder, flush } = rowOf(name);
	return { open: () => encoder(), flush: { kind: flush, after: 50 } };
};

const decoding = (name: 'br' | 'zstd' | 'gzip' | 'deflate', decodes: Decoding = unlimited): CodedOptions => ({
	open: (first) => rowOf(name).decoder(first),
	decodes,
});

/** Takes what comes, and stops the source behind every chunk until told to go on. */
class Slow implements Sink {
	readonly chunks: Uint8Array[] = [];
	ended = false;
	error: Error | null = null;
	write(chunk: Uint8Array): boolean {
		this.chunks.push(chunk);
		return false;
	}
	end(): void {
		this.ended = true;
	}
	fail(reason: Error): void {
		this.error = reason;
	}
}

/** Hands out chunks as long as it is asked; counts them, and whether it was cancelled. */
class Endless implements Source {
	readonly length = null;
	given = 0;
	cancelled: unknown = null;
	private sink: Sink | null = null;
	private readonly chunk: Uint8Array;
	constructor(chunk: Uint8Array) {
		this.chunk = chunk;
	}
	start(sink: Sink): void {
		this.sink = sink;
		this.resume();
	}
	resume(): void {
		do this.given++;
		while (this.sink !== null && this.sink.write(this.chunk));
	}
	cancel(reason?: unknown): void {
		this.sink = null;
		this.cancelled = reason ?? true;
	}
}

const bytes = new Uint8Array(randomBytes(300_000));

for (const { name } of codings) {
	test(`${name}: what goes in comes out, in pieces of any size`, async () => {
		for (const size of [1_000, 70_000, 300_000]) {
			const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
				bytes.subarray(i * size, (i + 1) * size),
			);
			const there = codedSource(fromIterable(pieces), encoding(name));
			assert.deepEqual(await collect(codedSource(there, decoding(name))), bytes);
		}
	});

	test(`${name}: an empty body is coded as one, and an empty coded body stays empty`, async () => {
		const coded = await collect(codedSource(bytesSource(''), encoding(name)));
		assert.ok(coded.length > 0);
		assert.equal((await collect(codedSource(bytesSource(coded), decoding(name)))).length, 0);
		assert.equal((await collect(codedSource(bytesSource(''), decoding(name)))).length, 0);
	});

	test(`${name}: what is cut short, garbage, or followed by something is refused`, async () => {
		const coded = await collect(codedSource(bytesSource('hello '.repeat(999)), encoding(name)));
		const twice = [coded, new TextEncoder().encode('GET / HTTP/1.1')];
		for (const pieces of [
			[coded.subarray(0, -3)],
			[new TextEncoder().encode('no such coding at all')],
			twice,
			[new Uint8Array(Buffer.concat(twice))],
		]) {
			await assert.rejects(collect(codedSource(fromIterable(pieces), decoding(name))), /wrong/);
		}
	});
}

test('a consumer that stops holds the source back, and what zlib keeps is bounded', async () => {
	// Further apart than gzip looks back: it cannot be made smaller.
	const source = new Endless(bytes);
	const slow = new Slow();
	const coded = codedSource(source, encoding('gzip'));
	coded.start(slow);
	await until(() => slow.chunks.length === 1, 'the first chunk');
	let seen = -1;
	// As long as something still moves, it is not held yet.
	while (seen !== source.given) {
		seen = source.given;
		await new Promise((resolve) => setTimeout(resolve, 60));
	}
	assert.ok(source.given <= 2, `${source.given} chunks of 300 kB were taken`);
	coded.resume();
	await until(() => slow.chunks.length === 2, 'the second chunk');
	coded.cancel('enough');
	assert.equal(source.cancelled, 'enough');
});

test('whoever gives up frees the stream of zlib, once, and hears nothing more', async () => {
	let closed = 0;
	let opened: { readonly destroyed: boolean } | null = null;
	const source = new Endless(bytes.subarray(0, 16_384));
	const slow = new Slow();
	const coded = codedSource(source, {
		...encoding('br'),
		open: () => {
			const made = rowOf('br').encoder();
			opened = made;
			return made;
		},
		closed: () => closed++,
	});
	coded.start(slow);
	coded.cancel();
	coded.cancel();
	await new Promise((resolve) => setTimeout(resolve, 60));
	assert.equal(closed, 1);
	assert.equal((opened as { readonly destroyed: boolean } | null)?.destroyed, true);
	assert.deepEqual([slow.ended, slow.error], [false, null]);
});

test('what was never started opens nothing', () => {
	const coded = codedSource(new Endless(bytes), { open: () => assert.fail('opened') });
	coded.cancel();
	assert.throws(() => coded.start(new Slow()), TypeError);
});

test('a source that fails in the middle fails what is made of it', async () => {
	async function* broken() {
		yield 'some';
		throw new Error('broke');
	}
	await assert.rejects(collect(codedSource(fromIterable(broken()), encoding('gzip'))), /broke/);
});

test('a source that pauses is flushed: the other end can read all that was written', async () => {
	for (const { name } of codings) {
		for (const after of [0, 30]) {
			const { encoder, flush } = rowOf(name);
			const waiting = Promise.withResolvers<void>();
			async function* paused() {
				yield 'data: one\n\n';
				await waiting.promise;
			}
			const reader = rowOf(name).decoder(name === 'deflate' ? 0x78 : 0);
			let read = '';
			reader.on('data', (chunk: Uint8Array) => {
				read += Buffer.from(chunk).toString();
			});
			const coded = codedSource(fromIterable(paused()), { open: () => encoder(), flush: { kind: flush, after } });
			coded.start({
				write: (chunk) => reader.write(Uint8Array.from(chunk)) || true,
				end: () => reader.end(),
				fail() {},
			});
			await until(() => read === 'data: one\n\n', `${name} after ${after} ms`);
			waiting.resolve();
		}
	}
});

test('a decoder that is told to stop stops, and everything is freed', async () => {
	const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
	let given = 0;
	let closed = 0;
	const source = codedSource(bytesSource(bomb), {
		...decoding('gzip', { ...unlimited, gave: (count) => ((given += count) > 100_000 ? new Error('too much') : null) }),
		closed: () => closed++,
	});
	await assert.rejects(collect(source), /too much/);
	assert.ok(given < 300_000, `${given} bytes were decoded`);
	assert.equal(closed, 1);
});

test('windows of zstd larger than 8 MB are refused: RFC 9659', async () => {
	const { ZSTD_c_windowLog, ZSTD_c_compressionLevel } = zlib.constants;
	const wide = zlib.zstdCompressSync(Buffer.alloc(40_000_000, 'abc'), {
		params: { [ZSTD_c_windowLog]: 25, [ZSTD_c_compressionLevel]: 3 },
	});
	// Without its length in the frame, the window is what the encoder was told.
	const stream = zlib.createZstdCompress({ params: { [ZSTD_c_windowLog]: 25, [ZSTD_c_compressionLevel]: 1 } });
	stream.end(Buffer.alloc(40_000_000, 'abc'));
	const flowing = Buffer.concat(await stream.toArray());
	for (const body of [wide, flowing]) {
		await assert.rejects(collect(codedSource(bytesSource(body), decoding('zstd'))), /wrong/);
	}
});

const choices: readonly (readonly [accept: string | null, chosen: string | null])[] = [
	[null, null],
	['', null],
	['gzip', 'gzip'],
	['GZIP', 'gzip'],
	['x-gzip', 'gzip'],
	['br, gzip', 'br'],
	['gzip, br', 'br'],
	['br;q=0.5, gzip;q=0.8', 'gzip'],
	['br;q=0.5,gzip;q=0.5', 'br'],
	['*', 'br'],
	['*;q=0', null],
	['br;q=0, *', 'gzip'],
	['gzip;q=0, br;q=0', null],
	['identity', null],
	['identity;q=0', null],
	['identity, gzip', 'gzip'],
	['identity;q=1, gzip;q=0.5', null],
	['identity;q=0.5, gzip;q=0.5', 'gzip'],
	['compress, exi', null],
	['gzip;q=1.5', null],
	['gzip;q=-1', null],
	['gzip;q=nonsense', null],
	['gzip;q=0.001', 'gzip'],
	[';;;,,,q=,gzip ;q = 1', null],
	['gzip;q="1', null],
	['"gzip", (br)', null],
	['br\u00e9, gzip', 'gzip'],
	[`${'gzip,'.repeat(1_000)}br`, null],
];

for (const [accept, chosen] of choices) {
	test(`Accept-Encoding: ${accept?.slice(0, 40) ?? 'none'} gets ${chosen ?? 'it plain'}`, () => {
		assert.equal(preferred(accept, ['br', 'gzip']), chosen);
	});
}
