/** Errors that reach nobody: each of them would end a process that does not watch for them. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

/** Collects them until the test is over; the answer asserts that there was none. */
export function watchStray(t: TestContext): () => void {
	const stray: unknown[] = [];
	const keep = (error: unknown): void => void stray.push(error);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	return () => assert.deepEqual(stray, []);
}
