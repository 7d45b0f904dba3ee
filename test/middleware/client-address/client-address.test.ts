/** Who the client is: what trusted proxies say, and never what the client itself says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	type Address,
	type App,
	compositionFaults,
	compositionOf,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import type { FieldsInit } from '../../../src/fields/index.ts';
import { type ClientAddressOptions, clientAddress } from '../../../src/middleware/client-address/index.ts';
import { type Client, client } from '../../../src/middleware/keys.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });
const custom: ClientAddressOptions = { trust: ['10.0.0.0/8'], field: 'X-Forwarded-For' };
const standard: ClientAddressOptions = { trust: ['10.0.0.0/8', '2001:db8:aa::/48'], field: 'Forwarded' };

interface Seen {
	readonly client: Client;
	/** Fields that say where a request came from, as the app got them. */
	readonly fields: string[];
}

async function seen(
	options: ClientAddressOptions,
	fields: FieldsInit,
	remote: Address = ip('10.0.0.1'),
): Promise<Seen> {
	let found: Seen | null = null;
	const app: App = (request, context) => {
		const told = [...raw(request).fields].filter(([name]) => /forwarded|real-ip/i.test(name));
		found = { client: context.get(client) as Client, fields: told.map((line) => line.join(': ')) };
		return respond(204);
	};
	const answer = await ask(clientAddress(options)(app), { remote, fields });
	assert.equal(answer.status, 204, String(answer.error));
	return found as unknown as Seen;
}

