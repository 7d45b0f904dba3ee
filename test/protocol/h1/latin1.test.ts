import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBlocks, latin1 } from '../../../src/protocol/h1/latin1.ts';

const all = Uint8Array.from({ length: 10_000 }, (_, i) => i % 256);

test('every byte becomes the character of its number, with and without the native way', () => {
	const expected = Buffer.from(all).toString('latin1');
	assert.equal(inBlocks(all, 0, all.length), expected);
	assert.equal(latin1(all, 0, all.length), expected, 'before a Buffer has been seen');
	assert.equal(latin1(Buffer.from(all), 0, all.length), expected);
	assert.equal(latin1(all, 0, all.length), expected, 'after a Buffer has been seen');
	assert.equal(latin1(all, 10, 300), expected.slice(10, 300));
	assert.equal(inBlocks(all, 10, 9000), expected.slice(10, 9000));
	assert.equal(inBlocks(all, 5, 5), '');
});
