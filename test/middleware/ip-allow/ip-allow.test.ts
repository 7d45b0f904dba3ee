/** Who may come by address, and who tries to by another spelling or another one's word. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
	type Address,
	type App,
	compositionFaults,
	compositionOf,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import { type IpAllowOptions, ipAllow } from '../../../src/middleware/ip-allow/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const hello: App = () => respond(200, null, 'hello');
const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });

async function status(
	options: IpAllowOptions,
	remote: Address | undefined,
	request: MemoryRequest = {},
): Promise<number> {
	return (await ask(ipAllow(options)(hello), remote === undefined ? request : { ...request, remote })).status;
}

const cases: [what: string, options: IpAllowOptions, remote: Address | undefined, status: number][] = [
	['an address that is allowed', { allow: ['192.0.2.1'] }, ip('192.0.2.1'), 200],
	['one that is not', { allow: ['192.0.2.1'] }, ip('192.0.2.2'), 403],
	['a range', { allow: ['192.0.2.0/24'] }, ip('192.0.2.255'), 200],
	['just outside of it', { allow: ['192.0.2.0/24'] }, ip('192.0.3.0'), 403],
	['deny wins', { allow: ['10.0.0.0/8'], deny: ['10.6.6.6'] }, ip('10.6.6.6'), 403],
	['deny alone', { deny: ['10.6.6.6'] }, ip('10.6.6.7'), 200],
	['IPv4 in IPv6 clothes does not get past deny', { deny: ['203.0.113.0/24'] }, ip('::ffff:203.0.113.9'), 403],
	['nor in hexadecimal', { deny: ['203.0.113.0/24'] }, ip('::ffff:cb00:7109'), 403],
	['nor when the list is written so', { deny: ['::ffff:203.0.113.0/120'] }, ip('203.0.113.9'), 403],
	['IPv4 in IPv6 clothes is allowed as what it is', { allow: ['203.0.113.9'] }, ip('::ffff:203.0.113.9'), 200],
	['all of IPv6 is no IPv4', { allow: ['::/0'] }, ip('::ffff:203.0.113.9'), 403],
	['IPv6', { allow: ['2001:db8::/32'] }, ip('2001:db8:ffff::1'), 200],
	['a zone changes nothing', { deny: ['fe80::/10'] }, ip('fe80::1%eth0'), 403],
	['loopback', { allow: ['loopback'] }, ip('127.8.8.8'), 200],
	['a unix socket is named', { allow: ['unix'] }, { kind: 'unix', path: '/s' }, 200],
	['and not allowed by any range', { allow: ['0.0.0.0/0', '::/0'] }, { kind: 'unix', path: '/s' }, 403],
	['it can be denied', { deny: ['unix'] }, { kind: 'unix', path: '/s' }, 403],
	['who has no address is not allowed', { allow: ['0.0.0.0/0', '::/0', 'unix'] }, undefined, 403],
];
for (const [what, options, remote, expected] of cases)
	test(what, async () => {
		assert.equal(await status(options, remote), expected);
	});

const lies = {
	'X-Forwarded-For': '10.0.0.1',
	Forwarded: 'for=10.0.0.1',
	'X-Real-IP': '10.0.0.1',
	'Client-IP': '10.0.0.1',
};

test('no field of the request makes anybody allowed', async () => {
	assert.equal(await status({ allow: ['10.0.0.0/8'] }, ip('203.0.113.1'), { fields: lies }), 403);
});

test('behind trusted proxies the client decides, and not what it says', async () => {
	const app = stack(
		clientAddress({ trust: ['172.16.0.1'], field: 'X-Forwarded-For' }),
		ipAllow({ allow: ['10.0.0.0/8'], deny: ['10.6.6.6'] }),
	)(hello) as App;
	const through = async (field: string, more = {}) =>
		(await ask(app, { remote: ip('172.16.0.1'), fields: { 'X-Forwarded-For': field, ...more } })).status;
	assert.equal(await through('10.0.0.1'), 200);
	assert.equal(await through('10.0.0.1, 203.0.113.1'), 403);
	assert.equal(await through('203.0.113.1', { Forwarded: 'for=10.0.0.1' }), 403);
	assert.equal(await through('10.0.0.1, 10.6.6.6'), 403);
	assert.equal(await through('::ffff:10.6.6.6'), 403);
	assert.equal(await through('garbage'), 403, 'the proxy itself is not allowed');
	assert.equal((await ask(app, { remote: ip('203.0.113.1'), fields: lies })).status, 403);
});

test('whom a trusted proxy does not name may not come, though the proxy itself might', async () => {
	for (const options of [{ allow: ['172.16.0.0/12', 'loopback', 'unix'] }, { deny: ['203.0.113.0/24'] }]) {
		for (const [trust, remote] of [
			['172.16.0.1', ip('172.16.0.1')],
			['unix', { kind: 'unix', path: '/s' }],
		] as const) {
			const custom = stack(clientAddress({ trust: [trust], field: 'X-Forwarded-For' }), ipAllow(options))(hello) as App;
			const standard = stack(clientAddress({ trust: [trust], field: 'Forwarded' }), ipAllow(options))(hello) as App;
			for (const said of ['unknown', 'garbage', '010.0.0.1', '10.0.0.1, 1234', '1'.repeat(80)]) {
				assert.equal((await ask(custom, { remote, fields: { 'X-Forwarded-For': said } })).status, 403, said);
				assert.equal((await ask(standard, { remote, fields: { Forwarded: `for=${said}` } })).status, 403, said);
			}
			assert.equal((await ask(standard, { remote, fields: { Forwarded: 'proto=https' } })).status, 403);
			// Who asks without a word about others asks for itself.
			assert.equal((await ask(custom, { remote })).status, 200);
		}
	}
});

test('the answer says nothing, and the app is not asked', async () => {
	const answer = await ask(
		ipAllow({ deny: ['203.0.113.1'] })(() => assert.fail('asked')),
		{ remote: ip('203.0.113.1') },
	);
	assert.equal(await answer.text(), '403 Forbidden\n');
	assert.doesNotMatch(answer.fields.raw.join(), /203/);
});

test('on a socket: an upgrade and a CONNECT are guarded like a GET', async (t) => {
	const tunnelling: App = () => respond(200, null, null, { tunnel: () => assert.fail('a tunnel') });
	const listener = await listen(t, ipAllow({ deny: ['loopback'] })(tunnelling));
	for (const head of [
		'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
		'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
		'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n',
	]) {
		const peer = await connect(t, portOf(listener));
		assert.equal((await peer.send(head).message()).status, 403, head);
	}
});

function listFile(t: TestContext, text: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-list-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const file = join(folder, 'list');
	writeFileSync(file, text);
	return file;
}

test('a file of addresses, read again when it has changed, and kept when it is broken', async (t) => {
	const file = listFile(t, '# offices\n192.0.2.0/24 # the first\r\n\n2001:db8::/32\n');
	const lines: string[] = [];
	let now = 0;
	t.mock.method(performance, 'now', () => now);
	const list = ipAllow({ allow: ['10.0.0.1', { file }], log: (line) => lines.push(line) });
	const asked = async (host: string) => (await ask(list(hello), { remote: ip(host) })).status;
	assert.deepEqual([await asked('192.0.2.9'), await asked('10.0.0.1'), await asked('198.51.100.1')], [200, 200, 403]);
	const replace = (text: string) => {
		writeFileSync(`${file}.new`, text);
		renameSync(`${file}.new`, file);
		now += 5000;
	};
	replace('198.51.100.0/24\n');
	assert.deepEqual([await asked('192.0.2.9'), await asked('10.0.0.1'), await asked('198.51.100.1')], [403, 200, 200]);
	replace('198.51.100.0/24\n010.0.0.1\n');
	assert.deepEqual([await asked('192.0.2.9'), await asked('198.51.100.1')], [403, 200]);
	assert.equal(lines.length, 1, lines.join('\n'));
	assert.match(lines[0] as string, /^ipAllow: allow: the list stays as it was: .*list:2: "010\.0\.0\.1": .*octal/);
	rmSync(file);
	now += 5000;
	assert.equal(await asked('198.51.100.1'), 200);
	assert.match(lines[1] as string, /ENOENT/);
	replace('192.0.2.9');
	assert.deepEqual([await asked('192.0.2.9'), await asked('198.51.100.1')], [200, 403]);
});

test('an empty file allows nobody', async (t) => {
	assert.equal(await status({ allow: [{ file: listFile(t, '# nobody yet\n') }] }, ip('192.0.2.1')), 403);
});

const refused: [what: string, options: unknown, message: RegExp][] = [
	['no options', null, /the options are no object/],
	['an unknown name', { allowed: [] }, /allowed: no such option; .*did you mean allow\?/],
	['neither list', {}, /neither allow nor deny/],
	['an empty list', { allow: [] }, /allow is empty: nobody could come/],
	['no list', { deny: '10.0.0.0/8' }, /deny must be a list/],
	['octal', { deny: ['010.0.0.1'] }, /deny: "010\.0\.0\.1": .*octal/],
	['a number', { deny: ['167772161'] }, /deny: .*four decimal numbers/],
	['hexadecimal', { allow: ['0xa000001'] }, /allow: .*four decimal numbers/],
	['a short form', { allow: ['10.1'] }, /allow: .*all its four numbers/],
	['a name', { allow: ['localhost'] }, /allow: "localhost": it is no address/],
	['an entry of another kind', { allow: [7] }, /allow: an entry is a text or .*not 7/],
	['an entry without a file', { allow: [{ path: 'x' }] }, /an entry is a text or \{ file/],
	['a log that is no function', { allow: ['unix'], log: 1 }, /log is no function/],
];
for (const [what, options, message] of refused)
	test(`refused at start: ${what}`, () => {
		assert.throws(
			() => ipAllow(options as IpAllowOptions),
			(error: Error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, message);
				return error.message.startsWith('ipAllow: ');
			},
		);
	});

test('refused at start: a file that is not there, or has a fault', (t) => {
	assert.throws(() => ipAllow({ allow: [{ file: '/no/such/list' }] }), {
		code: 'ENOENT',
		message: /^ipAllow: allow: the file cannot be read: ENOENT.*'\/no\/such\/list'/,
	});
	const file = listFile(t, '192.0.2.1\n192.0.2.1/24\n');
	assert.throws(() => ipAllow({ deny: [{ file }] }), /list:2: "192\.0\.2\.1\/24": .*did you mean 192\.0\.2\.0\/24/);
});

test('statistics, composition and explain', async () => {
	const list = ipAllow({ allow: ['10.0.0.0/9', '10.128.0.0/9'], deny: ['10.6.6.6'] });
	const layered = list(hello) as App;
	assert.deepEqual(compositionFaults(layered), []);
	const app: App = (request, context) => {
		const explained = compositionOf(layered)?.note.explain?.(raw(request), context);
		return respond(200, null, JSON.stringify(explained));
	};
	const explained = async (host: string) => (await ask(app, { remote: ip(host) })).json();
	assert.deepEqual(await explained('10.0.0.1'), {
		does: ['10.0.0.1 may come.', 'Passes the request on as it is.'],
	});
	assert.deepEqual(await explained('10.6.6.6'), {
		does: ['10.6.6.6 is denied.'],
		answers: '403 Forbidden',
	});
	assert.deepEqual(list.statistics(), { passed: 0, refused: 0, allow: 1, deny: 1 });
	await ask(layered, { remote: ip('10.0.0.1') });
	await ask(layered, { remote: ip('11.0.0.1') });
	assert.deepEqual(list.statistics(), { passed: 1, refused: 1, allow: 1, deny: 1 });
});
