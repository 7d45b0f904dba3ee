/** The authority in its folder: made once, kept for its owner alone, refused when it was not. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { certificateAuthority } from '../../src/intercept/index.ts';
import { server } from '../support/certificates.ts';
import { temporary } from './standing.ts';

const DAY = 86_400_000;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('made on first use: an authority of this machine, for less than ten years', async (t) => {
	const directory = join(temporary(t), 'a', 'b');
	const ca = certificateAuthority({ directory });
	assert.throws(() => statSync(directory), { code: 'ENOENT' });
	const { certificate, path, pem, der } = await ca.load();
	assert.deepEqual(
		[modeOf(directory), modeOf(join(directory, 'authority-key.pem')), modeOf(path)],
		[0o700, 0o600, 0o644],
	);
	assert.deepEqual(readdirSync(directory).toSorted(), ['authority-key.pem', 'authority.pem']);
	assert.match(certificate.subject, /^CN=Turnabout on .+, \d{4}-\d\d-\d\d$/);
	assert.equal(certificate.subject, certificate.issuer);
	assert.equal(certificate.ca, true);
	assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
	const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
	assert.ok(life <= 3_650 * DAY && life > 3_000 * DAY);
	assert.equal(readFileSync(path, 'utf8'), pem);
	assert.deepEqual(new X509Certificate(der).fingerprint256, certificate.fingerprint256);
	assert.doesNotMatch(readFileSync(path, 'utf8'), /PRIVATE/);
});

test('read again it is the same, in this process and in others', async (t) => {
	const directory = temporary(t);
	const [one, two] = await Promise.all([
		certificateAuthority({ directory }).load(),
		certificateAuthority({ directory }).load(),
	]);
	const third = await certificateAuthority({ directory }).load();
	assert.equal(one.pem, two.pem);
	assert.equal(one.pem, third.pem);
});

test('many processes that begin at the same time have one authority', async (t) => {
	const directory = join(temporary(t), 'ca');
	const source = new URL('../../src/intercept/index.ts', import.meta.url);
	const script = `import { certificateAuthority } from ${JSON.stringify(String(source))};
const { certificate } = await certificateAuthority({ directory: ${JSON.stringify(directory)} }).load();
console.log(certificate.fingerprint256);`;
	const run = promisify(execFile);
	const runs = Array.from({ length: 6 }, () => run(process.execPath, ['--input-type=module', '-e', script]));
	const prints = new Set((await Promise.all(runs)).map(({ stdout }) => stdout.trim()));
	assert.equal(prints.size, 1, [...prints].join('\n'));
	assert.match([...prints].join(), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
	assert.deepEqual(readdirSync(directory).toSorted(), ['authority-key.pem', 'authority.pem']);
});

test('a key that others can read is refused, and said how to go on', async (t) => {
	const directory = temporary(t);
	await certificateAuthority({ directory }).load();
	const key = join(directory, 'authority-key.pem');
	const ca = certificateAuthority({ directory });
	for (const mode of [0o640, 0o604, 0o620]) {
		chmodSync(key, mode);
		await assert.rejects(ca.load(), /authority-key\.pem can be read by others \(mode 06[024][04]\).*delete it/);
	}
	chmodSync(key, 0o600);
	await ca.load();
});

test('a folder that others can write to is refused', async (t) => {
	const directory = join(temporary(t), 'open');
	mkdirSync(directory);
	chmodSync(directory, 0o777);
	await assert.rejects(
		certificateAuthority({ directory }).load(),
		/can be written to by others \(mode 0777\): chmod 700/,
	);
	assert.deepEqual(readdirSync(directory), []);
});

test('what is no authority is refused', async (t) => {
	const directory = temporary(t);
	const key = join(directory, 'authority-key.pem');
	const good = certificateAuthority({ directory: join(temporary(t), 'good') });
	await good.load();
	const kept = readFileSync(join(good.directory, 'authority-key.pem'), 'utf8');
	const other = certificateAuthority({ directory: join(temporary(t), 'other') });
	const cases: readonly (readonly [string, RegExp])[] = [
		['', /is not the key and the certificate/],
		['nonsense', /is not the key and the certificate/],
		[kept.slice(0, 100), /is not the key and the certificate/],
		[`${server.key}${server.cert}`, /another key than one of ECDSA over P-256|of no authority/],
		[kept.slice(0, kept.indexOf('-----BEGIN CERT')) + (await other.load()).pem, /do not belong together/],
	];
	for (const [text, message] of cases) {
		writeFileSync(key, text, { mode: 0o600 });
		await assert.rejects(certificateAuthority({ directory }).load(), message);
	}
});

test('openssl believes it, by its strictest rules', async (t) => {
	const { path } = await certificateAuthority({ directory: temporary(t) }).load();
	const { stdout, status } = spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', path, path], {
		encoding: 'utf8',
	});
	assert.equal(status, 0, stdout);
});

test('options that are none', () => {
	const make = (options: unknown) => () => certificateAuthority(options as never);
	assert.throws(make(null), /certificateAuthority: the options are no object/);
	assert.throws(make({ directroy: '/x' }), /directroy: no such option; .*did you mean directory/);
	assert.throws(make({ directory: '' }), /directory must be a path/);
	assert.throws(make({ directory: 5 }), /directory must be a path, not 5/);
});
