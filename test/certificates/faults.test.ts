/** Options of TLS that cannot be meant are refused before anything listens, all at once and by their names. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tlsFaults } from '../../src/certificates/index.ts';
import { minted } from '../support/minted.ts';

const { cert, key } = minted('one.example');
const other = minted('two.example');

for (const [value, ...reasons] of [
	[null, /^tls is no object: write \{ cert, key \} or \{ certFile, keyFile \}$/],
	[{}, /^tls\.cert is missing$/, /^tls\.key is missing$/],
	[{ cert: 'cert.pem', key }, /^tls\.cert is not PEM: give it the content of the file, or its name as certFile$/],
	[{ cert, key: other.key }, /^tls: the key is not that of the certificate$/],
	[{ cert: key, key }, /^tls: no certificate can be read: /],
	[{ cert, key: cert }, /^tls: no key can be read: /],
	[{ cert, keyFile: 'key.pem' }, /^tls has cert and keyFile: PEM or files, and not both$/],
	[{ keyFile: '' }, /^tls\.certFile is missing$/, /^tls\.keyFile is no path of a file$/],
	[{ certFile: '/nowhere/cert.pem' }, /^tls\.certFile: the file cannot be read: ENOENT/],
	[{ cert, key, minVersion: 'TLSv1.1' }, /^tls\.minVersion is not TLSv1\.2 or TLSv1\.3$/],
	[{ cert, key, ciphers: 'NO-SUCH' }, /^tls: .*no cipher match/i],
	[{ cert, key, ciphers: 7 }, /^tls\.ciphers is no list/],
	[{ cert, key, ticketSecret: 'short' }, /^tls\.ticketSecret has 5 bytes, and must have 32 at least$/],
	[{ cert, key, ticketSecret: 7 }, /^tls\.ticketSecret is neither text nor bytes$/],
	[{ cert, key, ocsp: 'text' }, /^tls\.ocsp is no bytes/],
	[{ cert, key, clientAuthorities: 'ca.pem' }, /^tls\.clientAuthorities is not PEM$/],
	[{ cert, key, requireClientCertificate: 1 }, /^tls\.requireClientCertificate is neither true nor false$/],
	[{ cert, key, cifers: 'x' }, /^tls\.cifers: no such setting; there are .*; did you mean ciphers\?$/],
	[{ certificates: [] }, /^tls\.certificates is no list of/],
	[
		{ certificates: [7, { cert, key, crt: '' }] },
		/^tls\.certificates\[0\] is no object/,
		/^tls\.certificates\[1\]\.crt: no such/,
	],
	[{ certificates: [{ cert, key }], cert }, /^tls\.cert: no such setting/],
	[
		{
			certificates: [
				{ cert, key },
				{ cert, key: other.key },
			],
		},
		/^tls\.certificates\[1\]: the key is not/,
	],
] as const) {
	test(`refused: ${JSON.stringify(value)?.slice(0, 90)}`, () => {
		const faults = tlsFaults(value, 'tls');
		assert.equal(faults.length, reasons.length, faults.join('\n'));
		for (const [index, reason] of reasons.entries()) assert.match(faults[index] as string, reason as RegExp);
	});
}

test('PEM and files in all their forms are taken', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const [certFile, keyFile, both, ocspFile] = ['cert', 'key', 'both', 'ocsp'].map((name) => join(folder, name)) as [
		string,
		string,
		string,
		string,
	];
	writeFileSync(certFile, cert);
	writeFileSync(keyFile, key);
	writeFileSync(both, `${cert}${key}`);
	writeFileSync(ocspFile, 'any bytes');
	for (const tls of [
		{ cert, key },
		{ cert: Buffer.from(cert), key: Buffer.from(key), ticketSecret: new Uint8Array(32) },
		{ certFile, keyFile, ocspFile },
		{ certFile: both, minVersion: 'TLSv1.3' },
		{ certificates: [{ certFile: both }, other], ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
	])
		assert.deepEqual(tlsFaults(tls, 'tls'), []);
});
