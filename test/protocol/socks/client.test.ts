/** The client's side of the SOCKS5 handshake, byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SocksClient, type SocksCredentials } from '../../../src/protocol/socks/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ada: SocksCredentials = { user: 'ada', password: 'pw' };

/** Answers as a server would, each part (`|`) in pieces of `size` bytes: what was sent, and what was left for the tunnel. */
function converse(client: SocksClient, answer: string, size = 1_000): { sent: string; rest: string } {
	let sent = hex(client.takeOutput());
	let rest = '';
	for (const part of answer.split('|')) {
		const bytes = Buffer.from(part, 'hex');
		for (let at = 0; at < bytes.length; at += size) {
			const piece = bytes.subarray(at, at + size);
			rest += hex(piece.subarray(client.receive(piece, 0, piece.length)));
			const output = hex(client.takeOutput());
			if (output !== '') sent += `|${output}`;
		}
	}
	return { sent, rest };
}

/** What the wire must carry for one target. */
const targets = [
	{ host: 'a.example', address: `0309${Buffer.from('a.example').toString('hex')}` },
	{ host: '192.0.2.7', address: '01c0000207' },
	{ host: '2001:db8::1', address: '0420010db8000000000000000000000001' },
	{ host: '::', address: '0400000000000000000000000000000000' },
	{ host: '::ffff:192.0.2.7', address: '0400000000000000000000ffffc0000207' },
];

for (const { host, address } of targets) {
	test(`CONNECT to ${host}`, () => {
		const client = new SocksClient(host, 443);
		const { sent, rest } = converse(client, '0500|05000001000000000000cafe');
		assert.equal(sent, `050100|050100${address}01bb`);
		assert.equal(client.connected, true);
		assert.equal(rest, 'cafe', 'what comes early is the tunnel’s');
	});
}

/** Bound addresses of every type. */
const bounds = ['017f000001', `04${'00'.repeat(16)}`, '0303616263', '0300'];

test('every answer may be cut anywhere, and nothing behind it is taken', () => {
	for (const bound of bounds) {
		const answer = `0502|0100|050000${bound}1f90`;
		for (let size = 1; size <= answer.length / 2 + 3; size++) {
			const client = new SocksClient('h', 80, ada);
			const { sent, rest } = converse(client, `${answer}deadbeef`, size);
			assert.equal(sent, '05020002|0103616461027077|0501000301680050', `pieces of ${size}, bound ${bound}`);
			assert.deepEqual([client.connected, client.failure, rest], [true, null, 'deadbeef']);
		}
	}
});

test('an answer that is not complete is no success', () => {
	const whole = '0502|0100|05000001000000001f90';
	for (let length = 0; length < whole.length; length++) {
		const client = new SocksClient('h', 80, ada);
		converse(client, whole.slice(0, length));
		assert.deepEqual([client.connected, client.failure], [false, null], whole.slice(0, length));
	}
});

test('a server that wants no password is not told it', () => {
	const { sent } = converse(new SocksClient('h', 80, ada), '0500');
	assert.equal(sent, '05020002|0501000301680050');
});

const refusals: readonly [string, SocksCredentials | null, object][] = [
	['05ff', null, { kind: 'methods' }],
	['05ff', ada, { kind: 'methods' }],
	['0502|0101', ada, { kind: 'credentials' }],
	['0502|01ff', ada, { kind: 'credentials' }],
	['0500|0501', null, { kind: 'reply', reply: 1 }],
	['0500|0505', null, { kind: 'reply', reply: 5 }],
	['0500|05ff', null, { kind: 'reply', reply: 255 }],
	['04', null, { kind: 'violation', what: 'version' }],
	['48545450', null, { kind: 'violation', what: 'version' }],
	['0502', null, { kind: 'violation', what: 'method that was not offered' }],
	['0501', ada, { kind: 'violation', what: 'method that was not offered' }],
	['0502|0500', ada, { kind: 'violation', what: 'authentication version' }],
	['0500|0400', null, { kind: 'violation', what: 'version of the reply' }],
	['0500|050001', null, { kind: 'violation', what: 'reserved byte' }],
	['0500|05000002', null, { kind: 'violation', what: 'address type' }],
];

for (const [answer, credentials, failure] of refusals) {
	test(`${answer}${credentials === null ? '' : ' with a password'}: ${Object.values(failure).join(' ')}`, () => {
		for (let size = 1; size <= 6; size++) {
			const client = new SocksClient('h', 80, credentials);
			converse(client, answer, size);
			assert.deepEqual(client.failure, failure);
			assert.equal(client.connected, false);
		}
	});
}

test('an answer that comes before its question is none', () => {
	for (const ahead of ['0500050000017f0000010050', '05020100']) {
		const client = new SocksClient('h', 80, ada);
		converse(client, ahead);
		assert.deepEqual(client.failure, { kind: 'violation', what: 'answer before its question' });
	}
});

test('after a failure nothing is read and nothing said', () => {
	const client = new SocksClient('h', 80);
	const { sent, rest } = converse(client, '05ff0500050000017f0000010050');
	assert.equal(sent, '050100');
	assert.equal(rest, '0500050000017f0000010050');
	assert.equal(client.connected, false);
});

test('what does not fit the wire is refused before anything is sent', () => {
	assert.throws(() => new SocksClient('', 80), RangeError);
	assert.throws(() => new SocksClient('x'.repeat(256), 80), RangeError);
	assert.doesNotThrow(() => new SocksClient('x'.repeat(255), 80));
	for (const port of [0, 65_536, 1.5, Number.NaN]) assert.throws(() => new SocksClient('h', port), RangeError);
	for (const [user, password] of [
		['', 'x'],
		['x', ''],
		['x'.repeat(256), 'x'],
		['x', 'ä'.repeat(128)],
	] as const)
		assert.throws(() => new SocksClient('h', 80, { user, password }), RangeError);
});

test('user and password are UTF-8', () => {
	const { sent } = converse(new SocksClient('h', 80, { user: 'ä', password: 'ö' }), '0502');
	assert.equal(sent, '05020002|0102c3a402c3b6');
});
