/** The server's side of the SOCKS handshakes, byte by byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIPv4 } from '../../../src/fields/index.ts';
import { addressBytes, addressText } from '../../../src/protocol/socks/address-bytes.ts';
import { SocksClient, SocksServer, socksReply } from '../../../src/protocol/socks/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

interface Heard {
	readonly server: SocksServer;
	readonly sent: string;
	readonly rest: string;
}

/** Everything that a client says, in pieces of `size` bytes. */
function hear(said: string, size = 1_000_000, server = new SocksServer()): Heard {
	const bytes = Buffer.from(said, 'hex');
	let [sent, rest] = ['', ''];
	for (let at = 0; at < bytes.length; at += size) {
		const piece = bytes.subarray(at, at + size);
		rest += hex(piece.subarray(server.receive(piece, 0, piece.length)));
		sent += hex(server.takeOutput());
	}
	return { server, sent, rest };
}

const ADA = `0103${ascii('ada')}02${ascii('pw')}`;
const ada = { user: 'ada', password: 'pw' };
const NAMED = `0501000309${ascii('a.example')}01bb`;

/** What is said, what is answered, and what was asked for. */
const handshakes: readonly [string, string, string, object][] = [
	['a name', `050100${NAMED}`, '0500', { version: 5, host: 'a.example', port: 443, credentials: null }],
	['IPv4', '05010005010001c00002070050', '0500', { version: 5, host: '192.0.2.7', port: 80, credentials: null }],
	[
		'IPv6',
		'050100050100042001 0db8 0000 0000 0000 0000 0000 0001 ffff'.replaceAll(' ', ''),
		'0500',
		{ version: 5, host: '2001:db8::1', port: 65_535, credentials: null },
	],
	[
		'IPv6 as a name',
		`0501000501000303${ascii('::1')}0050`,
		'0500',
		{ version: 5, host: '::1', port: 80, credentials: null },
	],
	[
		'IPv6 in brackets as a name',
		`0501000501000305${ascii('[::1]')}0050`,
		'0500',
		{ version: 5, host: '::1', port: 80, credentials: null },
	],
	[
		'user and password',
		`050102${ADA}${NAMED}`,
		'05020100',
		{ version: 5, host: 'a.example', port: 443, credentials: ada },
	],
	[
		'both methods',
		`0503000102${ADA}${NAMED}`,
		'05020100',
		{ version: 5, host: 'a.example', port: 443, credentials: ada },
	],
	[
		'no password',
		`05010201 03${ascii('ada')}00${NAMED}`.replace(' ', ''),
		'05020100',
		{ version: 5, host: 'a.example', port: 443, credentials: { user: 'ada', password: '' } },
	],
	['nobody', `050102010000${NAMED}`, '05020100', { version: 5, host: 'a.example', port: 443, credentials: null }],
	['SOCKS4', '04010050c000020700', '', { version: 4, host: '192.0.2.7', port: 80, credentials: null }],
	[
		'SOCKS4 with a user',
		`04010050c0000207${ascii('ada')}00`,
		'',
		{ version: 4, host: '192.0.2.7', port: 80, credentials: { user: 'ada', password: '' } },
	],
	[
		'SOCKS4a',
		`040101bb00000001${ascii('ada')}00${ascii('a.example')}00`,
		'',
		{ version: 4, host: 'a.example', port: 443, credentials: { user: 'ada', password: '' } },
	],
];

for (const [what, said, answered, request] of handshakes) {
	test(`${what}: read whole and in pieces of every size, and nothing behind it is taken`, () => {
		for (let size = 1; size <= said.length / 2 + 3; size++) {
			const { server, sent, rest } = hear(`${said}cafe05`, size);
			assert.deepEqual([server.request, server.failure], [request, null], `pieces of ${size}`);
			assert.deepEqual([sent, rest], [answered, 'cafe05'], `pieces of ${size}`);
		}
	});

	test(`${what}: cut short it is no request`, () => {
		for (let length = 0; length < said.length; length += 2) {
			const { server } = hear(said.slice(0, length));
			assert.deepEqual([server.request, server.failure], [null, null], said.slice(0, length));
		}
	});
}

