import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { mapped, type Transform } from '../../src/bytes/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { bytes, drained, LendingSource, StrictSink } from './lending.ts';

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 8 });
const pauses = fc.array(fc.boolean(), { maxLength: 4 });

/** Pushes each byte by itself as a view of the lent chunk, and a mark at the end. */
const split: Transform = {
	write(chunk, push) {
		for (let i = 0; i < chunk.length; i++) push(chunk.subarray(i, i + 1));
	},
	end(push) {
		push(bytes('!'));
		push(bytes('?'));
	},
};

test('many pushes for one chunk keep order, pauses and lending', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, fc.boolean(), async (given, script, later) => {
			const trailers = FieldList.of(['T', '1']);
			const sink = await drained(mapped(new LendingSource(given, { later, trailers }), split), script);
			assert.deepEqual(sink.taken, [...given.flatMap((piece) => [...piece]), 0x21, 0x3f]);
			assert.equal(sink.trailers, trailers);
		}),
		{ numRuns: 150 },
	);
});

test('the producer waits while pushes wait', () => {
	const source = new LendingSource([bytes('ab'), bytes('c')]);
	const upper = mapped(source, split);
	const sink = new StrictSink([true]);
	upper.start(sink);
	assert.equal(sink.text, 'a');
	sink.release(upper);
	assert.equal(sink.text, 'ab');
	sink.release(upper);
	assert.equal(sink.text, 'abc');
});

test('a transform that throws fails the sink and cancels the source', async () => {
	const source = new LendingSource([bytes('a'), bytes('b')]);
	const broken = new Error('broken');
	let cancelled = 0;
	const sink = await drained(
		mapped(source, {
			write(chunk, push) {
				if (chunk[0] === 0x62) throw broken;
				push(chunk);
			},
			cancel: () => void cancelled++,
		}),
	);
	assert.deepEqual([sink.text, sink.error, source.cancelled, cancelled], ['a', broken, [broken], 1]);
});

test('a transform that throws at the end fails what looked complete', async () => {
	const broken = new Error('broken');
	const sink = await drained(
		mapped(new LendingSource([bytes('a')]), {
			write: (chunk, push) => push(chunk),
			end() {
				throw broken;
			},
		}),
	);
	assert.deepEqual([sink.text, sink.error, sink.ends], ['a', broken, 0]);
});

test('cancel and failure free the transform once', async () => {
	let cancelled = 0;
	const transform: Transform = { write: (chunk, push) => push(chunk), cancel: () => void cancelled++ };
	const source = new LendingSource([bytes('a')], { later: true });
	const one = mapped(source, transform);
	one.start(new StrictSink());
	one.cancel('gone');
	one.cancel('again');
	assert.deepEqual([source.cancelled, cancelled], [['gone'], 1]);
	const error = new Error('cut');
	const sink = await drained(mapped(new LendingSource([], { error }), transform));
	assert.deepEqual([sink.error, cancelled], [error, 2]);
});

test('the length is unknown unless it is given', () => {
	assert.equal(mapped(new LendingSource([], { length: 3 }), split).length, null);
	assert.equal(mapped(new LendingSource([], { length: 3 }), split, 5).length, 5);
});
