import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNames, choices } from '../../src/names/index.ts';

test('a name that nobody knows is refused with those that there are, and with the one that was meant', () => {
	const known = ['index', 'listing'];
	checkNames('files: ', { index: [], listing: undefined }, known);
	assert.throws(() => checkNames('files: ', { index: [], listng: true }, known), {
		name: 'TypeError',
		message: 'files: listng: no such option; there are index, listing; did you mean listing?',
	});
	assert.throws(() => checkNames('limits.', { toString: 1 }, known), {
		message: 'limits.toString: no such option; there are index, listing',
	});
});

test('one choice is told as one, and none as none', () => {
	assert.equal(choices('x', ['highWaterMark']), 'there is highWaterMark');
	assert.equal(choices('x', []), 'there are none');
});
