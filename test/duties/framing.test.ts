/** RFC 9112 section 6 through the gateway: each message leaves with one framing, ours, and borders never move. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, gateway, get, plainGateway } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

const chunked = (method: string) =>
	`${method} /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`;
const withLength = (method: string) => `${method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world`;

for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'REPORT']) {
	test(`${method} with a body keeps it, and the next request is the next`, async (t) => {
		for (const request of [chunked(method), withLength(method)]) {
			const g = await gateway(t, (asked) =>
				asked.method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n' : ok('fine'),
			);
			const { seen, client } = await exchange(g, request);
			assert.equal(seen?.body, 'hello world');
			const framings = [seen?.get('content-length'), seen?.get('transfer-encoding')].filter(
				(value) => typeof value === 'string',
			);
			assert.equal(framings.length, 1, 'one framing');
			client.send(get('/next'));
			await client.message();
			assert.equal(g.origin.requests[1]?.target, '/next');
			assert.equal(g.origin.requests.length, 2);
		}
	});
}

test('a GET without a body gets no framing fields', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/'));
	assert.equal(seen?.get('content-length'), null);
	assert.equal(seen?.get('transfer-encoding'), null);
});

test('a POST with an empty body says so', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
	assert.equal(seen?.get('content-length'), '0');
});

test('chunk extensions of a client do not reach the origin', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, chunked('POST'));
	assert.doesNotMatch(seen?.raw ?? 'ext', /ext/);
});

test('an HTTP/1.0 client gets a chunked answer without chunks', async (t) => {
	const g = await gateway(
		t,
		() => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n4\r\nfine\r\n0\r\nX: y\r\n\r\n',
	);
	const { answer, client } = await exchange(g, 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n');
	assert.equal(answer.get('transfer-encoding'), null);
	assert.equal(answer.body, 'fine');
	assert.equal(await client.closed(), 'finished');
});

test('trailers that route, frame or authenticate are dropped both ways', async (t) => {
	const bad =
		'Content-Length: 1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: x\r\nSet-Cookie: a=1\r\nContent-Type: x/y\r\nX-Sum: 1\r\n';
	const g = await gateway(
		t,
		() => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nfine\r\n0\r\n${bad}\r\n`,
	);
	const { seen, answer } = await exchange(
		g,
		`POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n${bad}\r\n`,
	);
	assert.deepEqual(
		seen?.trailers.map(([name]) => name),
		['X-Sum'],
	);
	assert.deepEqual(
		answer.trailers.map(([name]) => name),
		['X-Sum'],
	);
});

test('trailers keep order, case and duplicates', async (t) => {
	const g = await gateway(
		t,
		() => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\n\r\n',
	);
	const { answer } = await exchange(g, get('/', 'TE: trailers\r\nConnection: TE\r\n'));
	assert.deepEqual(answer.trailers, [
		['X-B', '1'],
		['x-a', '2'],
		['X-B', '3'],
	]);
});

test('a refused request reaches the origin neither whole nor in part', async (t) => {
	const g = await plainGateway(t);
	const client = (await g.client()).send(
		'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
	);
	assert.equal((await client.message()).status, 400);
	await client.closed();
	assert.equal(g.origin.received, '');
});
