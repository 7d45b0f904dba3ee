/** Upstreams asked in HTTP/2: every message comes through whole, and keeps an intermediary's duties. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { http2 } from '../../../src/engine/h2/index.ts';
import { ok, origin } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { front, h2Origin, secureOrigin, trusting } from './h2-origin.ts';

test('a request and its answer: pseudo-fields, Host in :authority, Via with the version', async (t) => {
	const to = await h2Origin(t, (stream) => {
		stream.respond({ ':status': 200, 'x-one': ['a', 'b'], 'set-cookie': ['c=1', 'd=2'], via: '1.1 inner' });
		stream.end('hello');
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send(
		'GET /a?b HTTP/1.1\r\nHost: shop.example\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-Two: a\r\nX-Two: b\r\nTE: trailers\r\n\r\n',
	);
	const answer = await client.message('GET');
	assert.deepEqual([answer.status, answer.body], [200, 'hello']);
	assert.equal(answer.get('via'), '1.1 inner, 2 turnabout');
	assert.deepEqual(answer.all('set-cookie'), ['c=1', 'd=2']);
	assert.equal(answer.all('x-one').join(), 'a,b');
	const [seen] = to.seen;
	assert.equal(seen?.[':method'], 'GET');
	assert.equal(seen?.[':path'], '/a?b');
	assert.equal(seen?.[':scheme'], 'http');
	assert.equal(seen?.[':authority'], 'shop.example');
	assert.deepEqual([seen?.['host'], seen?.['connection'], seen?.['x-hop']], [undefined, undefined, undefined]);
	assert.deepEqual([seen?.['te'], seen?.['x-two'], seen?.['via']], ['trailers', 'a, b', '1.1 turnabout']);
});

test('bodies of every framing, with trailers, both ways', async (t) => {
	const to = await h2Origin(t, (stream, headers) => {
		const parts: Buffer[] = [];
		let trailer: unknown;
		stream.on('trailers', (fields: Record<string, string>) => {
			trailer = fields['x-sum'];
		});
		stream.on('data', (part: Buffer) => parts.push(part));
		stream.on('end', () => {
			stream.respond({ ':status': 200, 'x-length': headers['content-length'] ?? 'none' }, { waitForTrailers: true });
			stream.on('wantTrailers', () => stream.sendTrailers({ 'x-seen': String(trailer) }));
			stream.end(Buffer.concat(parts));
		});
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nwhole');
	let answer = await client.message('POST');
	assert.deepEqual([answer.body, answer.get('x-length')], ['whole', '5']);
	client.send(
		'POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\n\r\n',
	);
	answer = await client.message('POST');
	assert.deepEqual([answer.body, answer.get('x-length')], ['abcdefg', 'none']);
	assert.equal(answer.trailers?.find(([name]) => name.toLowerCase() === 'x-seen')?.[1], '7');
	client.send('POST / HTTP/1.1\r\nHost: a\r\n\r\n');
	answer = await client.message('POST');
	assert.deepEqual([answer.body, answer.get('x-length')], ['', '0']);
	assert.equal(to.sessions.length, 1);
});

test('HEAD, 204, 304 and heads without a body end where they end', async (t) => {
	const to = await h2Origin(t, (stream, headers) => {
		const status = Number(String(headers[':path']).slice(1));
		stream.respond({ ':status': status, ...(status === 200 ? { 'content-length': '9' } : {}) }, { endStream: true });
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	for (const [method, status] of [
		['HEAD', 200],
		['GET', 204],
		['GET', 304],
		['GET', 404],
	] as const) {
		client.send(`${method} /${status} HTTP/1.1\r\nHost: a\r\n\r\n`);
		const answer = await client.message(method);
		assert.deepEqual([answer.status, answer.body], [status, '']);
		if (method === 'HEAD') assert.equal(answer.get('content-length'), '9');
	}
	await until(() => f.proxy.statistics()[`http://127.0.0.1:${to.port}`]?.idle === 1, 'all streams are closed');
});

test('informational responses come through; 100 is the upstream’s own', async (t) => {
	const to = await h2Origin(t, (stream) => {
		stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
		stream.additionalHeaders({ ':status': 100 });
		stream.respond({ ':status': 200 });
		stream.pipe(stream);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
	const early = await client.message('POST');
	assert.deepEqual([early.status, early.get('link')], [103, '</a.css>; rel=preload']);
	assert.equal((await client.message('POST')).status, 100);
	client.send('ok');
	const answer = await client.message('POST');
	assert.deepEqual([answer.status, answer.body], [200, 'ok']);
});

test('many requests share a connection, from clients of both versions', async (t) => {
	const to = await h2Origin(t, (stream) => {
		setTimeout(() => {
			stream.respond({ ':status': 200 });
			stream.end('x');
		}, 20);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`, {}, http2({ log: () => {} }));
	const session = connect(`http://127.0.0.1:${f.port}`);
	t.after(() => session.destroy());
	const answers = Array.from({ length: 50 }, async () => {
		const stream = session.request({ ':path': '/' });
		const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
		stream.resume();
		await once(stream, 'close');
		return [head[':status'], head['via']];
	});
	for (const answer of await Promise.all(answers)) assert.deepEqual(answer, [200, '2 turnabout']);
	assert.equal(to.sessions.length, 1);
	assert.equal(to.seen[0]?.['via'], '2 turnabout');
});

test('under TLS: HTTP/2 where ALPN settles on it, HTTP/1.1 where it does not, and an error where that is not wanted', async (t) => {
	const two = await secureOrigin(t, (stream) => {
		stream.respond({ ':status': 200 });
		stream.end('two');
	});
	const options = { tls: trusting, http: 'negotiate' } as const;
	const f = await front(t, `https://localhost:${two.port}`, options);
	const client = await f.client();
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const answer = await client.message('GET');
	assert.deepEqual([answer.body, answer.get('via')], ['two', '2 turnabout']);
	const { createServer } = await import('node:https');
	const { minted } = await import('../../support/minted.ts');
	const one = createServer({ ...minted('localhost') }, (request, response) => response.end(request.httpVersion));
	await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		one.closeAllConnections();
		one.close();
	});
	const { port } = one.address() as { port: number };
	const g = await front(t, `https://localhost:${port}`, options);
	const asked = Array.from({ length: 3 }, async () => {
		const peer = await g.client();
		peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		return peer.message('GET');
	});
	for (const reply of await Promise.all(asked))
		assert.deepEqual([reply.body, reply.get('via')], ['1.1', '1.1 turnabout']);
	const h = await front(t, `https://localhost:${port}`, { tls: trusting, http: '2' });
	const strict = await h.client();
	strict.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const refused = await strict.message('GET');
	assert.equal(refused.status, 502);
	assert.match(refused.get('proxy-status') ?? '', /tls_alert_received.*NO_APPLICATION_PROTOCOL/);
});

test('an upstream that speaks HTTP/1.1 only is told from one that speaks HTTP/2, without TLS too', async (t) => {
	const one = await origin(t, () => ok('one'));
	const f = await front(t, `http://127.0.0.1:${one.port}`, { timeouts: { connect: 500 } });
	const client = await f.client();
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /http_protocol_error/);
});
