import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { programTimeouts } from '../../src/frameworks/program/index.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('docs/programs.md');
const namesUnder = (heading: string): string[] => tableUnder(page, heading).map(([name = '']) => name);

test('docs/programs.md names every option of program, wsgi and asgi', () => {
	assert.deepEqual(
		namesUnder('Options of `program`'),
		membersOf(read('src/frameworks/program/options.ts'), 'ProgramOptions'),
	);
	assert.deepEqual(
		namesUnder('Options of `wsgi` and `asgi`'),
		membersOf(read('src/frameworks/python/options.ts'), 'PythonOptions'),
	);
});

test('docs/programs.md names every time-out with its default', () => {
	const documented = tableUnder(page, 'Time-outs').map(([name, value]) => [name, Number(value)]);
	assert.deepEqual(documented, Object.entries(programTimeouts));
});
