import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { poolLimits, upstreamTimeouts } from '../../src/client/options.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('docs/reverse-proxy.md');

const pairs = (options: object): string[] => Object.entries(options).map(([name, value]) => `${name} ${value}`);

const documented = (heading: string): string[] => tableUnder(page, heading).map(([name, value]) => `${name} ${value}`);

test('docs/reverse-proxy.md names every option of reverse', () => {
	const options = [
		...membersOf(read('src/proxy/reverse/options.ts'), 'ReverseOptions'),
		...membersOf(read('src/client/options.ts'), 'UpstreamOptions'),
	];
	assert.ok(options.length > 10);
	assert.deepEqual(
		tableUnder(page, 'Options')
			.map(([name]) => name)
			.toSorted(),
		options.toSorted(),
	);
});

test('docs/reverse-proxy.md names every time-out of an upstream with its default', () => {
	assert.deepEqual(documented('Time-outs'), pairs(upstreamTimeouts));
});

test('docs/reverse-proxy.md names every limit of the pool with its default', () => {
	assert.deepEqual(documented('Pool'), pairs(poolLimits));
});

test('the table of duties in README.md holds what the table test proves, no more', () => {
	const proved = [...read('test/duties/table.test.ts').matchAll(/^test\(['"](.+?)['"], async/gm)].map(
		(match) => match[1],
	);
	const claimed = tableUnder(read('README.md'), 'Why another one').map(([row = '']) => row);
	assert.ok(claimed.length > 10);
	for (const row of claimed) assert.ok(proved.includes(row), `${row} is not a test of test/duties/table.test.ts`);
});
