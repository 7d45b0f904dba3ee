/** The certificates that clients are shown. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pem, serverCertificate, time } from '../../src/certificates/x509/index.ts';
import { certificateAuthority } from '../../src/intercept/index.ts';
import { Leaves } from '../../src/intercept/leaves.ts';
import { secured, standing, tells, temporary } from './standing.ts';

const DAY = 86_400_000;

test('openssl believes them, for names and addresses of every kind, and for no others', async (t) => {
	const directory = temporary(t);
	const { issuer, path } = await certificateAuthority({ directory: join(directory, 'ca') }).load();
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const now = Date.now();
	const hosts = [
		'a.example',
		'_x.a-b.example',
		`${'x'.repeat(60)}.${'y'.repeat(60)}.example`,
		'192.0.2.1',
		'::1',
		'2001:db8::7',
		'::ffff:192.0.2.1',
		'fe80::1:2:3:4',
	];
	for (const host of hosts) {
		const file = join(directory, 'leaf.pem');
		writeFileSync(file, pem(serverCertificate(host, privateKey, issuer, { from: now - DAY, to: now + DAY })));
		const check = /:|^\d/.test(host) ? '-verify_ip' : '-verify_hostname';
		const verify = (name: string): number | null =>
			spawnSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', check, name, '-CAfile', path, file])
				.status;
		assert.equal(verify(host), 0, host);
		assert.notEqual(verify(check === '-verify_ip' ? '192.0.2.9' : 'b.example'), 0);
	}
});

test('times are written as RFC 5280 says, on both sides of 2050', () => {
	assert.equal(Buffer.from(time(Date.UTC(2049, 11, 31, 23, 59, 59))).toString('latin1'), '\x17\r491231235959Z');
	assert.equal(Buffer.from(time(Date.UTC(2050, 0, 1))).toString('latin1'), '\x18\x0f20500101000000Z');
	assert.equal(Buffer.from(time(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toString('latin1'), '\x17\r260102030405Z');
});

test('one certificate for a name however many ask, with a serial number of its own, for at most 90 days', async (t) => {
	const stand = await standing(t, tells, { days: 90 });
	const shown = async (host: string): Promise<X509Certificate> => {
		const tls = await secured(t, stand, `${host}:443`);
		return tls.getPeerX509Certificate() as X509Certificate;
	};
	const many = await Promise.all(Array.from({ length: 8 }, () => shown('a.example')));
	assert.equal(new Set(many.map(({ serialNumber }) => serialNumber)).size, 1);
	const other = await shown('b.example');
	const [one] = many as [X509Certificate];
	assert.notEqual(other.serialNumber, one.serialNumber);
	assert.ok(one.serialNumber.length >= 31, one.serialNumber);
	assert.ok(Date.parse(one.validTo) - Date.parse(one.validFrom) <= 90 * DAY);
	assert.ok(Date.parse(one.validFrom) < Date.now() - 3_600_000);
	assert.equal(one.subjectAltName, 'DNS:a.example');
	assert.equal(one.ca, false);
	// One key for all of them.
	assert.ok(one.publicKey.equals(other.publicKey));
	assert.deepEqual(stand.interceptor.statistics().certificates, { kept: 2, made: 2 });
});

test('as many are kept as may be, those that were used last', async (t) => {
	const authority = await certificateAuthority({ directory: temporary(t) }).load();
	const leaves = new Leaves(3, 30);
	const a = leaves.contextFor('a.example', authority);
	for (const host of ['b.example', 'c.example', 'a.example', 'd.example']) leaves.contextFor(host, authority);
	assert.deepEqual(leaves.statistics(), { kept: 3, made: 4 });
	assert.equal(leaves.contextFor('a.example', authority), a);
	leaves.contextFor('b.example', authority);
	assert.deepEqual(leaves.statistics(), { kept: 3, made: 5 });
	for (let i = 0; i < 50; i++) leaves.contextFor(`${i}.example`, authority);
	assert.deepEqual(leaves.statistics(), { kept: 3, made: 55 });
});

test('one that is about to end is replaced', async (t) => {
	const authority = await certificateAuthority({ directory: temporary(t) }).load();
	const leaves = new Leaves(3, 2);
	const one = leaves.contextFor('a.example', authority);
	assert.equal(leaves.contextFor('a.example', authority), one);
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 0.6 * DAY });
	assert.notEqual(leaves.contextFor('a.example', authority), one);
	assert.deepEqual(leaves.statistics(), { kept: 1, made: 2 });
});
