import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { works } from '../../bench/suites.ts';

test('the document names every work with the bars that the bench keeps', () => {
	const text = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
	const rows = text.split('\n').filter((line) => /^\| `[\w-]+`: /.test(line));
	assert.equal(rows.length, works.length);
	for (const work of works) {
		const row = rows.find((line) => line.startsWith(`| \`${work.name}\`: `)) ?? '';
		assert.ok(row !== '', work.name);
		for (const bar of work.bars) assert.match(row, new RegExp(`${bar.limit}.* ${bar.value}(?= |$)`));
	}
});
