import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
	Abort,
	Disconnected,
	errorVerdict,
	HttpError,
	ProtocolError,
	proxyStatusErrors,
	rules,
	UpstreamError,
} from '../../src/convention/index.ts';
import { tableUnder } from './markdown-table.ts';

const page = readFileSync(new URL('../../docs/convention.md', import.meta.url), 'utf8');

test('docs/convention.md has the rules that lint reports, with their numbers and words', () => {
	const headings = [...page.matchAll(/^### Rule (\d+): (.*)$/gm)].map(([, number, words]) => [number, words]);
	assert.deepEqual(headings, Object.entries(rules));
});

test('docs/convention.md has every type of upstream error with its status and phase', () => {
	assert.deepEqual(
		tableUnder(page, 'Types of upstream errors'),
		Object.values(proxyStatusErrors).map(({ type, status, phase }) => [type, String(status), phase]),
	);
});

test('docs/convention.md says what is answered and logged for each error', () => {
	const samples: Record<string, unknown> = {
		'`HttpError`, 4xx': new HttpError(404),
		'`HttpError`, 5xx': new HttpError(503),
		'`ProtocolError`, side `remote`': new ProtocolError({ side: 'remote', code: 'X', status: 431 }),
		'`ProtocolError`, side `local`': new ProtocolError({ side: 'local', code: 'X' }),
		UpstreamError: new UpstreamError('dns_error'),
		Disconnected: new Disconnected(),
		Abort: new Abort(),
		'anything else': new Error('x'),
	};
	const rows = tableUnder(page, 'What is answered');
	assert.deepEqual(
		rows.map(([name]) => name),
		Object.keys(samples),
	);
	for (const [name = '', , answered = '', logged] of rows) {
		const { status, level } = errorVerdict(samples[name]);
		assert.equal(level ?? 'never', logged, name);
		if (status === null) assert.equal(answered, 'nothing', name);
		else assert.ok(answered.startsWith('its status') || answered.startsWith(String(status)), name);
	}
});
