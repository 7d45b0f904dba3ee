/** Whether files are others than those that were read; and whether one has just been emptied, so that it is worth waiting. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { FileStamps } from '../../../src/theme/live/file-stamps.ts';
import { emptyFolder } from './live-folder.ts';

test('files that are as they were are neither outdated nor emptied', (t) => {
	const path = emptyFolder(t);
	writeFileSync(path('a'), 'words');
	writeFileSync(path('empty'), '');
	const stamps = new FileStamps();
	for (const name of ['a', 'empty', 'none']) stamps.note(path(name));
	assert.deepEqual([stamps.outdated, stamps.emptied], [false, false]);
	assert.deepEqual(stamps.paths, ['a', 'empty', 'none'].map(path));
});

test('a file that has changed, or come, outdates what was read before', (t) => {
	const path = emptyFolder(t);
	writeFileSync(path('a'), 'words');
	for (const [name, text] of [
		['a', 'other words'],
		['b', 'words'],
	] as const) {
		const stamps = new FileStamps();
		stamps.note(path(name));
		writeFileSync(path(name), text);
		stamps.note(path(name));
		assert.deepEqual([stamps.outdated, stamps.emptied], [true, false]);
	}
});

test('a file that is empty now or gone was emptied', (t) => {
	const path = emptyFolder(t);
	writeFileSync(path('a'), 'words');
	writeFileSync(path('b'), 'words');
	const [one, two] = [new FileStamps(), new FileStamps()];
	one.note(path('a'));
	two.note(path('b'));
	writeFileSync(path('a'), '');
	rmSync(path('b'));
	assert.deepEqual([one.emptied, two.emptied], [true, true]);
});
