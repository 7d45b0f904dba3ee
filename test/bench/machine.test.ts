import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCoreList, program } from '../../bench/machine.ts';

test('a list of cores may hold ranges', () => {
	assert.deepEqual(parseCoreList('0-1\n'), [0, 1]);
	assert.deepEqual(parseCoreList('2,4-6,9'), [2, 4, 5, 6, 9]);
	assert.deepEqual(parseCoreList(''), []);
});

test('a program is found by its name, and one that is not there is not', () => {
	assert.match(program('sh') ?? '', /\/sh$/);
	assert.equal(program('no-such-program-here'), null);
});
