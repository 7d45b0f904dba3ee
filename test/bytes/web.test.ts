import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	bytesSource,
	collect,
	collectText,
	fromIterable,
	isDisturbed,
	latin1Source,
	type Sink,
	type Source,
	sourceOf,
	TooLargeError,
	takeSource,
	webStream,
} from '../../src/bytes/index.ts';

/** A source moved by hand, which notes what is asked of it and lends one buffer over and over. */
class Hand implements Source {
	readonly length = null;
	sink: Sink | null = null;
	asked = 0;
	cancelled: unknown = undefined;
	private readonly buffer = new Uint8Array(4);

	start(sink: Sink): void {
		this.sink = sink;
	}

	resume(): void {
		this.asked += 1;
	}

	cancel(reason: unknown): void {
		this.cancelled = reason ?? 'cancelled';
	}

	push(byte: number): boolean {
		this.buffer.fill(byte);
		const more = (this.sink as Sink).write(this.buffer);
		if (more) this.buffer.fill(0xdb);
		return more;
	}
}

test('a stream starts its source by the first read, and pauses it between reads', async () => {
	const hand = new Hand();
	const stream = webStream(hand);
	await new Promise(setImmediate);
	assert.equal(hand.sink, null);
	const reader = stream.getReader();
	const first = reader.read();
	await new Promise(setImmediate);
	assert.equal(hand.push(1), false);
	assert.deepEqual(await first, { done: false, value: Uint8Array.of(1, 1, 1, 1) });
	await new Promise(setImmediate);
	assert.equal(hand.asked, 0);
	const second = reader.read();
	await new Promise(setImmediate);
	assert.equal(hand.asked, 1);
	hand.push(2);
	assert.deepEqual((await second).value, Uint8Array.of(2, 2, 2, 2));
});

test('chunks are copied, since they are only lent', async () => {
	const hand = new Hand();
	const reader = webStream(hand).getReader();
	const reads = [reader.read(), reader.read()];
	await new Promise(setImmediate);
	hand.push(1);
	hand.push(2);
	assert.deepEqual((await reads[0])?.value, Uint8Array.of(1, 1, 1, 1));
	assert.deepEqual((await reads[1])?.value, Uint8Array.of(2, 2, 2, 2));
});

test('end, failure and cancel go through', async () => {
	const ended = new Hand();
	const end = webStream(ended).getReader().read();
	await new Promise(setImmediate);
	ended.sink?.end();
	assert.equal((await end).done, true);

	const failing = new Hand();
	const failure = webStream(failing).getReader().read();
	await new Promise(setImmediate);
	failing.sink?.fail(new Error('cut'));
	await assert.rejects(failure, /cut/);

	const left = new Hand();
	await webStream(left).cancel('enough');
	assert.equal(left.cancelled, 'enough');
});

test('a byob read that meets the end is done', async () => {
	const hand = new Hand();
	const read = webStream(hand).getReader({ mode: 'byob' }).read(new Uint8Array(8));
	await new Promise(setImmediate);
	hand.sink?.end();
	assert.equal((await read).done, true);
});

test('a stream of ours gives its source back until it is read', async () => {
	const source = bytesSource('x');
	const stream = webStream(source);
	assert.equal(isDisturbed(stream), false);
	assert.equal(takeSource(stream), source);
	assert.equal(stream.locked, true);
	assert.throws(() => takeSource(stream), TypeError);
	const read = webStream(fromIterable(['ab', 'cd']));
	await read.getReader().read();
	assert.equal(isDisturbed(read), true);
	assert.throws(() => takeSource(read), TypeError);
	assert.throws(() => takeSource(new ReadableStream()), TypeError);
});

test('bytes survive the way through a stream and back', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), fc.boolean(), async (pieces, foreign) => {
			let stream: ReadableStream = webStream(fromIterable(pieces));
			if (foreign) stream = stream.pipeThrough(new TransformStream());
			assert.deepEqual(
				[...(await collect(sourceOf(stream)))],
				pieces.flatMap((piece) => [...piece]),
			);
		}),
		{ numRuns: 50 },
	);
});

