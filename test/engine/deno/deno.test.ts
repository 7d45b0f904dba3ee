/** On Deno itself: test/runtimes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denoServe } from '../../../src/engine/deno/index.ts';

test('denoServe says on another runtime that it needs Deno', () => {
	assert.throws(() => denoServe(), /Deno\.serve: it needs Deno/);
});
