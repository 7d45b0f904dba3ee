/** Clients of the forward proxy that speak SOCKS: where they get, and what they are told when they do not. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type App, type Context, stack } from '../../../src/convention/index.ts';
import { socks } from '../../../src/engine/socks/index.ts';
import { basicAuth } from '../../../src/middleware/basic-auth/index.ts';
import { allow, type ForwardOptions, type PolicyQuestion } from '../../../src/proxy/forward/index.ts';
import type { EngineOptions } from '../../support/engines.ts';
import { type ForwardProxy, forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { type RawServer, rawServer } from '../../support/raw-server.ts';
import { connect4, connect5, GRANTED, REJECTED, SUCCEEDED } from '../../support/socks-client.ts';
import { until } from '../../support/until.ts';

function proxy(
	t: TestContext,
	options: ForwardOptions = {},
	wrap?: (app: App) => App,
	engine: EngineOptions = {},
): Promise<ForwardProxy> {
	return forwardProxy(t, { forward: options, engine: { also: [socks()], ...engine }, ...(wrap && { wrap }) });
}

const guarded = (app: App): App => {
	const users = (user: string, password: string): boolean => user === 'ann' && password === 'secret';
	return stack(basicAuth({ role: 'proxy', users }))(app);
};

/** Whoever it hears from gets its word back. */
function echo(t: TestContext, host = '127.0.0.1'): Promise<RawServer> {
	const back = async (peer: RawPeer): Promise<void> => void peer.send(`<${await peer.read('ping')}>`);
	return rawServer(t, back, { at: { host, port: 0 } });
}

async function pings(client: RawPeer): Promise<void> {
	client.send('ping');
	assert.equal(await client.read('>'), '<ping>');
}

test('SOCKS5 to an IPv4 address: a tunnel, audited as that of a CONNECT', async (t) => {
	const there = await echo(t);
	const p = await proxy(t);
	const client = await p.client();
	assert.equal(await connect5(client, '127.0.0.1', there.port), SUCCEEDED);
	await pings(client);
	client.finish();
	(await there.peer()).finish();
	await until(() => p.audit.length === 1, 'an audit record');
	const [record] = p.audit;
	assert.deepEqual(
		[record?.protocol, record?.method, record?.target, record?.address, record?.outcome, record?.status],
		['socks5', 'CONNECT', `127.0.0.1:${there.port}`, '127.0.0.1', 'allowed', 200],
	);
	assert.deepEqual([record?.received, record?.sent], [4, 6]);
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});

test('SOCKS5 to an IPv6 address', async (t) => {
	const there = await echo(t, '::1').catch(() => null);
	if (there === null) return t.skip('there is no IPv6 here');
	const p = await proxy(t);
	const client = await p.client();
	assert.equal(await connect5(client, '::1', there.port), SUCCEEDED);
	await pings(client);
});

test('an IPv4 address written as IPv6 is judged and dialled as what it is', async (t) => {
	const there = await echo(t);
	const p = await proxy(t, { allowPrivate: ['127.0.0.1'] });
	const client = await p.client();
	assert.equal(await connect5(client, '::ffff:127.0.0.1', there.port), SUCCEEDED);
	await pings(client);
	const other = await p.client();
	assert.equal(await connect5(other, '::ffff:169.254.169.254', 80), 2);
});

test('names are resolved by the proxy, and asked for as they are', async (t) => {
	const there = await echo(t);
	const asked: string[] = [];
	const seen: PolicyQuestion[] = [];
	const p = await proxy(t, {
		resolve: async (name) => {
			asked.push(name);
			return ['127.0.0.1'];
		},
		policy: (question) => {
			seen.push(question);
			return { allowed: true, rule: 'seen' };
		},
	});
	const [five, four] = [await p.client(), await p.client()];
	assert.equal(await connect5(five, 'A.Example', there.port), SUCCEEDED);
	await pings(five);
	assert.equal(await connect4(four, 'b.example', there.port), GRANTED);
	await pings(four);
	assert.deepEqual(asked, ['a.example', 'b.example']);
	assert.deepEqual(
		seen.map(({ method, destination: { scheme, host, port } }) => [method, scheme, host, port]),
		[
			['CONNECT', 'tunnel', 'a.example', there.port],
			['CONNECT', 'tunnel', 'b.example', there.port],
		],
	);
});

