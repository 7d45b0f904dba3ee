import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { chunks, fromIterable } from '../../src/bytes/index.ts';
import { bytes, drained, LendingSource, StrictSink } from './lending.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 8 });
const pauses = fc.array(fc.boolean(), { maxLength: 4 });

async function* slowly(given: Iterable<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
	for (const piece of given) {
		await turn();
		yield piece;
	}
}

test('an iterable, at once or slow, delivers its bytes under back-pressure', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, fc.boolean(), async (given, script, slow) => {
			const sink = await drained(fromIterable(slow ? slowly(given) : given), script);
			assert.deepEqual(
				sink.taken,
				given.flatMap((piece) => [...piece]),
			);
			assert.equal(sink.ends, 1);
		}),
		{ numRuns: 100 },
	);
});

test('text is sent as UTF-8, and what is neither fails', async () => {
	assert.deepEqual((await drained(fromIterable(['é', bytes('\0')]))).taken, [0xc3, 0xa9, 0]);
	const sink = await drained(fromIterable([bytes('a'), 7 as unknown as string]));
	assert.ok(sink.error instanceof TypeError);
	assert.equal(sink.text, 'a');
});

test('the next piece is asked for only when the last was taken', () => {
	let asked = 0;
	const source = fromIterable(
		(function* () {
			for (;;) yield String(asked++);
		})(),
	);
	const sink = new StrictSink([true]);
	source.start(sink);
	assert.equal(asked, 1);
	sink.release(source);
	assert.equal(asked, 2);
	source.cancel();
});

test('cancel runs the finally of a generator, and nothing more is delivered', async () => {
	const events: string[] = [];
	const source = fromIterable(
		(async function* () {
			try {
				yield 'a';
				await turn();
				yield 'b';
			} finally {
				events.push('left');
			}
		})(),
	);
	const sink = new StrictSink();
	source.start(sink);
	await Promise.resolve();
	await Promise.resolve();
	source.cancel();
	await turn();
	await turn();
	assert.deepEqual([events, sink.over], [['left'], false]);
});

test('a generator that throws, at once or later, fails the sink with its error', async () => {
	const error = new Error('broken');
	const now = fromIterable(
		(function* () {
			yield 'a';
			throw error;
		})(),
	);
	const later = fromIterable(
		(async function* () {
			yield 'a';
			throw error;
		})(),
	);
	for (const source of [now, later]) {
		const sink = await drained(source);
		assert.deepEqual([sink.text, sink.error, sink.ends], ['a', error, 0]);
	}
});

test('an iterator whose clean-up throws or rejects harms nobody', async () => {
	const cleanUps = [
		() => {
			throw new Error('clean-up');
		},
		() => Promise.reject(new Error('clean-up')),
	];
	for (const cleanUp of cleanUps) {
		const iterator = { next: async () => ({ done: false, value: 'a' }), return: cleanUp };
		const source = fromIterable({ [Symbol.asyncIterator]: () => iterator });
		source.start(new StrictSink([true]));
		await turn();
		source.cancel();
		await turn();
	}
});

test('an iterable is not opened before the source starts, and starts once', () => {
	let opened = 0;
	const iterable = {
		[Symbol.iterator]() {
			opened++;
			return [][Symbol.iterator]();
		},
	};
	fromIterable(iterable).cancel();
	assert.equal(opened, 0);
	const source = fromIterable(iterable);
	source.start(new StrictSink());
	assert.throws(() => source.start(new StrictSink()), TypeError);
});

test('chunks gives copies to keep', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 })), fc.boolean(), async (given, later) => {
			const seen: Uint8Array[] = [];
			for await (const chunk of chunks(new LendingSource(given, { later }))) seen.push(chunk);
			assert.deepEqual(
				seen.map((chunk) => [...chunk]),
				given.map((chunk) => [...chunk]),
			);
		}),
		{ numRuns: 100 },
	);
});

test('leaving the loop cancels the source', async () => {
	const source = new LendingSource([bytes('a'), bytes('b')]);
	for await (const chunk of chunks(source)) {
		assert.deepEqual([...chunk], [0x61]);
		break;
	}
	assert.equal(source.cancelled.length, 1);
});

test('a failing source throws into the loop after the bytes before it', async () => {
	const error = new Error('cut');
	const seen: number[] = [];
	await assert.rejects(async () => {
		for await (const chunk of chunks(new LendingSource([bytes('ab')], { error }))) seen.push(...chunk);
	}, error);
	assert.deepEqual(seen, [0x61, 0x62]);
});

test('a loop over a source that was used rejects and is over', async () => {
	const source = fromIterable(['a']);
	source.start(new StrictSink());
	const loop = chunks(source);
	await assert.rejects(loop.next(), TypeError);
	assert.deepEqual(await loop.next(), { done: true, value: undefined });
});

test('several calls of next are answered in order', async () => {
	const loop = chunks(new LendingSource([bytes('a'), bytes('b')]));
	const [one, two, three] = await Promise.all([loop.next(), loop.next(), loop.next()]);
	assert.deepEqual([one?.value?.[0], two?.value?.[0], three?.done], [0x61, 0x62, true]);
});
