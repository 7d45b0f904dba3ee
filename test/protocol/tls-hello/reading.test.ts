/** What the first bytes of a stream say: whether they are TLS, for whom, and what would be spoken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HelloOutcome, HelloReader, LONGEST_HELLO } from '../../../src/protocol/tls-hello/index.ts';
import { clientHello } from '../../support/client-hello.ts';

function read(...pieces: readonly Uint8Array[]): HelloOutcome | null {
	const reader = new HelloReader();
	for (const piece of pieces) reader.feed(piece);
	return reader.outcome;
}

const u8 = (n: number): number[] => [n];
const u16 = (n: number): number[] => [n >> 8, n & 255];
const u24 = (n: number): number[] => [n >> 16, (n >> 8) & 255, n & 255];
const vector = (size: (n: number) => number[], bytes: readonly number[]): number[] => [...size(bytes.length), ...bytes];
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

const sni = (...names: readonly string[]): number[] => [
	...u16(0),
	...vector(
		u16,
		vector(
			u16,
			names.flatMap((name) => [0, ...vector(u16, ascii(name))]),
		),
	),
];
const alpn = (...names: readonly string[]): number[] => [
	...u16(16),
	...vector(
		u16,
		vector(
			u16,
			names.flatMap((name) => vector(u8, ascii(name))),
		),
	),
];
const message = (body: readonly number[], type = 1): number[] => [type, ...vector(u24, body)];
const record = (bytes: readonly number[], type = 22): number[] => [type, 3, 1, ...vector(u16, bytes)];
const body = (extensions: readonly number[] | null, session = 32): number[] => [
	3,
	3,
	...new Array<number>(32).fill(9),
	...vector(u8, new Array<number>(session).fill(1)),
	...vector(u16, [0x13, 1, 0xc0, 0x2b]),
	...vector(u8, [0]),
	...(extensions === null ? [] : vector(u16, extensions)),
];
const hello = (...extensions: readonly number[][]): Uint8Array =>
	Uint8Array.from(record(message(body(extensions.flat()))));

const nameIn = (outcome: HelloOutcome | null): string | null =>
	outcome?.kind === 'hello' ? outcome.hello.serverName : `! ${outcome?.kind}`;

test('name and protocols of a real client, in pieces cut at every place', async () => {
	const bytes = await clientHello({ servername: 'api.example', ALPNProtocols: ['h2', 'http/1.1'] });
	const expected = { kind: 'hello', hello: { serverName: 'api.example', protocols: ['h2', 'http/1.1'] } };
	assert.deepEqual(read(bytes), expected);
	for (let at = 0; at < bytes.length; at++) {
		assert.equal(read(bytes.subarray(0, at)), null, `${at} bytes are too few`);
		assert.deepEqual(read(bytes.subarray(0, at), bytes.subarray(at)), expected);
	}
	assert.deepEqual(read(...[...bytes].map((byte) => Uint8Array.of(byte))), expected);
});

test('a message over records cut at every place', () => {
	const whole = message(body([...sni('a.example'), ...alpn('h2')]));
	for (let at = 1; at < whole.length; at++) {
		const bytes = Uint8Array.from([...record(whole.slice(0, at)), ...record(whole.slice(at))]);
		assert.equal(nameIn(read(bytes)), 'a.example');
	}
	const crumbs = Uint8Array.from(whole.flatMap((byte) => record([byte])));
	assert.equal(nameIn(read(crumbs)), 'a.example');
});

test('what follows the hello is not looked at', () => {
	const reader = new HelloReader();
	reader.feed(Uint8Array.from([...hello(sni('a.example')), 23, 9, 9, 9]));
	assert.equal(nameIn(reader.outcome), 'a.example');
	reader.feed(Uint8Array.of(1, 2, 3));
	assert.equal(nameIn(reader.outcome), 'a.example');
});

test('names are given in one spelling, and none is made up', () => {
	assert.equal(nameIn(read(hello(sni('API.Example')))), 'api.example');
	assert.equal(nameIn(read(hello(sni('api.example.')))), 'api.example');
	assert.equal(nameIn(read(hello(alpn('h2')))), null);
	assert.equal(nameIn(read(Uint8Array.from(record(message(body(null)))))), null, 'no extensions at all');
	assert.equal(nameIn(read(hello(sni('x'.repeat(63))))), 'x'.repeat(63));
});

test('other protocols are told by their first bytes', () => {
	for (const text of [
		'GET / HTTP/1.1\r\n',
		'SSH-2.0-',
		'PRI * HTTP/2.0',
		'\x05\x01\x00',
		'\x80\x2e\x01\x03\x01',
		'\x00',
	])
		assert.deepEqual(read(Buffer.from(text, 'latin1')), { kind: 'other' });
	assert.equal(read(Uint8Array.of(22)), null);
	assert.deepEqual(read(Uint8Array.of(22, 2)), { kind: 'other' });
});

test('what does not add up is malformed, and no name is read from it', () => {
	const twice = [...sni('a.example'), ...sni('b.example')];
	const cases: Readonly<Record<string, readonly number[]>> = {
		'two extensions of SNI': record(message(body(twice))),
		'two names in one': record(message(body(sni('a.example', 'b.example')))),
		'no name in it': record(message(body(sni()))),
		'an empty name': record(message(body(sni('')))),
		'a name of another type': record(
			message(body([...u16(0), ...vector(u16, vector(u16, [1, ...vector(u16, ascii('a'))]))])),
		),
		'a name with NUL': record(message(body(sni('a.example\0.evil')))),
		'a name with a line end': record(message(body(sni('a.example\r\nX: y')))),
		'a name with a slash': record(message(body(sni('../a')))),
		'a name with an empty label': record(message(body(sni('a..example')))),
		'a name that is a dot': record(message(body(sni('.')))),
		'a name in brackets': record(message(body(sni('[::1]')))),
		'a label that is too long': record(message(body(sni('x'.repeat(64))))),
		'a name that is too long': record(message(body(sni(`${'x.'.repeat(127)}xx`)))),
		'bytes behind the list of names': record(
			message(body([...u16(0), ...vector(u16, [...vector(u16, [0, ...vector(u16, ascii('a'))]), 0])])),
		),
		'bytes behind the extensions': record(message([...body(sni('a.example')), 0])),
		'an extension that reaches too far': record(message(body([0, 0, 0, 200, 0]))),
		'an empty protocol': record(message(body(alpn('')))),
		'no protocol': record(message(body(alpn()))),
		'a session that is too long': record(message(body([], 33))),
		'another major version': record(message([2, ...body([]).slice(1)])),
		'a body that is too short': record(message([3, 3])),
		'another message': record(message(body([]), 2)),
		'a second message in the record': record([...message(body([])), 0]),
		'an empty record': record([]),
		'a record that is too long': [22, 3, 1, ...u16(16_385)],
		'an alert in between': [...record(message(body([])).slice(0, 10)), ...record([1, 0], 21)],
		'another version in between': [...record(message(body([])).slice(0, 10)), 22, 4, 1, 0, 1, 0],
		'a message that is too long': record([1, ...u24(LONGEST_HELLO + 1)]),
	};
	for (const [what, bytes] of Object.entries(cases)) {
		assert.equal(read(Uint8Array.from(bytes))?.kind, 'malformed', what);
		assert.equal(read(...bytes.map((byte) => Uint8Array.of(byte)))?.kind, 'malformed', `${what}, byte by byte`);
	}
});

test('whatever comes, however it is cut: the same outcome, and nothing is thrown', () => {
	const real = hello(sni('a.example'), alpn('h2', 'http/1.1'), [0x33, 0x33, 0, 3, 1, 2, 3]);
	const mutated = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 4 }).map((edits) => {
		const bytes = real.slice();
		for (const [at, value] of edits) bytes[at] = value;
		return bytes;
	});
	const any = fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }));
	fc.assert(
		fc.property(any, fc.nat(250), fc.nat(250), (bytes, one, two) => {
			const [a, b] = [Math.min(one, two), Math.max(one, two)];
			assert.deepEqual(read(bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)), read(bytes));
		}),
		{ numRuns: 3_000 },
	);
});