test('SOCKS4 to an address', async (t) => {
	const there = await echo(t);
	const p = await proxy(t);
	const client = await p.client();
	assert.equal(await connect4(client, '127.0.0.1', there.port), GRANTED);
	await pings(client);
	client.reset();
	await until(() => p.audit.length === 1, 'an audit record');
	assert.equal(p.audit[0]?.protocol, 'socks4');
});

test('HTTP is spoken on the same port as before', async (t) => {
	const there = await echo(t);
	const p = await proxy(t);
	const client = await p.client();
	assert.match(await tunnelTo(client, `127.0.0.1:${there.port}`), /^HTTP\/1\.1 200 /);
	await pings(client);
	client.reset();
	await until(() => p.audit.length === 1, 'an audit record');
	assert.equal(p.audit[0]?.protocol, '1.1');
});

test('user and password are those of the proxy, and known to policy and audit', async (t) => {
	const there = await echo(t);
	const names: (string | undefined)[] = [];
	const policy = ({ identity, request }: PolicyQuestion) => {
		names.push(identity?.name);
		assert.equal(request.fields.get('proxy-authorization'), null, 'what was checked is not passed on');
		return { allowed: true, rule: 'seen' };
	};
	const p = await proxy(t, { policy }, guarded);
	const client = await p.client();
	assert.equal(await connect5(client, '127.0.0.1', there.port, { user: 'ann', password: 'secret' }), SUCCEEDED);
	await pings(client);
	client.reset();
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.identity, ...names], ['ann', 'ann']);
});

for (const [what, who] of [
	['a wrong password', { user: 'ann', password: 'guess' }],
	['an empty password', { user: 'ann', password: '' }],
	['nobody', null],
] as const) {
	test(`${what} is refused with the request, and reaches nobody`, async (t) => {
		const there = await echo(t);
		const p = await proxy(t, {}, guarded);
		const client = await p.client();
		assert.equal(await connect5(client, '127.0.0.1', there.port, who), 2);
		assert.equal(await client.closed(), 'finished');
		assert.deepEqual([there.peers.length, p.audit.length], [0, 0]);
	});
}

test('a user of SOCKS4 has no password, and a token may be one', async (t) => {
	const there = await echo(t);
	const byToken = (app: App): App =>
		stack(basicAuth({ role: 'proxy', users: (user, password) => user === 'token' && password === '' }))(app);
	const p = await proxy(t, {}, byToken);
	const [right, wrong] = [await p.client(), await p.client()];
	assert.equal(await connect4(right, '127.0.0.1', there.port, 'token'), GRANTED);
	assert.equal(await connect4(wrong, '127.0.0.1', there.port, 'guess'), REJECTED);
	await wrong.closed();
});

/** A port on which nobody listens. */
async function deserted(t: TestContext): Promise<number> {
	const there = await rawServer(t);
	const { port } = there;
	there.close();
	return port;
}

test('what policy, ports and guard refuse is reply 2, and audited as denied', async (t) => {
	const there = await echo(t);
	const options: readonly ForwardOptions[] = [
		{ policy: allow({ hosts: ['elsewhere.example'] }) },
		{ ports: [443] },
		{ guard: () => false },
		{ allowPrivate: [] },
	];
	for (const option of options) {
		const p = await proxy(t, option);
		const [five, four] = [await p.client(), await p.client()];
		assert.equal(await connect5(five, '127.0.0.1', there.port), 2);
		assert.equal(await connect4(four, '127.0.0.1', there.port), REJECTED);
		assert.deepEqual([await five.closed(), await four.closed()], ['finished', 'finished']);
		await until(() => p.audit.length === 2, 'two audit records');
		assert.deepEqual(
			p.audit.map(({ outcome, status }) => [outcome, status]),
			[
				['denied', 403],
				['denied', 403],
			],
		);
	}
	assert.equal(there.peers.length, 0);
});

