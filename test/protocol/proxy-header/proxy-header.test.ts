/** PROXY headers: what is written is read, at every split; what is malformed is refused, and nothing else is taken for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST_PROXY_HEADER, proxyHeader, readProxyHeader } from '../../../src/protocol/proxy-header/index.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const port = fc.integer({ min: 0, max: 65_535 });
const end = (host: fc.Arbitrary<string>): fc.Arbitrary<{ host: string; port: number }> => fc.record({ host, port });
const ends = fc.oneof(
	fc.record({ remote: end(fc.ipV4()), local: end(fc.ipV4()) }),
	fc.record({ remote: end(fc.ipV6()), local: end(fc.ipV6()) }),
);
/** An address in one spelling. */
const canonical = (host: string): string => (host.includes(':') ? new URL(`http://[${host}]`).host : host);

test('what is written is read again, whatever comes behind it and wherever it is split', () => {
	fc.assert(
		fc.property(ends, fc.constantFrom(1 as const, 2 as const), fc.string(), (both, version, rest) => {
			const header = proxyHeader(version, both);
			const all = Uint8Array.from([...header, ...bytes(rest.replace(/[^\x00-\xff]/g, ''))]);
			for (let split = 0; split < header.length; split++)
				assert.equal(readProxyHeader(all.subarray(0, split)).state, 'more');
			const outcome = readProxyHeader(all);
			assert.equal(outcome.state, 'read');
			if (outcome.state !== 'read' || outcome.ends === null) assert.fail('it names both ends');
			assert.equal(outcome.length, header.length);
			const { remote, local } = outcome.ends;
			assert.deepEqual([remote.port, local.port], [both.remote.port, both.local.port]);
			assert.deepEqual(
				[remote, local].map(({ host }) => canonical(host)),
				[both.remote, both.local].map(({ host }) => canonical(host)),
			);
		}),
	);
});

test('a balancer that speaks for itself, or of no address we know', () => {
	const unknown = proxyHeader(1, { remote: null, local: null });
	assert.equal(Buffer.from(unknown).toString(), 'PROXY UNKNOWN\r\n');
	const local = proxyHeader(2, { remote: null, local: null });
	for (const header of [unknown, local, bytes('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n')])
		assert.deepEqual(readProxyHeader(header), { state: 'read', length: header.length, ends: null });
	const mixed = { remote: { host: '192.0.2.1', port: 1 }, local: { host: '::1', port: 2 } };
	assert.equal(Buffer.from(proxyHeader(1, mixed)).toString(), 'PROXY UNKNOWN\r\n');
});

test('what may stand behind the addresses in version 2 is passed over', () => {
	const header = proxyHeader(2, { remote: { host: '192.0.2.1', port: 1 }, local: { host: '192.0.2.2', port: 2 } });
	const more = Uint8Array.from([...header, 1, 0, 2, 104, 50]);
	more[15] = (more[15] as number) + 5;
	const outcome = readProxyHeader(more);
	assert.ok(outcome.state === 'read' && outcome.length === more.length && outcome.ends?.remote.host === '192.0.2.1');
});

const rows: readonly [what: string, text: string][] = [
	['a request', 'GET / HTTP/1.1\r\n'],
	['TLS', '\x16\x03\x01\x02\x00'],
	['nearly the word', 'PROXIE TCP4'],
	['another family', 'PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n'],
	['an address of another family', 'PROXY TCP4 ::1 ::2 1 2\r\n'],
	['an address that is none', 'PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n'],
	['a port that is none', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n'],
	['a port with a zero in front', 'PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n'],
	['too few words', 'PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n'],
	['too many words', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n'],
	['two spaces', 'PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n'],
	['a line without an end', `PROXY UNKNOWN ${'x'.repeat(100)}`],
	['a signature that is broken', '\r\n\r\n\0\r\nQUIX\n'],
	['another version', '\r\n\r\n\0\r\nQUIT\n\x11\x11\0\x0c'],
	['another command', '\r\n\r\n\0\r\nQUIT\n\x22\x11\0\x0c'],
	['no room for its addresses', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x04abcd'],
	['too long', '\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff'],
];

for (const [what, text] of rows)
	test(`refused: ${what}`, () => {
		assert.equal(readProxyHeader(bytes(text)).state, 'wrong');
	});

test('no bytes at all keep it waiting for more than its longest header', () => {
	fc.assert(
		fc.property(fc.uint8Array({ minLength: LONGEST_PROXY_HEADER, maxLength: LONGEST_PROXY_HEADER + 10 }), (noise) => {
			assert.notEqual(readProxyHeader(noise).state, 'more');
		}),
	);
});
