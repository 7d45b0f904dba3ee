/** A forward proxy that goes through parents: by rule, in order, and with the guard in front of them. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Parent, parseParent, publicAddresses } from '../../../src/client/index.ts';
import { basicAuth } from '../../../src/middleware/basic-auth/index.ts';
import {
	byRule,
	type Destination,
	type ForwardOptions,
	followPac,
	type ParentRule,
} from '../../../src/proxy/forward/index.ts';
import { absoluteParent, httpParent, socksParent } from '../../client/parent/parents.ts';
import { type ForwardProxy, forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { ok, origin as originOf, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

const to = (host: string, scheme: Destination['scheme'] = 'tunnel', port = 443): Destination => ({
	scheme,
	host,
	port,
	authority: host,
	path: null,
	intercepted: false,
});

test('rules: the first that fits', () => {
	const choose = byRule([
		{ parent: null, hosts: ['intra.example', '10.0.0.0/8'] },
		{ parent: 'http://p1', hosts: ['*.example.org', '.both.example', 'port.example:8443'] },
		{ parent: 'http://p2', schemes: ['http'] },
		{ parent: 'socks5://p3', ports: [443] },
	]);
	const by = (place: Destination): string => choose(place)?.name ?? 'direct';
	const table: readonly [Destination, string][] = [
		[to('intra.example'), 'direct'],
		[to('x.intra.example'), 'socks5://p3:1080'],
		[to('10.1.1.1', 'http', 80), 'direct'],
		[to('www.example.org'), 'http://p1:80'],
		[to('example.org'), 'socks5://p3:1080'],
		[to('both.example'), 'http://p1:80'],
		[to('port.example', 'tunnel', 8443), 'http://p1:80'],
		[to('port.example'), 'socks5://p3:1080'],
		[to('a.example', 'http', 80), 'http://p2:80'],
		[to('a.example', 'tunnel', 25), 'direct'],
	];
	for (const [place, expected] of table)
		assert.equal(by(place), expected, `${place.scheme} ${place.host}:${place.port}`);
});

test('rules that cannot be meant are refused', () => {
	const bad: readonly [unknown, RegExp][] = [
		['x', /byRule: the rules must be a list/],
		[[7], /byRule: 0: not a rule/],
		[[{}], /byRule: 0: parent: missing/],
		[[{ parent: null }, { parent: 'p:1' }], /byRule: 1: parent: .*Did you mean http/],
		[[{ parent: null, host: [] }], /byRule: 0: host: no such option; .*did you mean hosts/],
		[[{ parent: null, hosts: 'a' }], /hosts: not a list/],
		[[{ parent: null, hosts: ['10.0.0.0/99'] }], /byRule: 0: hosts: /],
		[[{ parent: null, schemes: ['ftp'] }], /schemes: "ftp"/],
		[[{ parent: null, ports: [0] }], /ports: 0 is no port/],
	];
	for (const [rules, message] of bad) assert.throws(() => byRule(rules as ParentRule[]), message);
});

async function get(proxy: ForwardProxy, url: string, fields = ''): Promise<string> {
	const client = await proxy.client();
	const { host } = new URL(url);
	client.send(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`);
	const answer = await client.message();
	client.destroy();
	return `${answer.status} ${answer.body}`;
}

const through = (t: TestContext, parent: NonNullable<ForwardOptions['parent']>, options: ForwardOptions = {}) =>
	forwardProxy(t, { forward: { parent, ...options } });

test('requests go on in absolute form, on one connection for all origins, and say who passed them on', async (t) => {
	const parent = await absoluteParent(t);
	const proxy = await through(t, `http://ada:secret@127.0.0.1:${parent.port}`);
	for (const host of ['one.example', 'two.example:8080'])
		assert.equal(
			await get(proxy, `http://${host}/x?y`, 'Proxy-Authorization: Basic eDp5\r\n'),
			`200 GET http://${host}/x?y HTTP/1.1|Host: ${host}|Via: 1.1 turnabout|Proxy-Authorization: Basic ${btoa('ada:secret')}`,
		);
	assert.equal(parent.peers.length, 1);
});

test('tunnels go on by CONNECT or SOCKS5, with names', async (t) => {
	const echo = await rawServer(t, async (peer) => void peer.send(`>${await peer.read('\n')}`).finish());
	const [http, socks] = [await httpParent(t, { to: echo.port }), await socksParent(t, { to: echo.port })];
	for (const [scheme, { port }] of [
		['http', http],
		['socks5', socks],
	] as const) {
		const proxy = await through(t, `${scheme}://127.0.0.1:${port}`);
		const client = await proxy.client();
		assert.match(await tunnelTo(client, 'a.example:443'), /^HTTP\/1\.1 200 /);
		client.send('hello\n');
		assert.equal(await client.read('\n'), '>hello\n');
		client.destroy();
		await until(() => proxy.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	}
	assert.match(http.asked[0] as string, /^CONNECT a\.example:443 /);
	assert.deepEqual(socks.asked, ['3:a.example:443']);
});

test('a websocket through the parent is a tunnel', async (t) => {
	const origin = await originOf(t, (request) => ok(request.startLine));
	const parent = await httpParent(t);
	const proxy = await through(t, `http://127.0.0.1:${parent.port}`);
	const url = `http://ws.example:${origin.port}/chat`;
	assert.equal(await get(proxy, url, 'Connection: upgrade\r\nUpgrade: websocket\r\n'), '200 GET /chat HTTP/1.1');
	assert.match(parent.asked[0] as string, /^CONNECT ws\.example:/);
});

test('a literal address that the guard refuses never gets to a parent', async (t) => {
	const parent = await absoluteParent(t);
	for (const url of [`http://127.0.0.1:${parent.port}`, `socks5://127.0.0.1:${parent.port}`]) {
		const proxy = await through(t, url, { guard: publicAddresses() });
		for (const host of ['127.0.0.1', '[::1]', '169.254.169.254', 'localhost']) {
			assert.match(await get(proxy, `http://${host}/`), /^403 /, host);
			const client = await proxy.client();
			assert.match(await tunnelTo(client, `${host}:443`), /^HTTP\/1\.1 403 [\s\S]*destination_ip_prohibited/, host);
			client.destroy();
		}
	}
	assert.equal(parent.peers.length, 0);
});

test('a parent’s 407 does not reach the client, and no password the log', async (t) => {
	const parent = await rawServer(t, async (peer) => {
		await peer.read('\r\n\r\n');
		peer.send('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n');
	});
	const proxy = await through(t, `http://ada:hush@127.0.0.1:${parent.port}`);
	assert.match(await get(proxy, 'http://a.example/'), /^500 /);
	const client = await proxy.client();
	const answer = await tunnelTo(client, 'a.example:443');
	client.destroy();
	assert.match(answer, /^HTTP\/1\.1 500 [\s\S]*proxy_configuration_error;details="the parent proxy answered 407"/);
	assert.doesNotMatch(answer, /Proxy-Authenticate/i);
	assert.match(proxy.log.join(), /does not take our user and password/);
	assert.doesNotMatch(JSON.stringify([proxy.log, proxy.audit, answer]), /hush|aHVz/);
});

/** A port where nobody listens any more. */
async function dead(t: TestContext): Promise<Parent> {
	const server = await rawServer(t);
	const { port } = server;
	server.close();
	return parseParent(`http://127.0.0.1:${port}`);
}

