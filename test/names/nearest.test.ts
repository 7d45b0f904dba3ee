import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/names/nearest.ts';

test('a mistyped word finds its neighbour', () => {
	const words = ['listen', 'host', 'to', 'access-log', 'workers'];
	for (const [typed, meant] of Object.entries({
		lisen: 'listen',
		Listen: 'listen',
		lsiten: 'listen',
		'acces-log': 'access-log',
		ot: 'to',
	})) {
		assert.equal(nearest(typed, words), meant, typed);
	}
});

test('a word that is far from all finds none', () => {
	for (const typed of ['banana', 'x', '', 'configuration'])
		assert.equal(nearest(typed, ['listen', 'workers']), null, typed);
});

test('the distance is a metric of single edits', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
			const distance = editDistance(a, b);
			assert.equal(distance, editDistance(b, a));
			assert.equal(distance === 0, a === b);
			assert.ok(distance >= Math.abs(a.length - b.length) && distance <= Math.max(a.length, b.length));
		}),
		{ numRuns: 300 },
	);
	assert.equal(editDistance('ab', 'ba'), 1);
});