/** What is said, and everything that is answered. */
const refusals: readonly [string, string, string, RegExp][] = [
	['HTTP', ascii('G'), '', /no version/],
	['SOCKS6', '06', '', /no version/],
	['no method', '0500', '05ff', /no method/],
	['GSSAPI alone', '050101', '05ff', /no method/],
	['credentials of version 5', '05010205', '05020101', /version/],
	['a user with a colon', `05010201 03${ascii('a:b')}01${ascii('x')}`.replace(' ', ''), '05020101', /colon/],
	['a request of version 4', '05010004', '0500', /no request/],
	['BIND', '05010005020001', '050005070001000000000000', /CONNECT/],
	['UDP ASSOCIATE', '05010005030001', '050005070001000000000000', /CONNECT/],
	['a reserved byte', '05010005010101', '050005010001000000000000', /reserved/],
	['address type 2', '05010005010002', '050005080001000000000000', /type of address/],
	['an empty name', '05010005010003000050', '050005010001000000000000', /no host/],
	['a name with a space', `0501000501000303${ascii('a b')}0050`, '050005010001000000000000', /no host/],
	['a name with a line end', `0501000501000304${ascii('a\r\nb')}0050`, '050005010001000000000000', /no host/],
	['a name with a port', `0501000501000304${ascii('a:80')}0050`, '050005010001000000000000', /no host/],
	['a name with a zone', `0501000501000305${ascii('::1%1')}0050`, '050005010001000000000000', /no host/],
	['port 0', '05010005010001c00002070000', '050005010001000000000000', /no host/],
	['BIND in SOCKS4', '04020050c0000207', '005b000000000000', /CONNECT/],
	['SOCKS4 with a colon', `04010050c0000207${ascii('a:b')}00`, '005b000000000000', /colon/],
	['SOCKS4a without a name', '04010050000000010000', '005b000000000000', /no host/],
	['a user of SOCKS4 without an end', `04010050c0000207${'61'.repeat(256)}`, '005b000000000000', /too long/],
	['a host of SOCKS4a without an end', `040100500000000100${'61'.repeat(256)}`, '005b000000000000', /too long/],
];

for (const [what, said, answered, failure] of refusals) {
	test(`${what}: refused, and nothing behind it is read`, () => {
		for (const size of [1, 2, 3, 7, 1_000]) {
			const { server, sent, rest } = hear(`${said}cafe`, size);
			assert.equal(server.request, null);
			assert.match(server.failure ?? '', failure);
			assert.deepEqual([sent, rest], [answered, 'cafe']);
		}
	});
}

test('a user and a name of SOCKS4a may be 255 bytes long', () => {
	const name = 'a'.repeat(255);
	const { server } = hear(`0401005000000001${ascii(name)}00${ascii(name)}00`);
	assert.deepEqual([server.request?.host, server.request?.credentials?.user], [name, name]);
});

test('replies show no address', () => {
	assert.equal(hex(socksReply(5, 'succeeded')), '05000001000000000000');
	assert.equal(hex(socksReply(5, 'connectionRefused')), '05050001000000000000');
	assert.equal(hex(socksReply(4, 'succeeded')), '005a000000000000');
	assert.equal(hex(socksReply(4, 'connectionRefused')), '005b000000000000');
});

const address = fc
	.oneof(
		fc.uint8Array({ minLength: 4, maxLength: 4 }),
		fc.array(fc.oneof(fc.constant([0, 0]), fc.tuple(fc.nat(255), fc.nat(255))), { minLength: 8, maxLength: 8 }),
	)
	.map((parts) => [...parts].flat());

test('addresses are written as URLs have them, and read back', () => {
	fc.assert(
		fc.property(address, (bytes) => {
			const text = addressText(bytes);
			assert.deepEqual(addressBytes(text), bytes);
			assert.equal(new URL(`http://${isIPv4(text) ? text : `[${text}]`}/`).hostname.replace(/[[\]]/g, ''), text);
		}),
	);
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const host = fc.oneof(
	fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.')),
	address.map((bytes) => addressText(bytes)),
);
const word = fc.string({ minLength: 1, maxLength: 60 }).map((text) => text.replaceAll(':', ';'));
const credentials = fc.option(fc.record({ user: word, password: word }));

test('what our client says, our server understands, however it is cut', () => {
	fc.assert(
		fc.property(host, fc.integer({ min: 1, max: 65_535 }), credentials, fc.nat(20), (name, port, given, cut) => {
			const client = new SocksClient(name, port, given);
			const server = new SocksServer();
			for (let output = client.takeOutput(); output.length > 0; output = client.takeOutput()) {
				const { sent } = hear(hex(output), cut + 1, server);
				const answer = Buffer.from(sent, 'hex');
				client.receive(answer, 0, answer.length);
			}
			assert.equal(server.failure, null);
			assert.deepEqual([server.request?.host, server.request?.port], [name, port]);
			const user = given === null ? undefined : Buffer.from(given.user).toString('latin1');
			assert.equal(server.request?.credentials?.user, user);
			const reply = socksReply(5, 'succeeded');
			assert.equal(client.receive(reply, 0, reply.length), reply.length);
			assert.equal(client.connected, true);
		}),
	);
});

test('no bytes throw, and what is kept of them is little', () => {
	const start = fc.constantFrom('', '04', '0401', '04010050000000', '05', '050100', '050102', '05010005010003');
	fc.assert(
		fc.property(start, fc.uint8Array({ maxLength: 2_000 }), (said, more) => {
			const { server, rest } = hear(said + hex(more), 100);
			const taken = said.length / 2 + more.length - rest.length / 2;
			assert.ok(taken <= 257 + 513 + 262, `${taken} bytes were taken`);
			assert.ok(server.request === null || server.failure === null);
			if (server.request !== null) assert.match(server.request.host, /^[!-~]+$/);
		}),
	);
});
