/** Asking an authorization server: what it is shown, what of its answer counts, and that nothing passes when it fails. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import {
	type App,
	compositionFaults,
	explain,
	type Layer,
	layer,
	raw,
	respond,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type ForwardAuthOptions, forwardAuth } from '../../../src/middleware/forward-auth/index.ts';
import { client, identity } from '../../../src/middleware/index.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import type { Message } from '../../support/message.ts';
import { connect } from '../../support/raw-client.ts';
import { type Answer, ok, origin } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

/** Who came in, and what the app within is shown. */
const who: App = (request, context) => {
	const { name = 'nobody', claims = {} } = context.get(identity) ?? {};
	const { fields } = raw(request);
	return respond(200, {}, JSON.stringify({ name, claims, fields: fields.raw }));
};

async function guarded(t: TestContext, answer: Answer, options: ForwardAuthOptions = {}, app: App = who) {
	const server = await origin(t, answer);
	const one = forwardAuth(`http://127.0.0.1:${server.port}/verify?app=1`, options);
	t.after(() => one.close());
	return { server, layer: one, app: one(app) as App };
}

interface Seen {
	readonly name: string;
	readonly claims: Readonly<Record<string, string>>;
	readonly fields: readonly string[];
}

const seen = async (app: App, request: Parameters<typeof ask>[1] = '/'): Promise<Seen> => {
	const answer = await ask(app, request);
	assert.equal(answer.status, 200, String(answer.error));
	return (await answer.json()) as Seen;
};

const yes: Answer = () => ok('', 'Remote-User: ann\r\nRemote-Groups: a\r\nRemote-Groups: b\r\nX-Internal: no\r\n');
const copy = ['Remote-User', 'Remote-Groups'];
const field = (message: Message | undefined, name: string) => message?.all(name).join('|');

test('the server is shown the request, and its word is in the identity and in the agreed fields', async (t) => {
	const { app, server } = await guarded(t, yes, { copy, nameField: 'remote-user', send: ['X-Tenant'] });
	const { name, claims, fields } = await seen(app, {
		method: 'POST',
		target: '/a/../b?c=%31',
		authority: 'shop.example',
		scheme: 'https',
		remote: { kind: 'ip', host: '192.0.2.1', port: 1 },
		fields: {
			Authorization: 'Bearer x',
			Cookie: 'sid=1',
			'X-Tenant': 't',
			'X-Secret': 's',
			'X-Forwarded-For': '6.6.6.6',
		},
		body: 'the body stays with us',
	});
	assert.equal(name, 'ann');
	assert.deepEqual(claims, { 'remote-user': 'ann', 'remote-groups': 'a, b' });
	assert.deepEqual(fields.slice(-6), ['Remote-User', 'ann', 'Remote-Groups', 'a', 'Remote-Groups', 'b']);
	assert.equal(fields.includes('X-Internal') || fields.includes('Authorization'), false);
	const [asked] = server.requests;
	assert.equal(asked?.startLine, 'GET /verify?app=1 HTTP/1.1');
	for (const [one, value] of [
		['X-Forwarded-Method', 'POST'],
		['X-Forwarded-Proto', 'https'],
		['X-Forwarded-Host', 'shop.example'],
		['X-Forwarded-Uri', '/a/../b?c=%31'],
		['X-Forwarded-For', '192.0.2.1'],
		['Authorization', 'Bearer x'],
		['Cookie', 'sid=1'],
		['X-Tenant', 't'],
		['X-Secret', ''],
		['Content-Length', ''],
	] as const)
		assert.equal(field(asked, one), value, one);
});

test('the client that trusted proxies speak of is the one that the server is told of', async (t) => {
	const { server, layer: guard } = await guarded(t, yes);
	const app: App = (request, context) => {
		context.set(client, { address: '198.51.100.7', scheme: 'https', host: 'outer.example' });
		return (guard(who) as App)(request, context);
	};
	await ask(app);
	const [asked] = server.requests;
	assert.equal(field(asked, 'X-Forwarded-For'), '198.51.100.7');
	assert.equal(field(asked, 'X-Forwarded-Proto'), 'https');
	assert.equal(field(asked, 'X-Forwarded-Host'), 'outer.example');
});

test('what the client claims itself does not pass, in any spelling, with or without a word of the server', async (t) => {
	const spoof = ['Remote-User', 'admin', 'remote_user', 'admin', 'REMOTE-GROUPS', 'root', 'X-Other', '1'];
	const said = await guarded(t, yes, { copy });
	assert.equal(JSON.stringify((await seen(said.app, { fields: spoof })).fields).includes('admin'), false);
	const silent = await guarded(t, () => ok(''), { copy });
	assert.deepEqual((await seen(silent.app, { fields: spoof })).fields, ['X-Other', '1', 'Host', 'localhost']);
});

