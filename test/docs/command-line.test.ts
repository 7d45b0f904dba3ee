import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands, words } from '../../src/cli/commands.ts';
import { faultsOf } from '../../src/serve/check-config.ts';
import { tableUnder } from './markdown-table.ts';

const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');

test('docs/command-line.md names every command', () => {
	const documented = tableUnder(page, 'Commands').map(([name]) => name);
	assert.deepEqual(documented, [...Object.keys(commands), ...Object.keys(words)]);
});

test('docs/command-line.md names every flag, the commands that have it, and its value', () => {
	const flags = new Map<string, string[]>();
	for (const [name, command] of Object.entries(commands)) {
		for (const [flag, { value }] of Object.entries(command.flags)) {
			const key = `--${flag} ${value}`.trimEnd();
			flags.set(key, [...(flags.get(key) ?? []), name]);
		}
	}
	const documented = tableUnder(page, 'Flags').map(([flag = '', by = '']) => [
		flag,
		by.replaceAll('`', '').split(', '),
	]);
	assert.deepEqual(new Map(documented as [string, string[]][]), flags);
});

test('docs/command-line.md names every setting of a configuration', () => {
	const [fault = ''] = faultsOf({ app: () => new Response(), '?': 1 });
	const settings = fault
		.replace(/^.*there are /, '')
		.split(', ')
		.toSorted();
	const documented = tableUnder(page, 'The configuration')
		.flatMap(([names = '']) => names.replaceAll('`', '').split(', '))
		.toSorted();
	assert.deepEqual(documented, settings);
});
