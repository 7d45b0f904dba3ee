import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldSafely } from '../../src/observe/index.ts';

test('who is told may throw or reject, and nobody is the worse for it', async () => {
	const told: string[] = [];
	const stray: unknown[] = [];
	const seen = (reason: unknown): void => void stray.push(reason);
	process.on('unhandledRejection', seen);
	const tell = (what: string): unknown => {
		told.push(what);
		if (what === 'rejects') return Promise.reject(new Error(what));
		throw new Error(what);
	};
	for (const what of ['throws', 'rejects']) toldSafely(tell)(what);
	await new Promise((resolve) => setTimeout(resolve, 5));
	process.off('unhandledRejection', seen);
	assert.deepEqual(told, ['throws', 'rejects']);
	assert.deepEqual(stray, []);
});