test('a native stream is pulled by resume, and cancelled with its source', async () => {
	let pulls = 0;
	let cancelled: unknown = null;
	const stream = new ReadableStream(
		{
			pull(controller) {
				pulls += 1;
				controller.enqueue(Uint8Array.of(pulls));
			},
			cancel(reason) {
				cancelled = reason;
			},
		},
		{ highWaterMark: 0 },
	);
	const source = sourceOf(stream);
	const seen: number[] = [];
	source.start({ write: (chunk) => (seen.push(chunk[0] as number), false), end: () => {}, fail: () => {} });
	await new Promise(setImmediate);
	assert.deepEqual([seen, pulls], [[1], 1]);
	source.resume();
	await new Promise(setImmediate);
	assert.deepEqual([seen, pulls], [[1, 2], 2]);
	source.cancel('enough');
	await new Promise(setImmediate);
	assert.equal(cancelled, 'enough');
	source.resume();
	await new Promise(setImmediate);
	assert.deepEqual(seen, [1, 2]);
	assert.throws(() => source.start({ write: () => true, end: () => {}, fail: () => {} }), TypeError);
});

test('a source that was never started cancels its stream', async () => {
	const hand = new Hand();
	sourceOf(webStream(hand)).cancel('unwanted');
	assert.equal(hand.cancelled, 'unwanted');
});

test('a stream that fails, or delivers no bytes, fails the sink', async () => {
	const failing = new ReadableStream({
		pull(controller) {
			controller.error('no error at all');
		},
	});
	await assert.rejects(collect(sourceOf(failing)), Error);
	await assert.rejects(collect(sourceOf(ReadableStream.from([42]))), TypeError);
});

test('text in a native stream is sent as UTF-8', async () => {
	assert.equal(await collectText(sourceOf(ReadableStream.from(['é', '', Uint8Array.of(0x21)]))), 'é!');
});

test('a locked or partly read stream is not taken for a whole one', async () => {
	const sink: Sink = { write: () => true, end: () => {}, fail: () => {} };
	const locked = new ReadableStream();
	locked.getReader();
	assert.throws(() => sourceOf(locked).start(sink), TypeError);
	const response = new Response('text');
	const source = sourceOf(response.body as ReadableStream, response);
	await response.text();
	assert.throws(() => source.start(sink), TypeError);
});

test('collect gives all bytes in an array of their own', async () => {
	const bytes = Uint8Array.of(1, 2, 3);
	const collected = await collect(bytesSource(bytes));
	assert.deepEqual(collected, bytes);
	assert.notEqual(collected.buffer, bytes.buffer);
	assert.equal(collected.buffer.byteLength, 3);
	for (const length of [5, null, 1, 100_000]) {
		const all = await collect(fromIterable(['ab', 'cde'], length));
		assert.deepEqual([...all], [...Buffer.from('abcde')]);
		assert.equal(all.buffer.byteLength, 5);
	}
});

test('collect copies lent chunks', async () => {
	const hand = new Hand();
	const all = collect(hand);
	hand.push(1);
	hand.push(2);
	hand.sink?.end();
	assert.deepEqual(await all, Uint8Array.of(1, 1, 1, 1, 2, 2, 2, 2));
});

test('collect refuses more than its limit and cancels', async () => {
	const hand = new Hand();
	const all = collect(hand, 6);
	assert.equal(hand.push(1), true);
	assert.equal(hand.push(2), false);
	assert.ok(hand.cancelled instanceof TooLargeError);
	await assert.rejects(all, TooLargeError);
	await assert.rejects(collect(bytesSource('1234567'), 6), TooLargeError);
	assert.equal(await collectText(bytesSource('123456'), 6), '123456');
	await assert.rejects(collectText(bytesSource('1234567'), 6), TooLargeError);
});

test('collect rejects with what the source fails with, or throws', async () => {
	const hand = new Hand();
	const all = collect(hand);
	hand.sink?.fail(new Error('cut'));
	await assert.rejects(all, /cut/);
	const used = bytesSource('x');
	used.take();
	await assert.rejects(collect(used), TypeError);
	await assert.rejects(collectText(used), TypeError);
});

test('text is decoded as fetch does', async () => {
	for (const bytes of [[0xef, 0xbb, 0xbf, 0x61], [0xff, 0x61], [0xc3, 0xa9], []]) {
		const expected = await new Response(Uint8Array.from(bytes)).text();
		assert.equal(await collectText(bytesSource(Uint8Array.from(bytes))), expected);
		assert.equal(await collectText(latin1Source(String.fromCharCode(...bytes))), expected);
		assert.equal(await collectText(fromIterable(bytes.map((byte) => Uint8Array.of(byte)))), expected);
	}
});
