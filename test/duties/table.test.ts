/**
 * The table of intermediaries' duties, row by row, as it is put to other proxies: raw client, plain `reverse`, scripted
 * origin. One test for each row, under the row's name; the files beside this one go into the details of each duty.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { exchange, gateway, get, plainGateway, scripted } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';

test('field nominated by Connection removed (request)', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'Connection: X-Secret\r\nX-Secret: 1\r\nX-Other: 2\r\n'));
	assert.equal(seen?.get('x-secret'), null);
	assert.equal(seen?.get('x-other'), '2');
	assert.doesNotMatch(seen?.get('connection') ?? '', /x-secret/i);
});

test('field nominated by Connection removed (response)', async (t) => {
	const g = await gateway(t, () => ok('fine', 'Connection: X-Secret\r\nX-Secret: 1\r\nX-Other: 2\r\n'));
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.get('x-secret'), null);
	assert.equal(answer.get('x-other'), '2');
	assert.doesNotMatch(answer.get('connection') ?? '', /x-secret/i);
});

test('Proxy-Authorization kept from origin', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'Proxy-Authorization: Basic eA==\r\nAuthorization: Basic eQ==\r\n'));
	assert.equal(seen?.get('proxy-authorization'), null);
	assert.equal(seen?.get('authorization'), 'Basic eQ==');
});

test('Via on requests by default', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${origin.port}`);
	t.after(() => proxy.close());
	await (await connect(t, portOf(await listen(t, proxy)))).send(get('/')).message();
	assert.match(origin.requests[0]?.get('via') ?? '', /^1\.1 turnabout[!-~]*$/);
});

test('103 forwarded', async (t) => {
	const g = await gateway(t, () => `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${ok('fine')}`);
	const { answer, client } = await exchange(g, get('/'));
	assert.equal(answer.status, 103);
	assert.equal(answer.get('link'), '</a.css>; rel=preload');
	assert.equal((await client.message()).body, 'fine');
});

test('response trailers', async (t) => {
	const chunked =
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nfine\r\n0\r\nX-Sum: 42\r\n\r\n';
	const g = await gateway(t, () => chunked);
	const { answer } = await exchange(g, get('/', 'TE: trailers\r\nConnection: TE\r\n'));
	assert.equal(answer.body, 'fine');
	assert.equal(answer.trailer('x-sum'), '42');
	assert.equal(answer.get('x-sum'), null, 'never merged into the header');
});

test('request trailers', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(
		g,
		'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n',
	);
	assert.equal(seen?.body, 'body');
	assert.equal(seen?.trailer('x-sum'), '42');
	assert.equal(seen?.get('x-sum'), null, 'never merged into the header');
});

test('Max-Forwards: 0 answered locally', async (t) => {
	const g = await plainGateway(t);
	for (const method of ['OPTIONS', 'TRACE']) {
		const { answer } = await exchange(g, `${method} / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n`);
		assert.ok(answer.status >= 200, method);
	}
	assert.equal(g.origin.peers.length, 0);
});

test('`/a/../b//c%2F` byte-exact', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/a/../b//c%2F?x=%zz&&y'));
	assert.equal(seen?.target, '/a/../b//c%2F?x=%zz&&y');
});

test('absolute-form: sane result', async (t) => {
	const g = await plainGateway(t, { reverse: { host: 'keep' } });
	const { seen, answer } = await exchange(g, 'GET http://b.example:8080/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n');
	assert.equal(answer.status, 200);
	assert.equal(seen?.target, '/x?y');
	assert.deepEqual(seen?.all('host'), ['b.example:8080']);
});

test('`DELETE` + chunked keeps framing', async (t) => {
	const g = await plainGateway(t);
	const { seen, client } = await exchange(
		g,
		'DELETE /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
	);
	assert.equal(seen?.body, 'hello');
	assert.equal(seen?.get('transfer-encoding'), 'chunked');
	assert.equal(seen?.get('content-length'), null);
	client.send(get('/next'));
	await client.message();
	assert.equal(g.origin.requests[1]?.target, '/next');
});

test('gzip answer left alone', async (t) => {
	const body = gzipSync('hello hello hello').toString('latin1');
	const g = await gateway(t, () => ok(body, 'Content-Encoding: gzip\r\nETag: "1"\r\n'));
	const { answer } = await exchange(g, get('/', 'Accept-Encoding: gzip\r\n'));
	assert.equal(answer.body, body);
	assert.equal(answer.get('content-encoding'), 'gzip');
	assert.equal(answer.get('etag'), '"1"');
});

test('client leaves SSE: upstream closed', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send(
			'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n',
		);
	});
	const client = (await g.client()).send(get('/'));
	await client.read('data: 1');
	client.reset();
	await (await g.origin.peer()).closed(2_000);
});

test('upstream RST mid-body: client told', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
		await new Promise((resolve) => setTimeout(resolve, 30));
		peer.reset();
	});
	const client = (await g.client()).send(get('/'));
	await client.read('half');
	await client.closed(2_000);
});

test('upstream connections for 5 requests: 1', async (t) => {
	const g = await plainGateway(t);
	for (let i = 0; i < 5; i++) await exchange(g, get(`/${i}`));
	assert.equal(g.origin.requests.length, 5);
	assert.equal(g.origin.peers.length, 1);
});

test('WebSocket refusal (401) relayed', async (t) => {
	const g = await gateway(
		t,
		() => 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 2\r\n\r\nno',
	);
	const upgrade =
		'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
	const { answer } = await exchange(g, get('/', upgrade));
	assert.equal(answer.status, 401);
	assert.equal(answer.get('www-authenticate'), 'Basic realm="x"');
	assert.equal(answer.body, 'no');
});

test('upstream down: 502', async (t) => {
	const g = await plainGateway(t);
	g.origin.close();
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /^turnabout;.*error=connection_refused/);
});

test('duplicate fields kept (Set-Cookie ×2)', async (t) => {
	const g = await gateway(t, () => ok('fine', 'Set-Cookie: a=1; Path=/\r\nX-A: 1\r\nset-cookie: b=2\r\nX-A: 2\r\n'));
	const { answer } = await exchange(g, get('/'));
	assert.deepEqual(answer.all('set-cookie'), ['a=1; Path=/', 'b=2']);
	assert.deepEqual(answer.all('x-a'), ['1', '2']);
});