test('a name that cannot be resolved is reply 4', async (t) => {
	const resolve = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
	const p = await proxy(t, { resolve });
	const client = await p.client();
	assert.equal(await connect5(client, 'nowhere.example', 80), 4);
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['failed', 'dns_error']);
});

test('a destination that refuses is reply 5', async (t) => {
	const p = await proxy(t);
	const client = await p.client();
	assert.equal(await connect5(client, '127.0.0.1', await deserted(t)), 5);
	await client.closed();
});

/** Takes connections only as long as its backlog has room, so that others wait for ever. */
async function full(t: TestContext): Promise<number> {
	const server: Server = createServer().listen({ host: '127.0.0.1', port: 0, backlog: 0 });
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	return (server.address() as { port: number }).port;
}

test('a destination that does not answer in time is reply 6', async (t) => {
	const p = await proxy(t, { resolve: () => new Promise(() => {}), timeouts: { connect: 100 } });
	const client = await p.client();
	assert.equal(await connect5(client, 'slow.example', await full(t)), 6);
	await client.closed();
});

test('a host that nobody could mean is reply 1', async (t) => {
	const p = await proxy(t);
	for (const host of ['0x7f.1', '2130706433', '127.1', 'a..example']) {
		const client = await p.client();
		assert.equal(await connect5(client, host, 80), 1, host);
	}
});

test('layers around the proxy see SOCKS as they see CONNECT', async (t) => {
	const there = await echo(t);
	const seen: string[] = [];
	const watched =
		(app: App): App =>
		(request, context: Context) => {
			context.onFinished({
				exchangeFinished: (outcome) => {
					const { remote, protocol } = context.connection;
					const { ok, status, bytes, received } = outcome;
					seen.push(`${request.method} ${request.url} ${protocol} ${remote.kind} ${ok} ${status} ${received} ${bytes}`);
				},
			});
			return app(request, context, context);
		};
	const p = await proxy(t, {}, watched);
	const client = await p.client();
	await connect5(client, '127.0.0.1', there.port);
	await pings(client);
	client.finish();
	(await there.peer()).finish();
	await until(() => seen.length === 1, 'an outcome');
	assert.deepEqual(seen, [`CONNECT http://127.0.0.1:${there.port}/ socks5 ip true 200 4 6`]);
});

test('our own client goes through our own SOCKS, by name, with a password', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.read('\r\n\r\n');
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine');
	});
	const p = await proxy(t, { resolve: async () => ['127.0.0.1'] }, guarded);
	const front = await forwardProxy(t, { forward: { parent: `socks5://ann:secret@127.0.0.1:${p.port}` } });
	const client = await front.client();
	await tunnelTo(client, `far.example:${there.port}`);
	client.send('GET / HTTP/1.1\r\nHost: far.example\r\n\r\n');
	assert.equal((await client.message()).body, 'fine');
	client.finish();
	(await there.peer()).finish();
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.target, p.audit[0]?.identity], [`far.example:${there.port}`, 'ann']);
});

test('what our SOCKS refuses, our own client says in the words of HTTP', async (t) => {
	const p = await proxy(t, { policy: allow({ hosts: ['elsewhere.example'] }) });
	const front = await forwardProxy(t, { forward: { parent: `socks5://127.0.0.1:${p.port}` } });
	const client = await front.client();
	client.send('CONNECT far.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
	const answer = await client.message();
	assert.match(answer.get('proxy-status') ?? '', /error=http_request_denied/);
});
