import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, double, property } from 'fast-check';
import { pairedDifference, pairedRatio, rotated, spread } from '../../bench/statistics.ts';

test('the median of an odd number is the middle one, of an even number the mean of two', () => {
	assert.deepEqual(spread([9, 1, 10]), { min: 1, median: 9, max: 10 });
	assert.deepEqual(spread([4, 1, 10, 2]), { min: 1, median: 3, max: 10 });
	assert.deepEqual(spread([7]), { min: 7, median: 7, max: 7 });
	assert.equal(spread([]), null);
});

test('a spread is ordered, bounds every value, and leaves its input alone', () => {
	check(
		property(array(double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
			const copy = [...values];
			const found = spread(values);
			assert.deepEqual(values, copy);
			assert.ok(found !== null && found.min <= found.median && found.median <= found.max);
			assert.ok(values.every((value) => value >= found.min && value <= found.max));
			const below = values.filter((value) => value < found.median).length;
			const above = values.filter((value) => value > found.median).length;
			assert.ok(below * 2 <= values.length && above * 2 <= values.length);
		}),
	);
});

test('ratios are taken within a round, so that a drift from round to round cancels out', () => {
	assert.deepEqual(pairedRatio([12, 24, 48], [10, 20, 40]), { min: 1.2, median: 1.2, max: 1.2 });
});

test('differences are taken within a round, too', () => {
	assert.deepEqual(pairedDifference([15, 26, null, 47], [10, 20, 30, 40]), { min: 5, median: 6, max: 7 });
	assert.equal(pairedDifference([null], [1]), null);
});

test('rounds without a figure on either side are left out', () => {
	assert.deepEqual(pairedRatio([null, 30, 20, 8], [10, null, 10, 2]), { min: 2, median: 3, max: 4 });
	assert.equal(pairedRatio([null], [10]), null);
	assert.equal(pairedRatio([1, 2], []), null);
	assert.equal(pairedRatio([1], [0]), null);
});

test('each round turns the order by one', () => {
	assert.deepEqual(
		[0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join('')),
		['abc', 'bca', 'cab', 'abc'],
	);
	assert.deepEqual(rotated([], 3), []);
});
