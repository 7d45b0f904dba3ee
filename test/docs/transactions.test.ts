import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TransactionError } from '../../src/middleware/transaction/index.ts';
import { sqliteSettings } from '../../src/middleware/transaction/sqlite/sqlite-options.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const folder = 'src/middleware/transaction';
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('docs/transactions.md');
const namesUnder = (heading: string): string[] => tableUnder(page, heading).map(([name = '']) => name);

test('docs/transactions.md names every option of transaction, sqlite and fromPg', () => {
	assert.deepEqual(
		namesUnder('Options of `transaction`'),
		membersOf(read(`${folder}/transaction.ts`), 'TransactionOptions'),
	);
	assert.deepEqual(namesUnder('SQLite'), membersOf(read(`${folder}/sqlite/sqlite-options.ts`), 'SqliteOptions'));
	assert.deepEqual(
		namesUnder('Options of `fromPg`'),
		membersOf(read(`${folder}/adapters/from-pg.ts`), 'FromPgOptions'),
	);
});

test('docs/transactions.md gives the numbers of sqlite', () => {
	const documented = tableUnder(page, 'SQLite').flatMap(([name = '', value = '']) =>
		/^\d+$/.test(value) ? [[name, Number(value)]] : [],
	);
	const numbers = Object.entries(sqliteSettings('app.db')).filter(([, value]) => typeof value === 'number');
	assert.deepEqual(new Map(documented as [string, number][]), new Map(numbers as [string, number][]));
});

test('docs/transactions.md names every error', () => {
	const codes = namesUnder('Errors');
	const type = /^export type TransactionErrorCode = (.*);$/m.exec(read(`${folder}/transaction-error.ts`))?.[1] ?? '';
	assert.deepEqual(codes.toSorted(), [...type.matchAll(/'(\w+)'/g)].map(([, code = '']) => code).toSorted());
	for (const code of codes) assert.notEqual(new TransactionError(code as 'COMMIT_FAILED').message, '');
});
