/** On Bun itself: test/runtimes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bunServe } from '../../../src/engine/bun/index.ts';

test('bunServe says on another runtime that it needs Bun', () => {
	assert.throws(() => bunServe(), /Bun\.serve: it needs Bun/);
});
