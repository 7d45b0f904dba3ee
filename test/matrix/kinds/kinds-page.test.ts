/** docs/frameworks.md against the tables that the suite runs by. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Gap } from './kind-case.ts';
import { type Kind, kinds } from './kinds.ts';
import { kindTable } from './table.ts';
import { kindThemes } from './themes.ts';

const page = readFileSync(new URL('../../../docs/frameworks.md', import.meta.url), 'utf8');
const all: readonly Kind[] = Object.values(kinds);

test('docs/frameworks.md has the table of kinds and cases', () => {
	const table = kindTable(all, kindThemes);
	assert.ok(page.includes(table), `The page must hold:\n${table}`);
});

test('every gap of a kind is seen in a case, and every substitute is run for some kind', () => {
	const declared = new Set<Gap>(all.flatMap(({ gaps }) => gaps));
	const seen = new Set(kindThemes.flatMap(({ cases }) => cases.flatMap(({ instead = {} }) => Object.keys(instead))));
	assert.deepEqual([...declared].toSorted(), [...seen].toSorted());
});