test('a client cannot have the next proxy take the word of the server off again', async (t) => {
	const behind = await origin(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${behind.port}`, { log: () => {} });
	t.after(() => proxy.close());
	const { app } = await guarded(t, yes, { copy }, proxy);
	await ask(app, { fields: { Connection: 'close, Remote-User, remote_groups' } });
	assert.equal(field(behind.requests[0], 'Remote-User'), 'ann');
	assert.equal(field(behind.requests[0], 'Remote-Groups'), 'a|b');
});

test('its no is the answer, with what is needed to sign in and nothing else', async (t) => {
	const { app, layer: guard } = await guarded(
		t,
		() =>
			'HTTP/1.1 302 Found\r\nLocation: https://sign-in.example/?to=x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nServer: internal\r\nX-Debug: secret\r\nCache-Control: public\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nsign',
	);
	const answer = await ask(app);
	assert.equal(answer.status, 302);
	assert.deepEqual(answer.fields.raw, [
		'Location',
		'https://sign-in.example/?to=x',
		'Set-Cookie',
		'a=1',
		'Set-Cookie',
		'b=2',
		'Content-Type',
		'text/html',
		'Cache-Control',
		'no-store',
	]);
	assert.equal(await answer.text(), 'sign');
	assert.equal(guard.statistics().refused, 1);
});

test('for a proxy, 401 becomes 407, and the credentials are those of the proxy', async (t) => {
	const refuse: Answer = (request) =>
		field(request, 'Authorization') === 'Basic x'
			? ok('')
			: 'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n';
	const { app, server } = await guarded(t, refuse, { role: 'proxy' });
	const connect = { method: 'CONNECT', target: 'db.example:5432' };
	const refused = await ask(app, { ...connect, fields: { Authorization: 'Basic x' } });
	assert.equal(refused.status, 407);
	assert.equal(refused.fields.get('proxy-authenticate'), 'Basic realm="x"');
	assert.equal(field(server.requests[0], 'X-Forwarded-Uri'), 'db.example:5432');
	assert.equal((await ask(app, { ...connect, fields: { 'Proxy-Authorization': 'Basic x' } })).status, 200);
});

test('a large body of a refusal is left out', async (t) => {
	const { app } = await guarded(
		t,
		() => `HTTP/1.1 403 No\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n${'x'.repeat(100)}`,
		{ limit: 99 },
	);
	const answer = await ask(app);
	assert.equal(answer.status, 403);
	assert.equal(answer.fields.get('content-type'), null);
	assert.equal(await answer.text(), '');
});

const failures: Readonly<Record<string, readonly [answer: Answer, status: number]>> = {
	'an error': [() => 'HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\nsecret', 502],
	'a bad gateway': [() => 'HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n', 502],
	'304': [() => 'HTTP/1.1 304 Same\r\n\r\n', 502],
	'another protocol': [() => 'HTTP/1.1 101 Up\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', 502],
	nonsense: [() => 'hello\r\n\r\n', 502],
	'no end': [(_, peer) => peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx').destroy(), 502],
	'a hang-up': [(_, peer) => peer.destroy(), 502],
	silence: [() => {}, 504],
};

for (const [what, [answer, status]] of Object.entries(failures)) {
	test(`nothing passes when the server answers with ${what}`, async (t) => {
		let reached = 0;
		const { app } = await guarded(t, answer, { timeout: 300 }, () => {
			reached++;
			return respond(204);
		});
		const got = await ask(app, { fields: { Upgrade: 'websocket', Connection: 'Upgrade' } });
		assert.equal(got.status, status, String(got.error));
		assert.match(got.fields.get('proxy-status') ?? '', /error=/);
		assert.doesNotMatch(await got.text(), /secret/);
		assert.equal(reached, 0);
	});
}

test('nothing passes when nobody listens', async (t) => {
	const { app, server } = await guarded(t, yes);
	server.close();
	assert.equal((await ask(app)).status, 502);
});

test('a server that answers byte by byte is given up in time', async (t) => {
	const { app } = await guarded(
		t,
		async (_, peer) => {
			peer.send('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
			while (!peer.over) {
				peer.send('x');
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		},
		{ timeout: 300 },
	);
	assert.equal((await ask(app)).status, 504);
});

test('informational responses of the server are not the client’s', async (t) => {
	const { app } = await guarded(t, () => `HTTP/1.1 103 Hints\r\nLink: </x>\r\n\r\n${ok('')}`);
	assert.equal((await ask(app)).informational.length, 0);
});

test('an answer that names nobody is a failure where a name is asked for, or anonymous where it may be', async (t) => {
	const silent: Answer = () => ok('', 'Remote-User: \r\n');
	assert.equal((await ask((await guarded(t, silent, { copy, nameField: 'Remote-User' })).app)).status, 502);
	const { app } = await guarded(t, silent, { copy, nameField: 'Remote-User', optional: true });
	assert.equal((await seen(app)).name, 'nobody');
});

test('a yes is remembered for the same question alone', async (t) => {
	const { app, server } = await guarded(t, yes, { remember: 60_000 });
	const cookie = (value: string, target = '/') => ({ target, fields: { Cookie: value } });
	for (let i = 0; i < 3; i++) await seen(app, cookie('a'));
	assert.equal(server.requests.length, 1);
	await seen(app, cookie('b'));
	await seen(app, cookie('a', '/other'));
	await seen(app, { ...cookie('a'), method: 'DELETE' });
	assert.equal(server.requests.length, 4);
	const refusing = await guarded(t, () => 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n', { remember: 60_000 });
	for (let i = 0; i < 2; i++) await ask(refusing.app);
	assert.equal(refusing.server.requests.length, 2);
	const setting = await guarded(t, () => ok('', 'Set-Cookie: a=1\r\n'), { remember: 60_000 });
	for (let i = 0; i < 2; i++) await ask(setting.app);
	assert.equal(setting.server.requests.length, 2);
});

test('a client that leaves takes its question along', async (t) => {
	const { app, server, layer: guard } = await guarded(t, () => {});
	const one = exchange(app);
	await until(() => server.requests.length === 1, 'the question is there');
	one.abort();
	await assert.rejects(one.answer, { code: 'DISCONNECTED' });
	await until(() => guard.statistics().pool.connections === 0, 'the connection is given up');
});

test('on sockets, a WebSocket and a CONNECT are opened only when the server says yes', async (t) => {
	const verdict: Answer = (request) =>
		field(request, 'Cookie') === 'ok=1'
			? ok('', 'Remote-User: ann\r\n')
			: 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n';
	const echo: App = (request) =>
		request.method === 'CONNECT'
			? respond(200, {}, null, { tunnel: ({ writable }) => writable.end() })
			: respond(
					101,
					{
						Upgrade: 'websocket',
						Connection: 'Upgrade',
						'Sec-WebSocket-Accept': accept(raw(request).fields.get('sec-websocket-key') ?? ''),
					},
					null,
					{
						tunnel: () => {},
					},
				);
	const { app } = await guarded(t, verdict, { copy }, echo);
	const port = portOf(await listen(t, app));
	const open = async (headers: Record<string, string>) => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
		t.after(() => socket.terminate());
		return Promise.race([
			once(socket, 'open').then(() => 101),
			once(socket, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode),
		]);
	};
	assert.equal(await open({ Cookie: 'ok=1' }), 101);
	assert.equal(await open({}), 403);
	for (const [cookie, status] of [
		['ok=1', 200],
		['no', 403],
	] as const) {
		const peer = await connect(t, port);
		peer.send(`CONNECT db.example:1 HTTP/1.1\r\nHost: db.example:1\r\nCookie: ${cookie}\r\n\r\n`);
		await until(() => peer.received.includes('\r\n\r\n'), 'an answer');
		assert.ok(peer.received.startsWith(`HTTP/1.1 ${status} `), peer.received);
	}
});

function accept(key: string): string {
	return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

test('options that cannot be meant are refused with their name', () => {
	const rows: readonly (readonly [to: string, options: object, reason: RegExp])[] = [
		['auth:9091', {}, /the server is http/],
		['ftp://auth/', {}, /the server is http/],
		['http://a:b@auth/', {}, /credentials/],
		['http://auth/', { copy: ['a b'] }, /copy must be a list of field names/],
		['http://auth/', { copy: ['Connection'] }, /copy: Connection is no field/],
		['http://auth/', { copy: ['X-Forwarded-For'] }, /copy: X-Forwarded-For is no field/],
		['http://auth/', { send: ['Host'] }, /send: Host is no field/],
		['http://auth/', { send: ['X-Forwarded-Uri'] }, /send: X-Forwarded-Uri is no field/],
		['http://auth/', { nameField: 'Remote-User' }, /nameField must be one of copy/],
		['http://auth/', { nameField: 7, copy: ['a'] }, /nameField must be one of copy/],
		['http://auth/', { timeout: 0 }, /timeout/],
		['http://auth/', { remember: -1 }, /remember/],
		['http://auth/', { limit: 0.5 }, /limit/],
		['http://auth/', { role: 'x' }, /role/],
		['http://auth/', { pass: 1 }, /pass/],
		['http://auth/', { timeouts: 1 }, /did you mean timeout\?/],
	];
	for (const [to, options, reason] of rows) assert.throws(() => forwardAuth(to, options), reason, reason.source);
});

test('it proves the identity, stands in no cache, and explains itself without asking', async (t) => {
	const { app, server } = await guarded(t, yes, { copy, nameField: 'Remote-User' });
	const optional: Layer = forwardAuth('http://127.0.0.1:1/', { optional: true });
	// @ts-expect-error -- nobody may be there
	optional((_, context) => respond(200, {}, context.get(identity).name));
	const cache = layer({ name: 'cache' }, (next) => (request, context) => next(request, context, context));
	assert.match(compositionFaults(cache(app))[0] ?? '', /forwardAuth: a cache stands around it/);
	const { request, context } = exchange(() => respond(204), {
		fields: { 'remote-user': 'admin', Authorization: 'Bearer secret' },
	});
	const [step] = await explain(app, request, context);
	assert.deepEqual(
		step?.explanation?.fields?.map(({ what, name }) => `${what} ${name}`),
		['removes remote-user', 'removes Authorization', 'adds Remote-User', 'adds Remote-Groups'],
	);
	assert.doesNotMatch(JSON.stringify(step?.explanation?.does), /secret/);
	assert.equal(server.requests.length, 0);
});
