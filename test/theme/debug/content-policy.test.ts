/** Whether a script may stand in a page, by the policies of the page: as browsers judge it (CSP Level 3, section 6.7.3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptLeave } from '../../../src/theme/debug/content-policy.ts';

const CASES: readonly (readonly [policies: string | null, leave: string])[] = [
	[null, 'inline'],
	["img-src 'self'", 'inline'],
	["script-src 'self' 'unsafe-inline'", 'inline'],
	["default-src 'unsafe-inline'", 'inline'],
	["default-src 'self'", 'file'],
	["script-src 'none'", 'file'],
	["script-src 'self'; script-src 'unsafe-inline'", 'file'],
	["default-src 'none'; SCRIPT-SRC 'Unsafe-Inline'", 'inline'],
	["script-src 'self'; script-src-elem 'unsafe-inline'", 'inline'],
	["script-src 'unsafe-inline' 'sha256-abc='", 'file'],
	["script-src 'unsafe-inline' 'strict-dynamic'", 'file'],
	["script-src 'nonce-r4nd0m=='", 'r4nd0m=='],
	["script-src 'strict-dynamic' 'nonce-a_b-'", 'a_b-'],
	["script-src 'unsafe-inline', script-src 'self'", 'file'],
	["img-src 'self', default-src 'nonce-x'", 'x'],
	["script-src 'nonce-\"><b>'", 'file'],
];

for (const [policies, leave] of CASES) {
	test(`${policies}: ${leave}`, () => {
		const given = scriptLeave(policies);
		assert.equal(given.kind === 'file' ? 'file' : (given.nonce ?? 'inline'), leave);
	});
}
