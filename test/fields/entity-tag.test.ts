import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EntityTag, parseEntityTag, parseEntityTags, sameStrongly, sameWeakly } from '../../src/fields/index.ts';

const strong = (opaque: string): EntityTag => ({ weak: false, opaque });
const weak = (opaque: string): EntityTag => ({ weak: true, opaque });

test('a tag is quoted, and weak with W/ in front, in that case alone', () => {
	assert.deepEqual(parseEntityTag('"a"'), strong('"a"'));
	assert.deepEqual(parseEntityTag('""'), strong('""'));
	assert.deepEqual(parseEntityTag('W/"a,b\\"'), weak('"a,b\\"'));
	for (const text of ['a', '"a', 'w/"a"', 'W/ "a"', '"a"b', '"a b"', '"a"b"', ''])
		assert.equal(parseEntityTag(text), null, text);
});

test('lists hold tags with commas in them, and empty elements', () => {
	assert.deepEqual(parseEntityTags('"a,b" , W/"c"'), [strong('"a,b"'), weak('"c"')]);
	assert.deepEqual(parseEntityTags(',"a",,'), [strong('"a"')]);
	assert.equal(parseEntityTags('*'), '*');
	for (const text of ['', ',', 'a', '"a" "b"', '"a", b', '*, "a"', '"a"x'])
		assert.equal(parseEntityTags(text), null, text);
});

test('weak tags are never the same strongly', () => {
	assert.equal(sameStrongly(strong('"a"'), strong('"a"')), true);
	assert.equal(sameStrongly(weak('"a"'), weak('"a"')), false);
	assert.equal(sameStrongly(strong('"a"'), weak('"a"')), false);
	assert.equal(sameWeakly(strong('"a"'), weak('"a"')), true);
	assert.equal(sameWeakly(strong('"a"'), strong('"b"')), false);
});
