import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weightedList } from '../../src/fields/index.ts';

test('elements come with their weight, 1 where none is given', () => {
	const list = weightedList('gzip, BR;q=0.5, *;q=0, text/html;level=1;Q=0.25').map(({ name, weight }) => [
		name,
		weight,
	]);
	assert.deepEqual(list, [
		['gzip', 1],
		['br', 0.5],
		['*', 0],
		['text/html', 0.25],
	]);
	assert.deepEqual(weightedList(''), []);
});

test('a weight that cannot be read is none', () => {
	for (const value of ['gzip;q=2', 'gzip;q=-1', 'gzip;q=x', 'gzip;q="', 'gzip;;q=abc'])
		assert.deepEqual(
			weightedList(value).map(({ weight }) => weight),
			[0],
			value,
		);
});