test('the next one is tried when a parent cannot be reached, and not when it says no', async (t) => {
	const parent = await absoluteParent(t);
	const [gone, there] = [await dead(t), parseParent(`http://127.0.0.1:${parent.port}`)];
	const proxy = await through(t, () => [gone, there]);
	assert.match(await get(proxy, 'http://a.example/'), /^200 GET http:\/\/a\.example\//);
	const origin = await originOf(t, () => ok('direct'));
	const last = await through(t, async () => [gone, gone, null]);
	assert.equal(await get(last, `http://127.0.0.1:${origin.port}/`), '200 direct');
	const client = await last.client();
	assert.match(await tunnelTo(client, `127.0.0.1:${origin.port}`), / 200 /);
	client.destroy();
	const refusing = await httpParent(t, { answer: () => 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n' });
	const strict = await through(t, () => [parseParent(`http://127.0.0.1:${refusing.port}`), null]);
	const other = await strict.client();
	assert.match(await tunnelTo(other, `127.0.0.1:${origin.port}`), /^HTTP\/1\.1 403 /);
	other.destroy();
	assert.match(await get(await through(t, gone), 'http://a.example/'), /^502 /);
});

test('a request with a body is not sent twice', async (t) => {
	const parent = await absoluteParent(t);
	const gone = await dead(t);
	const proxy = await through(t, () => [gone, parseParent(`http://127.0.0.1:${parent.port}`)]);
	const client = await proxy.client();
	client.send(
		'POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
	);
	assert.equal((await client.message()).status, 502);
	assert.equal(parent.requests.length, 0);
	client.destroy();
});

test('a choice that fails is a failure of ours', async (t) => {
	for (const parent of [
		() => {
			throw new Error('no');
		},
		() => Promise.reject(new Error('no')),
		() => [],
		() => 7 as never,
	]) {
		const proxy = await through(t, parent);
		const client = await proxy.client();
		assert.match(await tunnelTo(client, 'a.example:443'), /^HTTP\/1\.1 500 /);
		client.destroy();
	}
});

test('a PAC file decides, in order', async (t) => {
	const parent = await absoluteParent(t);
	const gone = await dead(t);
	const file = `function FindProxyForURL(url, host) {
		return dnsDomainIs(host, '.example') ? 'PROXY ${gone.origin.host}:${gone.origin.port}; PROXY 127.0.0.1:${parent.port}' : 'DIRECT';
	}`;
	const choice = followPac({ file });
	t.after(() => choice.close());
	const proxy = await through(t, choice);
	assert.match(await get(proxy, 'http://a.example/'), /^200 GET http:\/\/a\.example\//);
	const origin = await originOf(t, () => ok('direct'));
	assert.equal(await get(proxy, `http://127.0.0.1:${origin.port}/`), '200 direct');
});

test('a proxy of ours is a parent of ours', async (t) => {
	const origin = await originOf(t, (request) => ok(`${request.startLine} ${request.get('via')}`));
	const users = (name: string, password: string): boolean => name === 'ada' && password === 'pw';
	const outer = await forwardProxy(t, { forward: { name: 'outer' }, wrap: basicAuth({ role: 'proxy', users }) });
	const inner = await through(t, `http://ada:pw@127.0.0.1:${outer.port}`);
	assert.equal(await get(inner, `http://127.0.0.1:${origin.port}/x`), '200 GET /x HTTP/1.1 1.1 turnabout, 1.1 outer');
	const client = await inner.client();
	assert.match(await tunnelTo(client, `127.0.0.1:${origin.port}`), / 200 /);
	client.send('GET /in HTTP/1.1\r\nHost: x\r\n\r\n');
	assert.equal((await client.message()).body, 'GET /in HTTP/1.1 null');
	client.destroy();
	const wrong = await through(t, `http://ada:no@127.0.0.1:${outer.port}`);
	assert.match(await get(wrong, `http://127.0.0.1:${origin.port}/x`), /^500 /);
});

test('an option that is no parent is refused by name', async (t) => {
	for (const parent of ['p:3128', 'ftp://p', 7]) await assert.rejects(through(t, parent as string), /forward: parent/);
});
