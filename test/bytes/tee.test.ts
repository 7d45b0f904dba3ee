import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BacklogError, bytesSource, tee, WholeSource } from '../../src/bytes/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { bytes, drained, LendingSource, StrictSink } from './lending.ts';

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 8 });
const pauses = fc.array(fc.boolean(), { maxLength: 4 });

test('both branches see all bytes and the trailers, whatever either pauses', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, pauses, fc.boolean(), fc.boolean(), async (given, one, two, later, late) => {
			const trailers = FieldList.of(['T', '1']);
			const [left, right] = tee(new LendingSource(given, { later, trailers }));
			const first = drained(left, one);
			if (late) await new Promise((resolve) => setImmediate(resolve));
			const sinks = await Promise.all([first, drained(right, two)]);
			for (const sink of sinks) {
				assert.deepEqual(
					sink.taken,
					given.flatMap((piece) => [...piece]),
				);
				assert.equal(sink.ends, 1);
				assert.equal(sink.trailers, trailers);
			}
		}),
		{ numRuns: 150 },
	);
});

test('the slower branch holds the producer back', () => {
	const source = new LendingSource([bytes('a'), bytes('b')]);
	const [left, right] = tee(source);
	const fast = new StrictSink();
	const slow = new StrictSink([true]);
	right.start(slow);
	assert.equal(slow.text, 'a');
	left.start(fast);
	assert.equal(fast.text, 'a');
	slow.release(right);
	assert.equal(fast.text, 'ab');
	assert.equal(source.finished, false);
	slow.release(right);
	assert.deepEqual([fast.text, slow.text, fast.ends, slow.ends], ['ab', 'ab', 1, 1]);
});

test('a branch that was not started misses nothing', async () => {
	const [left, right] = tee(new LendingSource([bytes('ab'), bytes('cd')]));
	assert.equal((await drained(left)).text, 'abcd');
	assert.equal((await drained(right, [true])).text, 'abcd');
});

test('what is kept for a branch that was not started is bounded', async () => {
	const source = new LendingSource([bytes('abc'), bytes('def')]);
	const [left, right] = tee(source, 5);
	const sink = await drained(left);
	assert.ok(sink.error instanceof BacklogError);
	assert.equal(source.cancelled.length, 1);
	const other = await drained(right);
	assert.equal(other.error, sink.error);
	assert.equal(other.text, '');
});

test('cancelling one branch leaves the other, cancelling both cancels the source', async () => {
	const source = new LendingSource([bytes('a'), bytes('b')]);
	const [left, right] = tee(source);
	left.cancel();
	left.cancel();
	assert.deepEqual(source.cancelled, []);
	assert.equal((await drained(right)).text, 'ab');

	const both = new LendingSource([bytes('a')]);
	const [one, two] = tee(both);
	one.cancel('first');
	two.cancel('second');
	assert.deepEqual(both.cancelled, ['second']);
	assert.throws(() => one.start(new StrictSink()), TypeError);
});

test('a paused branch that is cancelled does not hold the other back', () => {
	const [left, right] = tee(new LendingSource([bytes('a'), bytes('b')]));
	const stuck = new StrictSink([true]);
	left.start(stuck);
	const sink = new StrictSink();
	right.start(sink);
	assert.equal(sink.text, 'a');
	left.cancel();
	assert.deepEqual([sink.text, sink.ends], ['ab', 1]);
});

test('a failure reaches both branches, started or not', async () => {
	const error = new Error('cut');
	const [left, right] = tee(new LendingSource([bytes('a')], { error }));
	assert.equal((await drained(left)).error, error);
	assert.equal((await drained(right)).error, error);
});

test('a source that is used already throws at the first start and fails the other branch', async () => {
	const used = new LendingSource([bytes('a')]);
	used.start(new StrictSink());
	const [left, right] = tee(used);
	assert.throws(() => left.start(new StrictSink()));
	assert.ok((await drained(right)).error);
});

test('payloads in memory are shared without a copy', () => {
	const chunk = bytes('abc');
	for (const branch of tee(bytesSource(chunk))) {
		assert.ok(branch instanceof WholeSource);
		assert.equal(branch.take(), chunk);
	}
});

test('the length is known to both', () => {
	const [left, right] = tee(new LendingSource([], { length: 7 }));
	assert.deepEqual([left.length, right.length], [7, 7]);
});