const addresses: [
	what: string,
	options: ClientAddressOptions,
	fields: FieldsInit,
	address: string,
	remote?: Address,
][] = [
	['an untrusted peer is the client', custom, { 'X-Forwarded-For': '6.6.6.6' }, '203.0.113.1', ip('203.0.113.1')],
	['a trusted peer without the field', custom, {}, '10.0.0.1'],
	['one hop', custom, { 'X-Forwarded-For': '203.0.113.9' }, '203.0.113.9'],
	[
		'what the client says is not looked at',
		custom,
		{ 'X-Forwarded-For': '6.6.6.6, 203.0.113.9, 10.0.0.2' },
		'203.0.113.9',
	],
	[
		'an address of the trusted range in the client’s part',
		custom,
		{ 'X-Forwarded-For': '10.9.9.9, 203.0.113.9' },
		'203.0.113.9',
	],
	['all are trusted: the outermost', custom, { 'X-Forwarded-For': '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
	['two lines are one list', custom, ['X-Forwarded-For', '6.6.6.6', 'X-Forwarded-For', '203.0.113.9'], '203.0.113.9'],
	['a port', custom, { 'X-Forwarded-For': '203.0.113.9:4711' }, '203.0.113.9'],
	['brackets and a port', custom, { 'X-Forwarded-For': '[2001:DB8::1]:80' }, '2001:db8::1'],
	['no brackets', custom, { 'X-Forwarded-For': '2001:db8:0:0::1' }, '2001:db8::1'],
	['IPv4 in IPv6 clothes', custom, { 'X-Forwarded-For': '::ffff:203.0.113.9' }, '203.0.113.9'],
	['a trusted hop in IPv6 clothes', custom, { 'X-Forwarded-For': '203.0.113.9, ::ffff:10.0.0.2' }, '203.0.113.9'],
	['a peer in IPv6 clothes', custom, { 'X-Forwarded-For': '203.0.113.9' }, '203.0.113.9', ip('::ffff:10.0.0.1')],
	['an untrusted peer in IPv6 clothes', custom, {}, '203.0.113.9', ip('::ffff:203.0.113.9')],
	['a link-local peer has no zone', custom, {}, 'fe80::1', ip('fe80::1%eth0')],
	['unknown', custom, { 'X-Forwarded-For': '6.6.6.6, unknown' }, '10.0.0.1'],
	['garbage ends the walk', custom, { 'X-Forwarded-For': '6.6.6.6, <script>, 10.0.0.2' }, '10.0.0.2'],
	['octal is garbage', custom, { 'X-Forwarded-For': '6.6.6.6, 010.0.0.2' }, '10.0.0.1'],
	['a number is garbage', custom, { 'X-Forwarded-For': '6.6.6.6, 167772162' }, '10.0.0.1'],
	['empty elements are none', custom, { 'X-Forwarded-For': '203.0.113.9, ,,' }, '203.0.113.9'],
	['the other field is ignored', custom, { Forwarded: 'for=6.6.6.6' }, '10.0.0.1'],
	[
		'both fields: the one that is meant',
		custom,
		{ Forwarded: 'for=6.6.6.6', 'X-Forwarded-For': '203.0.113.9' },
		'203.0.113.9',
	],
	['Forwarded: one hop', standard, { Forwarded: 'for=203.0.113.9;proto=https' }, '203.0.113.9'],
	['Forwarded: several', standard, { Forwarded: 'for=6.6.6.6, for="203.0.113.9:99", for=10.0.0.2' }, '203.0.113.9'],
	['Forwarded: IPv6', standard, { Forwarded: 'for="[2001:db8::1]:4711"' }, '2001:db8::1'],
	[
		'Forwarded: a trusted hop of IPv6',
		standard,
		{ Forwarded: 'for=203.0.113.9, for="[2001:db8:aa::7]"' },
		'203.0.113.9',
	],
	['Forwarded: a name instead of an address', standard, { Forwarded: 'for=6.6.6.6, for=_hidden' }, '10.0.0.1'],
	['Forwarded: unknown', standard, { Forwarded: 'for=6.6.6.6, for=unknown' }, '10.0.0.1'],
	['Forwarded: an element without for', standard, { Forwarded: 'for=6.6.6.6, proto=http' }, '10.0.0.1'],
	['Forwarded: for twice', standard, { Forwarded: 'for=6.6.6.6, for=10.0.0.2;for=7.7.7.7' }, '10.0.0.1'],
	[
		'Forwarded: a quote that the client left open',
		standard,
		{ Forwarded: 'for="6.6.6.6, for=203.0.113.9' },
		'203.0.113.9',
	],
	[
		'Forwarded: a quote left open on another line',
		standard,
		['Forwarded', 'for="', 'Forwarded', 'for=203.0.113.9;host="a"'],
		'203.0.113.9',
	],
	['Forwarded: garbage of the client', standard, { Forwarded: '"\\", ;;==, for=203.0.113.9' }, '203.0.113.9'],
	[
		'Forwarded: a comma in what the proxy quotes',
		standard,
		{ Forwarded: 'for=203.0.113.9;host="a, for=6.6.6.6"' },
		'203.0.113.9',
	],
	[
		'Forwarded: quotes in what the proxy quotes',
		standard,
		{ Forwarded: 'for=203.0.113.9;host="a\\", for=6.6.6.6;x=\\""' },
		'203.0.113.9',
	],
	[
		'Forwarded: a backslash at the end of what it quotes',
		standard,
		{ Forwarded: 'for=203.0.113.9;host="a, for=6.6.6.6;x=\\\\"' },
		'203.0.113.9',
	],
	['X-Forwarded-For beside Forwarded', standard, { 'X-Forwarded-For': '6.6.6.6' }, '10.0.0.1'],
	['X-Real-IP is never believed', standard, { 'X-Real-IP': '6.6.6.6' }, '10.0.0.1'],
	[
		'a trusted unix socket',
		{ ...custom, trust: ['unix'] },
		{ 'X-Forwarded-For': '203.0.113.9' },
		'203.0.113.9',
		{ kind: 'unix', path: '/s' },
	],
	['a unix socket that nobody trusts', custom, { 'X-Forwarded-For': '6.6.6.6' }, 'unix', { kind: 'unix', path: '/s' }],
	[
		'the word unix is no hop',
		{ ...custom, trust: ['unix'] },
		{ 'X-Forwarded-For': '6.6.6.6, unix' },
		'unix',
		{ kind: 'unix', path: '/s' },
	],
	['a peer without an address', custom, { 'X-Forwarded-For': '6.6.6.6' }, '', { kind: 'memory' }],
];
for (const [what, options, fields, address, remote] of addresses)
	test(`address: ${what}`, async () => {
		assert.equal((await seen(options, fields, remote)).client.address, address);
	});

const origins: [
	what: string,
	options: ClientAddressOptions,
	fields: FieldsInit,
	scheme: string,
	host: string | null,
	remote?: Address,
][] = [
	[
		'of an untrusted peer are its own',
		custom,
		{ 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil' },
		'http',
		null,
		ip('6.6.6.6'),
	],
	[
		'by the customary fields',
		custom,
		{ 'X-Forwarded-For': '1.1.1.1', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'shop.example' },
		'https',
		'shop.example',
	],
	[
		'each proxy adds its own',
		custom,
		{ 'X-Forwarded-For': '1.1.1.1, 10.0.0.2', 'X-Forwarded-Proto': 'ftp, https, http' },
		'https',
		null,
	],
	[
		'a list without the one',
		custom,
		{ 'X-Forwarded-For': '1.1.1.1, 10.0.0.3, 10.0.0.2', 'X-Forwarded-Proto': 'https, https' },
		'http',
		null,
	],
	['a scheme that is none', custom, { 'X-Forwarded-For': '1.1.1.1', 'X-Forwarded-Proto': 'javascript' }, 'http', null],
	['a host that is none', custom, { 'X-Forwarded-For': '1.1.1.1', 'X-Forwarded-Host': 'a/b@c' }, 'http', null],
	[
		'by Forwarded',
		standard,
		{ Forwarded: 'for=1.1.1.1;proto=HTTPS;host="shop.example:8443"' },
		'https',
		'shop.example:8443',
	],
	[
		'of the outermost trusted',
		standard,
		{
			Forwarded:
				'for=6.6.6.6;proto=ftp;host=evil, for=1.1.1.1;proto=https;host=a.example, for=10.0.0.2;proto=http;host=b',
		},
		'https',
		'a.example',
	],
	[
		'by one that does not tell who asked',
		standard,
		{ Forwarded: 'for=6.6.6.6;host=evil, for=unknown;proto=https;host=a.example' },
		'https',
		'a.example',
	],
	['the other family is ignored', standard, { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil' }, 'http', null],
];
for (const [what, options, fields, scheme, host, remote] of origins)
	test(`scheme and host ${what}`, async () => {
		const found = (await seen(options, fields, remote)).client;
		assert.deepEqual({ scheme: found.scheme, host: found.host }, { scheme, host });
	});

const everything = {
	Forwarded: 'for=6.6.6.6',
	'X-Forwarded-For': '6.6.6.6',
	'X-Forwarded-Proto': 'https',
	'X-Real-IP': '6.6.6.6',
};
const passed: [what: string, options: ClientAddressOptions, remote: Address, fields: string[]][] = [
	['nothing of an untrusted peer', custom, ip('6.6.6.6'), []],
	['the field that is meant alone', standard, ip('10.0.0.1'), ['Forwarded: for=6.6.6.6']],
	[
		'the customary ones together',
		custom,
		ip('10.0.0.1'),
		['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: https', 'X-Real-IP: 6.6.6.6'],
	],
];
for (const [what, options, remote, fields] of passed)
	test(`the app gets ${what}`, async () => {
		assert.deepEqual((await seen(options, everything, remote)).fields, fields);
	});

const vendors = [
	'Client-IP',
	'True-Client-IP',
	'CF-Connecting-IP',
	'CF-Connecting-IPv6',
	'X-Client-IP',
	'X-Cluster-Client-IP',
	'Fastly-Client-IP',
	'Fly-Client-IP',
	'X-Forwarded',
	'Forwarded-For',
	'X-Forwarded-Ssl',
	'X-Forwarded-Scheme',
	'X-Original-Forwarded-For',
	'X-Remote-Addr',
	'X-Envoy-External-Address',
	'CloudFront-Viewer-Address',
	'WL-Proxy-Client-IP',
	'X-Vercel-Forwarded-For',
	'X-Real-IP',
];
/** What CGI, WSGI and PHP read as the same variable. */
const spellings = [
	'X_Forwarded_For',
	'X-Forwarded_For',
	'x_real_ip',
	'X_Forwarded_Proto',
	'X.Forwarded.For',
	'TRUE_CLIENT_IP',
	'X_Forwarded_Host',
];

/** The fields that the app got, of those that a peer has sent. */
async function left(options: ClientAddressOptions, remote: Address, names: readonly string[]): Promise<string[]> {
	let got: string[] = [];
	const app: App = (request) => {
		got = [...raw(request).fields].map(([name]) => name).filter((name) => name !== 'Host');
		return respond(204);
	};
	await ask(clientAddress(options)(app), { remote, fields: names.flatMap((name) => [name, '10.0.0.9']) });
	return got;
}

const harmless = ['X-Realip', 'Forwards', 'X_Custom', 'X-Request-Id', 'Front-End'];

for (const [field, options] of Object.entries({ 'X-Forwarded-For': custom, Forwarded: standard })) {
	test(`reading ${field}: no vendor's field of an untrusted peer reaches the app, in whatever spelling`, async () => {
		const upper = vendors.map((name) => name.toUpperCase());
		for (const names of [vendors, upper, spellings])
			assert.deepEqual(await left(options, ip('203.0.113.1'), [...names, ...harmless]), harmless);
	});

	test(`reading ${field}: a trusted proxy may add vendors' fields, but no other spelling gets through it`, async () => {
		const told = vendors.filter((name) => !/^x-real-ip$/i.test(name));
		assert.deepEqual(await left(options, ip('10.0.0.1'), [...told, ...spellings]), told);
	});
}

const unnamed: [what: string, options: ClientAddressOptions, fields: FieldsInit, unnamed: boolean][] = [
	['unknown', custom, { 'X-Forwarded-For': '6.6.6.6, unknown' }, true],
	['garbage', custom, { 'X-Forwarded-For': '<script>' }, true],
	['a long one', custom, { 'X-Forwarded-For': '1'.repeat(100) }, true],
	['garbage behind a trusted hop', custom, { 'X-Forwarded-For': 'x, 10.0.0.2' }, true],
	['garbage of the client’s own', custom, { 'X-Forwarded-For': 'x, 203.0.113.9' }, false],
	['nobody: the proxy asks itself', custom, {}, false],
	['an empty field', custom, { 'X-Forwarded-For': ' , ' }, false],
	['a name in Forwarded', standard, { Forwarded: 'for=_hidden' }, true],
	['unknown in Forwarded', standard, { Forwarded: 'for=203.0.113.9, for=unknown' }, true],
	['an element without for', standard, { Forwarded: 'proto=https' }, true],
	['an element that is broken', standard, { Forwarded: 'for=203.0.113.9;;x=' }, true],
	['an address in Forwarded', standard, { Forwarded: 'for=203.0.113.9' }, false],
	['nobody in Forwarded', standard, {}, false],
];
for (const [what, options, fields, expected] of unnamed) {
	test(`a trusted proxy that names ${what}: ${expected ? 'the client is not named' : 'the client is known'}`, async () => {
		assert.equal((await seen(options, fields)).client.unnamed, expected);
	});
}

test('the request that came is left as it is, and a request without such fields is passed on itself', async () => {
	const given: Request[] = [];
	const got: Request[] = [];
	const outer =
		(next: App): App =>
		(request, context) => {
			given.push(request);
			return next(request, context, context);
		};
	const app: App = (request) => {
		got.push(request);
		return respond(204);
	};
	const whole = outer(clientAddress(custom)(app) as App);
	await ask(whole, { fields: everything });
	await ask(whole, {});
	assert.equal(raw(given[0] as Request).fields.get('x-forwarded-for'), '6.6.6.6');
	assert.equal(raw(got[0] as Request).fields.get('x-forwarded-for'), null);
	assert.equal(given[1], got[1]);
});

test('whatever the client sends, it cannot become anybody but itself', async () => {
	const piece = fc.constantFrom(
		'for=',
		'"',
		'\\',
		',',
		';',
		'=',
		'6.6.6.6',
		'10.0.0.1',
		'host=',
		'[',
		'::1',
		']',
		' ',
		'x',
	);
	const noise = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
	await fc.assert(
		fc.asyncProperty(noise, fc.boolean(), async (said, twoLines) => {
			for (const [options, name, own] of [
				[standard, 'Forwarded', 'for=203.0.113.9;host="a;b,c\\"d";proto=http'],
				[custom, 'X-Forwarded-For', '203.0.113.9'],
			] as const) {
				const fields = twoLines ? [name, said, name, own] : [name, `${said}, ${own}`];
				assert.equal((await seen(options, fields)).client.address, '203.0.113.9', said);
			}
		}),
		{ numRuns: 300 },
	);
});

test('a long chain costs no more than its length', async () => {
	// Were it read again for each element, this would not end.
	for (const said of [
		'10.0.0.2,'.repeat(100_000),
		'",'.repeat(200_000),
		'\\'.repeat(400_000),
		'"\\,'.repeat(200_000),
	]) {
		for (const options of [custom, standard]) await seen(options, { [options.field]: `${said}for=10.0.0.2` });
	}
});

test('a proxy of ours inside tells the upstream the chain that is believed, and nothing smuggled', async (t) => {
	const upstream = await listen(t, (request) => {
		const { fields } = raw(request);
		return respond(200, null, `${fields.get('forwarded')} | ${fields.get('x-forwarded-for')}`);
	});
	const trust = ['10.0.0.0/8'];
	const proxy = reverse(`http://127.0.0.1:${portOf(upstream)}`, { forwarded: { trust, send: 'x-forwarded' } });
	t.after(() => proxy.close());
	const app = clientAddress({ trust, field: 'X-Forwarded-For' })(proxy);
	const fields = { Forwarded: 'for=6.6.6.6', 'X-Forwarded-For': '203.0.113.9' };
	const one = await ask(app, { remote: ip('10.0.0.1'), fields });
	assert.equal(await one.text(), 'null | 203.0.113.9, 10.0.0.1');
	const other = await ask(app, { remote: ip('198.51.100.1'), fields });
	assert.equal(await other.text(), 'null | 198.51.100.1');
});

test('on a socket: the peer of the connection is who it is, for an upgrade as well', async (t) => {
	const app: App = (_, context) => respond(200, null, `client ${context.get(client)?.address}`);
	const listener = await listen(t, clientAddress({ trust: ['loopback'], field: 'Forwarded' })(app));
	const peer = await connect(t, portOf(listener));
	peer.send(
		'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\nForwarded: for=6.6.6.6, for="[2001:db8::7]:1"\r\n\r\n',
	);
	assert.equal((await peer.message()).body, 'client 2001:db8::7');
});

const refused: [what: string, options: unknown, message: RegExp][] = [
	['no options', undefined, /the options are no object/],
	[
		'an unknown name',
		{ trust: ['unix'], field: 'Forwarded', trusted: [] },
		/trusted: no such option; .*did you mean trust\?/,
	],
	['no list', { trust: '10.0.0.0/8', field: 'Forwarded' }, /trust must be a list/],
	['nobody', { trust: [], field: 'Forwarded' }, /trust is empty/],
	['a short form', { trust: ['10/8'], field: 'Forwarded' }, /trust: "10\/8"/],
	['bits behind the length', { trust: ['10.0.0.1/8'], field: 'Forwarded' }, /did you mean 10\.0\.0\.0\/8/],
	['no field', { trust: ['unix'] }, /field must be 'Forwarded' or 'X-Forwarded-For'/],
	['another field', { trust: ['unix'], field: 'X-Real-IP' }, /not "X-Real-IP"/],
];
for (const [what, options, message] of refused)
	test(`refused at start: ${what}`, () => {
		assert.throws(
			() => clientAddress(options as ClientAddressOptions),
			(error: Error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, message);
				return error.message.startsWith('clientAddress: ');
			},
		);
	});

test('it proves the client, and does not stand within itself', () => {
	const layer = clientAddress(custom);
	const app: App = () => respond(204);
	assert.deepEqual(compositionOf(layer(app))?.note.proves, [client]);
	assert.deepEqual(compositionFaults(layer(app)), []);
	assert.match(compositionFaults(stack(layer, clientAddress(custom))(app))[0] ?? '', /within another clientAddress/);
});

test('explain says whom it believes, and changes nothing', async () => {
	const app: App = (request, context) => {
		const explained = compositionOf(layered)?.note.explain?.(raw(request), context);
		assert.equal(context.has(client), false);
		assert.ok(explained !== undefined && !(explained instanceof Promise));
		assert.deepEqual(explained.does, [
			'Believes X-Forwarded-For of 10.0.0.1, which is trusted.',
			'The client is 203.0.113.9, by https, asking for shop.example.',
			'Passes the request on, with the client, and without what is not believed.',
		]);
		assert.deepEqual(
			explained.fields?.map(({ what, name }) => [what, name]),
			[['removes', 'forwarded']],
		);
		assert.equal(explained.request?.fields.get('forwarded'), null);
		assert.equal(explained.context?.get(client)?.address, '203.0.113.9');
		return respond(204);
	};
	const layered = clientAddress(custom)(() => respond(204)) as App;
	const fields = {
		Forwarded: 'for=6.6.6.6',
		'X-Forwarded-For': '203.0.113.9',
		'X-Forwarded-Proto': 'https',
		'X-Forwarded-Host': 'shop.example',
	};
	const running = exchange(app, { remote: ip('10.0.0.1'), fields });
	assert.equal((await running.answer).status, 204);
});
