import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPlace, parseAddress } from '../../src/serve/index.ts';

const places = {
	'8080': ['127.0.0.1', 8080],
	'0': ['127.0.0.1', 0],
	':8080': [null, 8080],
	':0': [null, 0],
	'127.0.0.1:8080': ['127.0.0.1', 8080],
	'0.0.0.0:80': ['0.0.0.0', 80],
	'[::1]:8080': ['::1', 8080],
	'[::]:65535': ['::', 65_535],
	'[fe80::1%eth0]:1': ['fe80::1%eth0', 1],
	'localhost:8080': ['localhost', 8080],
	'web-1.example.org:443': ['web-1.example.org', 443],
} as const;

for (const [text, [host, port]] of Object.entries(places)) {
	test(`${text} is an address`, () => assert.deepEqual(parseAddress(text), { kind: 'ip', host, port }));
}

test('unix: and a path is a socket in the file system', () => {
	assert.deepEqual(parseAddress('unix:/run/a b:8.sock'), { kind: 'unix', path: '/run/a b:8.sock' });
	assert.deepEqual(parseAddress('unix:app.sock'), { kind: 'unix', path: 'app.sock' });
});

const refused: Readonly<Record<string, RegExp>> = {
	'': /empty/,
	'65536': /65536 is not a port/,
	':65536': /65536 is not a port/,
	'8080x': /the port is missing/,
	'127.0.0.1': /the port is missing/,
	'127.0.0.1:': /the port is missing/,
	localhost: /the port is missing/,
	'[::1]': /the port is missing/,
	'host:http': /"http" is not a port/,
	'host:-1': /"-1" is not a port/,
	'host: 80': /" 80" is not a port/,
	'::1': /IPv6 address needs brackets and a port/,
	'fe80::1:8080x:1': /IPv6 address needs brackets/,
	'[::g]:80': /\[::g\] is not an IPv6 address in brackets/,
	'[127.0.0.1]:80': /not an IPv6 address in brackets/,
	'*:80': /\* is not a host/,
	'256.0.0.1:80': /"256\.0\.0\.1" is not a host/,
	'a b:80': /"a b" is not a host/,
	'user@host:80': /is not a host/,
	'http://127.0.0.1:80': /a URL/,
	'unix://run/x': /unix: takes a path, not a URL/,
	'unix:': /the path of the socket is missing/,
	'unix:/a\0b': /NUL/,
	[`unix:/${'x'.repeat(120)}`]: /longer than/,
};

for (const [text, reason] of Object.entries(refused)) {
	test(`${JSON.stringify(text).slice(0, 40)} is no address, and it says why and what is`, () => {
		assert.throws(
			() => parseAddress(text),
			(error: Error & { hint?: string; code?: string }) => {
				assert.equal(error.name, 'AddressError');
				assert.equal(error.code, 'ERR_TURNABOUT_ADDRESS');
				assert.match(error.message, reason);
				assert.ok((error.hint ?? '').length > 0);
				return true;
			},
		);
	});
}

test('what formatPlace writes, parseAddress reads', () => {
	const host = fc.oneof(fc.constant(null), fc.ipV4(), fc.ipV6(), fc.domain());
	fc.assert(
		fc.property(host, fc.integer({ min: 0, max: 65_535 }), (name, port) => {
			const place = { kind: 'ip', host: name, port } as const;
			assert.deepEqual(parseAddress(formatPlace(place)), place);
		}),
		{ numRuns: 300 },
	);
});

test('no text makes it throw anything but AddressError', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 40 }), (text) => {
			try {
				parseAddress(text);
			} catch (error) {
				assert.equal((error as Error).name, 'AddressError');
			}
		}),
		{ numRuns: 500 },
	);
});
