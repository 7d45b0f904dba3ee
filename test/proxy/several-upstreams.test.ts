/** Several upstreams: in turn, and one for another where nothing has been sent. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ProxyLogEntry, reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { get, type ReverseOptions } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import { ok, origin as originOf, rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

async function deadEnd(t: TestContext): Promise<string> {
	const server = await rawServer(t);
	const { port } = server;
	server.close();
	return `http://127.0.0.1:${port}`;
}

async function living(t: TestContext, name: string) {
	const origin = await originOf(t, (request) => ok(`${name}${request.body}`));
	return { url: `http://127.0.0.1:${origin.port}`, origin };
}

async function before(t: TestContext, urls: string[], options: ReverseOptions = {}) {
	const log: ProxyLogEntry[] = [];
	const proxy = reverse(urls, { name: 'turnabout', log: (entry) => log.push(entry), ...options });
	t.after(() => proxy.close());
	const client = await connect(t, portOf(await listen(t, proxy)));
	return { proxy, log, client, ask: (request = get('/')) => client.send(request).message() };
}

test('each is asked in turn, and each has its own pool', async (t) => {
	const all = await Promise.all(['a', 'b', 'c'].map((name) => living(t, name)));
	const urls = all.map(({ url }) => url);
	const { ask, proxy } = await before(t, urls);
	const bodies: string[] = [];
	for (let i = 0; i < 6; i++) bodies.push((await ask()).body);
	assert.deepEqual(bodies, ['a', 'b', 'c', 'a', 'b', 'c']);
	const statistics = proxy.statistics();
	assert.deepEqual(Object.keys(statistics), urls);
	for (const url of urls) assert.equal(statistics[url]?.requests, 2);
	for (const { origin } of all) assert.equal(origin.peers.length, 1);
});

test('one that refuses connections is passed over, and the log tells once', async (t) => {
	const a = await living(t, 'a');
	const dead = await deadEnd(t);
	const { ask, log } = await before(t, [dead, a.url]);
	for (let i = 0; i < 4; i++) assert.equal((await ask()).body, 'a');
	assert.equal(log.length, 1, 'it is avoided for a while');
	assert.equal(log[0]?.upstream, dead);
	assert.match(log[0]?.message ?? '', /connection_refused/);
});

test('a body that is complete in memory goes to the next upstream, too', async (t) => {
	const a = await living(t, 'a:');
	const { ask } = await before(t, [await deadEnd(t), a.url]);
	const answer = await ask('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody');
	assert.equal(answer.body, 'a:body');
});

test('a body that is a stream is not sent again', async (t) => {
	const a = await living(t, 'a');
	const { client, log } = await before(t, [await deadEnd(t), a.url]);
	client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n');
	assert.equal((await client.message()).status, 502);
	assert.equal(a.origin.requests.length, 0);
	assert.equal(log.length, 1);
});

test('all of them down: 502 with Proxy-Status, and a log entry for each', async (t) => {
	const urls = await Promise.all([deadEnd(t), deadEnd(t), deadEnd(t)]);
	const { ask, log } = await before(t, urls);
	const answer = await ask();
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /^turnabout;\s?error=connection_refused/);
	assert.deepEqual(
		log.map((entry) => entry.upstream),
		urls,
	);
});

test('one that has answered badly has been asked: no other is', async (t) => {
	const bad = await originOf(t, (_request, peer) => void peer.reset());
	const a = await living(t, 'a');
	const { ask } = await before(t, [`http://127.0.0.1:${bad.port}`, a.url]);
	assert.equal((await ask()).status, 502);
	assert.equal(a.origin.requests.length, 0);
	assert.equal((await ask()).body, 'a');
});

test('hop-by-hop fields and marks are made once, whichever upstream answers', async (t) => {
	const a = await living(t, 'a');
	const { ask } = await before(t, [await deadEnd(t), a.url]);
	await ask(get('/', 'Connection: X-Hop\r\nX-Hop: 1\r\n'));
	const [seen] = a.origin.requests;
	assert.deepEqual(seen?.all('via'), ['1.1 turnabout']);
	assert.equal(seen?.all('forwarded').length, 1);
	assert.deepEqual(seen?.all('x-forwarded-for'), ['127.0.0.1']);
	assert.equal(seen?.get('x-hop'), null);
	assert.deepEqual(seen?.all('host'), ['front.example']);
});

test('a client that leaves does not make the proxy try another', async (t) => {
	const slow = await originOf(t, () => new Promise<string>(() => {}));
	const a = await living(t, 'a');
	const { client } = await before(t, [`http://127.0.0.1:${slow.port}`, a.url]);
	client.send(get('/'));
	await until(() => slow.requests.length === 1, 'the request at the origin');
	client.reset();
	await (await slow.peer()).closed(2_000);
	assert.equal(a.origin.peers.length, 0);
});

test('no upstream at all is refused when the proxy is made', () => {
	assert.throws(() => reverse([]), { name: 'TypeError', message: /at least one/ });
});
