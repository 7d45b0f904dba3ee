import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/static-files.md names every option', () => {
	const documented = tableUnder(read('docs/static-files.md'), 'Options').map(([name]) => name);
	assert.deepEqual(documented, membersOf(read('src/files/options.ts'), 'FilesOptions'));
});
