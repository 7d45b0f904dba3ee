/** docs/engines.md against the tables that the suite runs by. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runtimeSubjects } from '../runtimes/subjects.ts';
import { subjects } from './engines.ts';
import { abilityTable, matrixTable } from './table.ts';
import { themes } from './themes.ts';

const page = readFileSync(new URL('../../docs/engines.md', import.meta.url), 'utf8');

/** The page tells of the newest Node; what an older one lacks is in its text. */
const newest = [
	...subjects.map((subject) => ({ ...subject, can: { ...subject.can, inform: true } })),
	...runtimeSubjects,
];

test('docs/engines.md says what each engine can do', () => {
	assert.ok(page.includes(abilityTable(newest)), `The page must hold:\n${abilityTable(newest)}`);
});

test('docs/engines.md has the table of engines and cases', () => {
	assert.ok(page.includes(matrixTable(newest, themes)), `The page must hold:\n${matrixTable(newest, themes)}`);
});
