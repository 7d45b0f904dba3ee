/** Diazo's published cases, end to end, in its own mode. They are read from where they are; the project holds no copy. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { runCase } from '../../src/theme/cases/index.ts';

const FOLDER = resolve(import.meta.dirname, '../../../shared/theme-cases');
const cases = existsSync(FOLDER)
	? readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
	: [];

test('the folder with the cases is there', {
	skip: cases.length === 0 && 'the cases are not beside this checkout',
}, () => {
	assert.ok(cases.length > 100);
});

for (const name of cases) {
	test(`the case ${name} comes out as Diazo has it`, () => {
		const { passed, reason } = runCase(join(FOLDER, name));
		assert.ok(passed, reason);
	});
}
