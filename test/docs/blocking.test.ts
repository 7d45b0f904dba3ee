import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/blocking.md names every option', () => {
	const documented = tableUnder(read('docs/blocking.md'), 'Options').map(([name]) => name);
	assert.deepEqual(documented, membersOf(read('src/frameworks/blocking/options.ts'), 'ThreadsOptions'));
});
