/** What answers of `npm audit --json` mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditVerdict } from './audit-verdict.ts';

const report = (vulnerabilities: object): string => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

test('a report without findings passes', () => {
	assert.deepEqual(auditVerdict(report({})), { failed: false, lines: ['no findings'] });
});

test('a finding of any severity fails, a line each', () => {
	for (const severity of ['info', 'low', 'moderate', 'high', 'critical']) {
		const via = [{ title: 'It counts wrong', url: 'https://advisories.example/1' }, 'other'];
		assert.deepEqual(auditVerdict(report({ left: { severity, range: '<1.2', via }, right: { severity } })), {
			failed: true,
			lines: [
				`${severity}: left <1.2: It counts wrong https://advisories.example/1; by other`,
				`${severity}: right undefined: `,
			],
		});
	}
});

test('a registry that refuses is told in one line, and passes', () => {
	const message = '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk';
	assert.deepEqual(auditVerdict(JSON.stringify({ message, method: 'POST', statusCode: 405, body: '' })), {
		failed: false,
		lines: [`not asked: the registry gives no audits (${message})`],
	});
	const old = auditVerdict(JSON.stringify({ error: { code: 'ENOAUDIT', summary: 'no' } }));
	assert.deepEqual([old.failed, old.lines.length], [false, 1]);
});

test('what is neither fails', () => {
	for (const output of [
		'',
		'npm error\nmore',
		'[]',
		'null',
		'{}',
		'{"error":{"code":"ENOLOCK"}}',
		'{"vulnerabilities":null}',
	]) {
		const { failed, lines } = auditVerdict(output);
		assert.deepEqual([failed, lines.length], [true, 1], output);
	}
});
