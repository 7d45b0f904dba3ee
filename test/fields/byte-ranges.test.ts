import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseByteRanges } from '../../src/fields/index.ts';

test('ranges are cut at the end, and those behind it left out', () => {
	assert.deepEqual(parseByteRanges('bytes=0-4,8-20, -3 ,50-60', 10, 9), [
		{ first: 0, last: 4 },
		{ first: 8, last: 9 },
		{ first: 7, last: 9 },
	]);
	assert.deepEqual(parseByteRanges('bytes=10-', 10, 9), []);
	assert.deepEqual(parseByteRanges('bytes=-0', 10, 9), []);
	assert.deepEqual(parseByteRanges('bytes=0-', 0, 9), []);
	assert.deepEqual(parseByteRanges('bytes=-5', 0, 9), []);
});

test('what is malformed, of another unit, or too much is no range', () => {
	for (const value of [
		'',
		'bytes',
		'bytes=',
		'bytes=,',
		'bytes=-',
		'bytes=1',
		'bytes=2-1',
		'bytes=a-',
		'bytes=1-2-3',
		'items=0-1',
	])
		assert.equal(parseByteRanges(value, 10, 9), null, value);
	assert.equal(parseByteRanges('bytes=99999999999999999999-', 10, 9), null);
	assert.equal(parseByteRanges('bytes=0-1,2-3,4-5', 10, 2), null);
});

test('every range lies within the representation and is not empty', () => {
	const position = fc.option(fc.nat(30), { nil: '' });
	const spec = fc.tuple(position, position).map(([first, last]) => `${first}-${last}`);
	fc.assert(
		fc.property(fc.array(spec, { maxLength: 5 }), fc.nat(20), (specs, length) => {
			for (const { first, last } of parseByteRanges(`bytes=${specs.join(',')}`, length, 9) ?? [])
				assert.ok(0 <= first && first <= last && last < length);
		}),
	);
});
