import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkObject } from '../../src/names/index.ts';

test('options that are none are refused with what is needed, and without what was given', () => {
	for (const [given, what] of [
		[undefined, 'undefined'],
		[null, 'null'],
		['a secret', 'string'],
		[['a secret'], 'a list'],
	] as const) {
		assert.throws(() => checkObject('x', given, '{ a: 1 }'), {
			name: 'TypeError',
			message: `x: the options are no object such as { a: 1 }, but ${what}`,
		});
	}
	checkObject('x', {}, '{ a: 1 }');
});
