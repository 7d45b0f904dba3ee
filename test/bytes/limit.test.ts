import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { limited } from '../../src/bytes/index.ts';
import { bytes, drained, LendingSource, StrictSink } from './lending.ts';

const tooLarge = new Error('too large');

test('up to the limit everything passes; beyond it nothing of the chunk does', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.uint8Array({ minLength: 1, maxLength: 6 }), { maxLength: 8 }),
			fc.nat(30),
			fc.array(fc.boolean(), { maxLength: 4 }),
			async (pieces, maximum, pauses) => {
				const source = new LendingSource(pieces);
				const sink = await drained(
					limited(source, maximum, () => tooLarge),
					pauses,
				);
				const all = pieces.flatMap((piece) => [...piece]);
				assert.deepEqual(sink.taken, all.slice(0, sink.taken.length));
				assert.ok(sink.taken.length <= maximum);
				assert.equal(sink.error, all.length > maximum ? tooLarge : null);
				assert.equal(source.cancelled.length, all.length > maximum ? 1 : 0);
				if (all.length <= maximum) assert.deepEqual(sink.taken, all);
			},
		),
		{ numRuns: 150 },
	);
});

test('a declared length beyond the limit fails before the first byte, and the source is never started', async () => {
	const source = new LendingSource([bytes('abc')], { length: 3 });
	const sink = await drained(limited(source, 2, tooLarge));
	assert.deepEqual([sink.error, sink.text, source.started, source.cancelled.length], [tooLarge, '', false, 1]);
});

test('it starts once, and cancel reaches the source', () => {
	const source = new LendingSource([bytes('abc')], { later: true });
	const bounded = limited(source, 5, tooLarge);
	bounded.start(new StrictSink());
	assert.throws(() => bounded.start(new StrictSink()), TypeError);
	bounded.cancel('gone');
	assert.deepEqual(source.cancelled, ['gone']);
});
