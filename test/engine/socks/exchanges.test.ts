/** What an app sees of a client that speaks SOCKS, and what the client is told of the app's answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, type Context, lint, type Outcome, raw, respond } from '../../../src/convention/index.ts';
import { h1 } from '../../../src/engine/h1/index.ts';
import { server as certificate } from '../../support/certificates.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect, connectSecurely } from '../../support/raw-client.ts';
import {
	ANYBODY,
	connect4,
	connect5,
	GRANTED,
	login,
	REJECTED,
	reply5,
	request4,
	request5,
	SOMEBODY,
	SUCCEEDED,
	taken,
} from '../../support/socks-client.ts';
import { until } from '../../support/until.ts';
import { byHost, echo, socksServer } from './socks-server.ts';

test('a request is a CONNECT like any other', async (t) => {
	const seen: unknown[] = [];
	const app: App = (request, context) => {
		const { method, target, form, authority, version, fields, payload } = raw(request);
		seen.push({ method, target, form, authority, version, payload, fields: [...fields], offers: context.offers });
		assert.deepEqual([context.connection.protocol, context.can.inform, context.can.tunnel], ['socks5', false, true]);
		context.inform(103);
		return echo();
	};
	const s = await socksServer(t, {}, lint(app));
	const client = await s.client();
	assert.equal(await connect5(client, 'Far.Example', 443, { user: 'a\xfc', password: 'p:w' }), SUCCEEDED);
	client.send('ping');
	await client.read('ping');
	const common = { method: 'CONNECT', form: 'authority', version: '1.1', payload: null, offers: ['connect'] };
	const fields = [
		['Host', 'Far.Example:443'],
		['Proxy-Authorization', `Basic ${btoa('a\xfc:p:w')}`],
	];
	assert.deepEqual(seen, [{ ...common, target: 'Far.Example:443', authority: 'Far.Example:443', fields }]);
	assert.deepEqual(s.log, []);
});

test('an IPv6 address stands in brackets, and who says no name brings no credentials', async (t) => {
	const seen: string[] = [];
	const app: App = (request, context) => {
		const { target, fields } = raw(request);
		seen.push(`${target} ${fields.get('proxy-authorization')} ${context.connection.protocol}`);
		return echo();
	};
	const s = await socksServer(t, {}, app);
	assert.equal(await connect5(await s.client(), '2001:db8::1', 80), SUCCEEDED);
	assert.equal(await connect4(await s.client(), '192.0.2.1', 80), GRANTED);
	assert.equal(await connect4(await s.client(), 'a.example', 80, 'ada'), GRANTED);
	assert.deepEqual(seen, [
		'[2001:db8::1]:80 null socks5',
		'192.0.2.1:80 null socks4',
		`a.example:80 Basic ${btoa('ada:')} socks4`,
	]);
});

/** What an app answers, and the reply of SOCKS5. */
const answers: readonly [number, string | null, number][] = [
	[200, null, 1],
	[400, null, 1],
	[401, null, 2],
	[403, null, 2],
	[407, null, 2],
	[429, null, 2],
	[502, null, 1],
	[503, null, 1],
	[504, null, 6],
	[403, 'turnabout; error=http_request_denied; details="deny a"', 2],
	[403, 'turnabout; error=destination_ip_prohibited', 2],
	[502, 'turnabout; error=dns_error', 4],
	[504, 'turnabout; error=dns_timeout', 4],
	[502, 'turnabout; error=destination_ip_unroutable', 3],
	[502, 'turnabout; error=connection_refused', 5],
	[504, 'turnabout; error=connection_timeout', 6],
	[502, 'turnabout; error=tls_certificate_error', 1],
	[502, 'far; error=connection_refused, near; error=dns_error', 4],
	[502, 'turnabout; error="connection_refused"', 1],
	[502, 'turnabout; error=toString', 1],
	[502, ';;;', 1],
];

