/** One spelling for every host, and none for what two readers would read differently. */
import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHost } from '../../../src/proxy/forward/read-host.ts';

const taken: readonly (readonly [string, 'name' | 'ipv4' | 'ipv6', string])[] = [
	['example.org', 'name', 'example.org'],
	['EXAMPLE.Org', 'name', 'example.org'],
	['localhost.', 'name', 'localhost'],
	['example.org.', 'name', 'example.org'],
	['a_b.svc-1.internal', 'name', 'a_b.svc-1.internal'],
	['xn--bcher-kva.example', 'name', 'xn--bcher-kva.example'],
	['1.example', 'name', '1.example'],
	['0x7f.example', 'name', '0x7f.example'],
	['127.0.0.1.nip.io', 'name', '127.0.0.1.nip.io'],
	['0xzz', 'name', '0xzz'],
	['1a', 'name', '1a'],
	['127.0.0.1', 'ipv4', '127.0.0.1'],
	['8.8.8.8', 'ipv4', '8.8.8.8'],
	['[::1]', 'ipv6', '::1'],
	['::1', 'ipv6', '::1'],
	['[2001:DB8:0:0:0:0:0:1]', 'ipv6', '2001:db8::1'],
	['[::ffff:7f00:1]', 'ipv4', '127.0.0.1'],
	['[::ffff:127.0.0.1]', 'ipv4', '127.0.0.1'],
	['::FFFF:7f00:1', 'ipv4', '127.0.0.1'],
];

for (const [text, kind, host] of taken) {
	test(`a host that is taken: ${text}`, () => {
		assert.deepEqual(readHost(text), { kind, host, reason: null });
	});
}

const refused: readonly (readonly [string, RegExp])[] = [
	['', /empty/],
	['.', /empty/],
	['..', /empty label/],
	['a..b', /empty label/],
	['.example.org', /empty label/],
	['example.org..', /empty label/],
	['0x7f.1', /hexadecimal/],
	['0X7F000001', /hexadecimal/],
	['0x', /hexadecimal/],
	['127.0.0.0x1', /hexadecimal/],
	['2130706433', /four decimal/],
	['0', /four decimal/],
	['127.1', /four decimal/],
	['127.0.1', /four decimal/],
	['1.2.3.4.5', /four decimal/],
	['256.0.0.1', /four decimal/],
	['999999999999', /four decimal/],
	['example.1', /four decimal/],
	['0177.0.0.1', /octal/],
	['127.0.0.01', /octal/],
	['017700000001', /octal/],
	['08.8.8.8', /octal/],
	['127.0.0.1.', /dot behind/],
	['127.1.', /four decimal/],
	['１２７.0.0.1', /A-labels/],
	['127。0。0。1', /A-labels/],
	['①②⑦.0.0.1', /A-labels/],
	['b\u00fccher.example', /A-labels/],
	['%31%32%37.0.0.1', /percent-encoded/],
	['example%2eorg', /percent-encoded/],
	['[::1', /brackets/],
	['::1]', /brackets/],
	['[fe80::1%eth0]', /zone/],
	['fe80::1%25eth0', /zone/],
	['[v1.fe80]', /no IPv6/],
	['[127.0.0.1]', /no IPv6/],
	['[example.org]', /no IPv6/],
	['[:::]', /no IPv6/],
	['1:2:3', /no IPv6/],
	['example.org:80', /no IPv6/],
	['a b', /character/],
	['127.0.0.1 x', /character/],
	['127.0.0.1\0.example.org', /character/],
	['example.org\r\nx', /character/],
	['user@example.org', /character/],
	['a,b', /character/],
	["a'b", /character/],
	['example.org/path', /character/],
	['example.org\\path', /character/],
	['example.org#x', /character/],
	[`${'a'.repeat(64)}.example`, /label longer/],
	[`${'a.'.repeat(130)}b`, /longer than 253/],
];

for (const [text, reason] of refused) {
	test(`a host that is refused: ${JSON.stringify(text.slice(0, 40))}`, () => {
		const read = readHost(text);
		assert.equal(read.host, null);
		assert.match(read.reason ?? '', reason);
	});
}

const number = fc.oneof(
	fc.integer({ min: 0, max: 300 }).map(String),
	fc.nat().map((value) => `0x${value.toString(16)}`),
	fc.nat({ max: 511 }).map((value) => `0${value.toString(8)}`),
	fc.nat().map(String),
);
const label = fc.stringMatching(/^[a-zA-Z0-9_.０-９%-]{1,12}$/);
const spelling = fc.oneof(
	fc
		.tuple(fc.array(fc.oneof(number, label), { minLength: 1, maxLength: 5 }), fc.constantFrom('', '.', '..'))
		.map(([parts, end]) => parts.join('.') + end),
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc.ipV4(),
	fc.ipV4Extended(),
	fc.ipV6(),
	fc.ipV6().map((address) => `[${address}]`),
	fc.domain(),
);

test('what a URL parser reads as an address is read as the same one, or refused', () => {
	fc.assert(
		fc.property(spelling, (text) => {
			const read = readHost(text);
			if (read.host === null) return;
			const written = read.kind === 'ipv6' ? `[${read.host}]` : read.host;
			if (written.includes('xn--')) return;
			assert.equal(new URL(`http://${written}/`).hostname, written);
			assert.equal(isIP(read.host), { name: 0, ipv4: 4, ipv6: 6 }[read.kind]);
			if (/[/?#@\\:\s]/.test(text) || read.kind !== 'name') return;
			assert.equal(new URL(`http://${text}/`).hostname.replace(/\.$/, ''), read.host);
		}),
		{ numRuns: 2000 },
	);
});

test('reading twice changes nothing', () => {
	fc.assert(
		fc.property(spelling, (text) => {
			const { host } = readHost(text);
			if (host !== null) assert.equal(readHost(host).host, host);
		}),
		{ numRuns: 2000 },
	);
});
