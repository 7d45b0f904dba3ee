/** Framesets, which stand where a body would. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHtml } from '../../../src/theme/tree/index.ts';

test('what belongs into a head and stands in a frameset opens no head', () => {
	for (const source of ['<frameset><base></frameset></html>', '<frameset><head><meta></frameset></html>x']) {
		const tree = parseHtml(source);
		assert.equal(tree.names.filter((name) => name === 'html').length, 1);
		assert.equal(tree.ends[0], source.length);
	}
});