for (const [status, proxyStatus, reply] of answers) {
	test(`${status}${proxyStatus === null ? '' : ` with ${proxyStatus}`} is reply ${reply}, and the end`, async (t) => {
		const outcomes: Outcome[] = [];
		const app: App = (_request, context: Context) => {
			context.onFinished({ exchangeFinished: (outcome) => outcomes.push(outcome) });
			return respond(status, proxyStatus === null ? {} : { 'Proxy-Status': proxyStatus }, 'a page');
		};
		const s = await socksServer(t, {}, app);
		const [five, four] = [await s.client(), await s.client()];
		assert.equal(await connect5(five, 'a.example', 80), reply);
		assert.equal(await connect4(four, 'a.example', 80), REJECTED);
		for (const client of [five, four]) {
			assert.equal(await client.closed(), 'finished');
			assert.equal(client.unread, '');
		}
		const outcome = { ok: true, status, bytes: 0, received: 0 };
		assert.deepEqual(outcomes, [outcome, outcome]);
	});
}

for (const [host, level] of [
	['throw', 'An exchange failed'],
	['switch', 'An exchange failed'],
] as const) {
	test(`an app that does what it should not (${host}) is reply 1, and logged`, async (t) => {
		const s = await socksServer(t);
		const client = await s.client();
		assert.equal(await connect5(client, host, 80), 1);
		client.finish();
		assert.deepEqual(s.log, [level]);
		await s.check();
	});
}

test('an app that drops the connection does so without a reply', async (t) => {
	const s = await socksServer(t);
	const client = (await s.client()).send(ANYBODY);
	await taken(client, 2);
	client.send(request5('abort', 80));
	assert.equal(await client.closed(), 'reset');
	assert.equal(client.unread, '');
	await s.check();
});

test('an app that throws with the tunnel in its hands loses that tunnel', async (t) => {
	const s = await socksServer(t);
	const client = (await s.client()).send(ANYBODY + request5('broken', 80));
	await client.closed();
	assert.equal(s.log.length, 1);
	await s.check();
});

test('a client that says all at once is answered in order', async (t) => {
	const s = await socksServer(t);
	const client = (await s.client()).send(`${SOMEBODY}${login('ada', 'pw')}${request5('echo', 80)}early`);
	assert.deepEqual(await taken(client, 4), [5, 2, 1, 0]);
	assert.equal(await reply5(client), SUCCEEDED);
	await client.read('early');
});

test('by TLS it is spoken inside, and the request is one of https', async (t) => {
	const schemes: string[] = [];
	const app: App = (request, context) => {
		schemes.push(`${raw(request).scheme} ${context.connection.tls !== null}`);
		return echo();
	};
	const s = await socksServer(t, {}, app, { host: '127.0.0.1', port: 0, tls: certificate });
	const client = await connectSecurely(t, s.port, { rejectUnauthorized: false });
	assert.equal(await connect5(client, 'a.example', 80), SUCCEEDED);
	client.send('ping');
	await client.read('ping');
	assert.deepEqual(schemes, ['https true']);
});

test('an engine that was not told to does not speak it', async (t) => {
	const listener = await listen(t, byHost, { log: () => {} });
	for (const said of [ANYBODY + request5('echo', 80), request4('echo', 80)]) {
		const client = (await connect(t, portOf(listener))).send(said);
		await client.closed();
		assert.match(client.received, /^HTTP\/1\.1 400 /);
	}
	assert.equal(listener.statistics().requests, 0);
});

test('HTTP on the same port is what it was: kept connections, bad requests, time-outs', async (t) => {
	const s = await socksServer(t, { timeouts: { header: 100 } });
	const kept = await s.client();
	for (let i = 0; i < 3; i++) {
		kept.send('GET / HTTP/1.1\r\nHost: hello\r\n\r\n');
		assert.equal((await kept.message()).body, 'hello');
	}
	for (const first of ['\x00', '\x03', '\x06', '\x16\x03\x01', '\xff']) {
		const bad = (await s.client()).send(`${first}\r\n\r\n`);
		assert.equal((await bad.message()).status, 400);
	}
	const slow = (await s.client()).send('G');
	assert.equal((await slow.message()).status, 408);
	const silent = await s.client();
	assert.equal(await silent.closed(), 'finished');
	assert.equal(silent.received, '');
	await until(() => s.listener.statistics().timeouts >= 2, 'two time-outs');
});

for (const also of [null, 'socks', {}, [1], [undefined], [{ name: 'SOCKS' }]]) {
	test(`also: ${JSON.stringify(also)} is refused`, () => {
		assert.throws(() => h1({ also: also as never }), /^TypeError: also: .*socks\(\)/);
	});
}
