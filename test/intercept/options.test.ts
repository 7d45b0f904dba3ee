/** What `intercept` and its `turnabout ca` refuse, and what is printed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificateAuthority, intercept, trustNotes } from '../../src/intercept/index.ts';
import { BIN } from '../cli/command-process.ts';
import { temporary } from './standing.ts';

const ca = certificateAuthority({ directory: '/nonexistent' });
const good = { hosts: ['a.example'], ca };

const refused: readonly (readonly [unknown, RegExp])[] = [
	[null, /intercept: the options are no object/],
	[{ ca }, /intercept: hosts must be a list of hosts, not undefined/],
	[{ ...good, hosts: 'a.example' }, /intercept: hosts must be a list of hosts, not "a\.example"/],
	[{ ...good, hosts: ['https://a.example'] }, /intercept: hosts: "https:\/\/a\.example": What/],
	[{ ...good, hosts: ['a.*.example'] }, /hosts: "a\.\*\.example": The host has a character/],
	[{ ...good, hosts: ['a.example:443'] }, /hosts: "a\.example:443": What stands with colons/],
	[{ ...good, hosts: [''] }, /hosts: "": The host is empty/],
	[{ ...good, hosts: [7] }, /hosts: 7 is no host/],
	[{ ...good, except: ['*.'] }, /except: "\*\.": The host is empty/],
	[{ hosts: ['*'] }, /ca must be made by certificateAuthority\(\), not undefined/],
	[{ ...good, mismatch: 'pass' }, /mismatch must be "refuse" or "follow", not "pass"/],
	[{ ...good, pinned: true }, /pinned must be "refuse" or "pass", not true/],
	[{ ...good, plain: 'ignore' }, /plain must be "http" or "pass" or "refuse"/],
	[{ ...good, days: 91 }, /days must be a whole number from 2 to 90, not 91/],
	[{ ...good, days: 1 }, /days must be a whole number from 2 to 90, not 1/],
	[{ ...good, certificates: 0 }, /certificates must be a whole number from 1 up, not 0/],
	[{ ...good, handshake: 1.5 }, /handshake must be a whole number from 1 up, not 1\.5/],
	[{ ...good, remember: Number.NaN }, /remember must be a whole number/],
	[{ ...good, http2: 'yes' }, /http2 must be true or false/],
	[{ ...good, log: 'stderr' }, /log must be a function/],
	[{ ...good, timeouts: { heder: 1 } }, /timeouts\.heder: no such option; .*did you mean header/],
	[{ ...good, timeouts: { header: -1 } }, /header/],
	[{ ...good, excpet: [] }, /excpet: no such option; .*did you mean except/],
];

test('options that could not be meant are refused, by name and with the reason', () => {
	for (const [options, message] of refused) assert.throws(() => intercept(options as never), message);
	intercept(good);
});

const command = (...args: string[]) =>
	spawnSync(process.execPath, [BIN, 'ca', ...args], {
		encoding: 'buffer',
		timeout: 30_000,
		env: { ...process.env, NODE_TEST_CONTEXT: undefined },
	});

test('turnabout ca shows where the authority is and how to trust it, and exports it', {
	timeout: 60_000,
}, async (t) => {
	const directory = join(temporary(t), 'ca');
	const shown = command('--directory', directory);
	assert.equal(shown.status, 0, String(shown.stderr));
	const { certificate, pem, der, path } = await certificateAuthority({ directory }).load();
	const text = String(shown.stdout);
	assert.ok(text.includes(certificate.fingerprint256) && text.includes(path));
	for (const word of [
		'update-ca-certificates',
		'NODE_EXTRA_CA_CERTS',
		'security add-trusted-cert',
		'certutil',
		'pip',
		'git config',
		'curl',
	])
		assert.ok(text.includes(word), word);
	assert.doesNotMatch(text, /PRIVATE|authority-key/);
	assert.equal(String(command('--directory', directory, '--export', '-').stdout), pem);
	const file = join(directory, 'exported.der');
	assert.equal(command('--directory', directory, '--export', file, '--format', 'der').status, 0);
	assert.deepEqual(readFileSync(file), Buffer.from(der));
	assert.equal(new X509Certificate(readFileSync(file)).fingerprint256, certificate.fingerprint256);
	chmodSync(join(directory, 'authority-key.pem'), 0o644);
	const open = command('--directory', directory);
	assert.equal(open.status, 1);
	assert.match(String(open.stderr), /^turnabout: .*can be read by others/);
	assert.equal(command('--format', 'p12').status, 2);
});

test('commands for a shell name the file as one word', () => {
	const lines = trustNotes("/it's here/$(rm)/a.pem").flatMap((note) => note.lines);
	for (const line of lines) {
		if (!line.includes('a.pem')) continue;
		assert.ok(line.includes(`'/it'\\''s here/$(rm)/a.pem'`), line);
	}
	assert.ok(trustNotes('/a/b.pem').some((note) => note.lines.includes('export NODE_EXTRA_CA_CERTS=/a/b.pem')));
});
