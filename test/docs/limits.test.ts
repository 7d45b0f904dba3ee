import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { connectionLimits, engineTimeouts } from '../../src/engine/engine.ts';
import { h1Limits } from '../../src/protocol/h1/limits.ts';
import { type ViolationCode, violations } from '../../src/protocol/h1/violations.ts';
import { tableUnder } from './markdown-table.ts';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');

/** Names with defaults, as the page writes them. */
const written = (options: object): string[] =>
	Object.entries(options).map(([name, value]) => `${name} ${value === Number.POSITIVE_INFINITY ? 'no limit' : value}`);

const documented = (heading: string): string[] => tableUnder(page, heading).map(([name, value]) => `${name} ${value}`);

test('docs/limits.md names every limit of a message with its default', () => {
	assert.deepEqual(documented('One message'), written(h1Limits));
});

test('docs/limits.md gives each limit the status of its rule', () => {
	for (const [name, , status, rule] of tableUnder(page, 'One message')) {
		assert.equal(Number(status), violations[rule as ViolationCode].status, String(name));
	}
});

test('docs/limits.md names every time-out with its default', () => {
	assert.deepEqual(documented('Time'), written(engineTimeouts));
});

test('docs/limits.md names every limit of connections with its default', () => {
	assert.deepEqual(documented('Connections'), written(connectionLimits));
});

test('docs/limits.md lists every rule with its status and message', () => {
	const rules = Object.values(violations).map(({ code, status, message }) => [code, String(status), message]);
	assert.deepEqual(tableUnder(page, 'What is refused as malformed'), rules);
});
