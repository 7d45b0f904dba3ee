/** What is watched for a path: the folders and links on the way to it, and of what is missing the first that is not there. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { nearTo, trailOf } from '../../../src/theme/live/trail.ts';
import { emptyFolder } from './live-folder.ts';

const nowhere = (): boolean => false;

test('a file is watched in its folder, and the folders around it where they are near', (t) => {
	const path = emptyFolder(t);
	mkdirSync(path('a/b'), { recursive: true });
	writeFileSync(path('a/b/c.html'), '');
	const last = { folder: path('a/b'), name: 'c.html' };
	assert.deepEqual(trailOf(path('a/b/c.html'), nowhere), [last]);
	assert.deepEqual(trailOf(path('a/b/c.html'), nearTo([path('a/b')])), [{ folder: path('a'), name: 'b' }, last]);
});

test('of what is not there, the first thing missing is watched for', (t) => {
	const path = emptyFolder(t);
	mkdirSync(path('a'));
	assert.deepEqual(trailOf(path('a/none/at/all.html'), nowhere), [{ folder: path('a'), name: 'none' }]);
});

test('a link is watched where it stands, and what it leads to where that is', (t) => {
	const path = emptyFolder(t);
	mkdirSync(path('real/deep'), { recursive: true });
	writeFileSync(path('real/deep/c.html'), '');
	symlinkSync('real', path('link'));
	symlinkSync('../../real/deep/c.html', path('real/deep/again.html'));
	assert.deepEqual(
		trailOf(path('link/deep/again.html'), nowhere),
		[
			{ folder: path('.'), name: 'link' },
			{ folder: path('real/deep'), name: 'again.html' },
			{ folder: path('real/deep'), name: 'c.html' },
		].map((one) => ({ ...one, folder: one.folder.replace(/\/\.$/, '') })),
	);
});

test('links in a circle end somewhere', (t) => {
	const path = emptyFolder(t);
	symlinkSync('b', path('a'));
	symlinkSync('a', path('b'));
	assert.ok(trailOf(path('a/c'), nowhere).length < 100);
});
