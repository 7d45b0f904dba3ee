/** The page on credentials and budgets names every option that there is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

for (const [heading, source, type] of [
	['Members of a rule', 'inject/options', 'InjectRule'],
	['Options of `budget`', 'budget/options', 'BudgetOptions'],
] as const)
	test(`docs/credentials.md names every member of ${type}`, () => {
		const members = membersOf(read(`src/middleware/${source}.ts`), type);
		assert.ok(members.length > 0);
		assert.deepEqual(
			tableUnder(read('docs/credentials.md'), heading).map(([name = '']) => name),
			members,
		);
	});
