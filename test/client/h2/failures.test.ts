/** Upstreams asked in HTTP/2 that leave, refuse, hang or break off: what may be sent again is, and nothing else is disturbed. */
import assert from 'node:assert/strict';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { test } from 'node:test';
import type { Source } from '../../../src/bytes/index.ts';
import { upstream } from '../../../src/client/index.ts';
import type { App } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { timeout } from '../../../src/middleware/index.ts';
import { pause, until } from '../../support/until.ts';
import { front, h2Origin } from './h2-origin.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab';

function fine(stream: ServerHttp2Stream, body = 'fine'): void {
	stream.respond({ ':status': 200 });
	stream.end(body);
}

test('a connection that says GOAWAY answers what it has, and the next request goes out on another', async (t) => {
	const held: ServerHttp2Stream[] = [];
	const to = await h2Origin(t, (stream, headers) => {
		if (headers[':path'] === '/held') held.push(stream);
		else fine(stream);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const first = await f.client();
	first.send('GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
	await until(() => held.length === 1, 'a request under way');
	to.sessions[0]?.goaway(0);
	await pause(30);
	const second = await f.client();
	second.send(GET);
	assert.equal((await second.message('GET')).body, 'fine');
	assert.equal(to.sessions.length, 2);
	fine(held[0] as ServerHttp2Stream, 'late');
	assert.equal((await first.message('GET')).body, 'late');
	await until(() => to.sessions[0]?.destroyed === true, 'the old connection is closed');
});

test('a refused stream was not looked at: any request is sent once more, and not twice', async (t) => {
	let refusals = 1;
	const to = await h2Origin(t, (stream) => {
		if (refusals-- > 0) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
		return fine(stream);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send(POST);
	assert.equal((await client.message('POST')).body, 'fine');
	assert.equal(to.seen.length, 2);
	refusals = 2;
	client.send(POST);
	const answer = await client.message('POST');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /http_protocol_error.*REFUSED_STREAM/);
});

test('a connection that dies: what is idempotent is sent again, a POST is not', async (t) => {
	let dying = false;
	const to = await h2Origin(t, (stream) => {
		if (!dying) return fine(stream);
		dying = false;
		return stream.session?.destroy();
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	for (const [request, method, status] of [
		[GET, 'GET', 200],
		[POST, 'POST', 502],
	] as const) {
		client.send(GET);
		assert.equal((await client.message('GET')).status, 200);
		dying = true;
		client.send(request);
		assert.equal((await client.message(method)).status, status);
	}
});

test('a reset in the middle of a body is no end', async (t) => {
	const to = await h2Origin(t, (stream) => {
		// Without trailers to come, node ends a stream in order before it resets it.
		stream.respond({ ':status': 200 }, { waitForTrailers: true });
		stream.write('some');
		setTimeout(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 30);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send(GET);
	await client.closed();
	assert.match(client.unread, /\r\n4\r\nsome\r\n$/, 'the chunked body has no end');
});

test('a client that leaves resets the stream, and the connection serves on', async (t) => {
	const codes: (number | undefined)[] = [];
	const to = await h2Origin(t, (stream, headers) => {
		stream.on('close', () => codes.push(stream.rstCode));
		if (headers[':path'] === '/') fine(stream);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const leaving = await f.client();
	leaving.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
	await until(() => to.seen.length === 1, 'it has come');
	leaving.destroy();
	await until(() => codes.length === 1, 'it was reset');
	assert.equal(codes[0], constants.NGHTTP2_CANCEL);
	const other = await f.client();
	other.send(GET);
	assert.equal((await other.message('GET')).body, 'fine');
	assert.equal(to.sessions.length, 1);
});

test('who takes no bytes holds the upstream back, and nobody else on the connection', async (t) => {
	let written = 0;
	const chunk = Buffer.alloc(65_536);
	const to = await h2Origin(t, (stream, headers) => {
		if (headers[':path'] === '/') return fine(stream);
		stream.respond({ ':status': 200 });
		const more = (): void => {
			while (!stream.destroyed) {
				written += chunk.length;
				if (!stream.write(chunk)) return;
			}
		};
		stream.on('drain', more);
		return more();
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const slow = await f.client();
	slow.socket.pause();
	slow.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
	let before = -1;
	await until(() => {
		const still = written === before && written > 0;
		before = written;
		return still;
	}, 'it stands still');
	await pause(200);
	const stood = written;
	await pause(200);
	assert.equal(written, stood);
	assert.ok(written < 24_000_000, `${written} bytes were taken for one who reads none`);
	const other = await f.client();
	other.send(GET);
	assert.equal((await other.message('GET')).body, 'fine');
	slow.destroy();
});

test('no more streams than the upstream takes; who finds no room gets another connection, or waits', async (t) => {
	const held: ServerHttp2Stream[] = [];
	let most = 0;
	const to = await h2Origin(t, (stream) => void held.push(stream), { settings: { maxConcurrentStreams: 2 } });
	const f = await front(t, `http://127.0.0.1:${to.port}`, { pool: { connections: 2 } });
	const clients = await Promise.all(Array.from({ length: 6 }, () => f.client()));
	for (const client of clients) client.send(GET);
	await until(() => held.length === 4, 'four are under way');
	await pause(50);
	assert.deepEqual([held.length, to.sessions.length], [4, 2]);
	most = f.proxy.statistics()[`http://127.0.0.1:${to.port}`]?.queued ?? 0;
	assert.equal(most, 2);
	const answers = clients.map((client) => client.message('GET'));
	const timer = setInterval(() => {
		for (const stream of held.splice(0)) fine(stream);
	}, 5);
	t.after(() => clearInterval(timer));
	for (const answer of await Promise.all(answers)) assert.equal(answer.body, 'fine');
});

test('an upstream that answers nothing any more: 504, and its connection is not used again', async (t) => {
	let deaf = false;
	const to = await h2Origin(t, (stream) => {
		if (!deaf) fine(stream);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`, { timeouts: { firstByte: 100 } });
	const client = await f.client();
	client.send(GET);
	assert.equal((await client.message('GET')).status, 200);
	deaf = true;
	client.send(GET);
	const late = await client.message('GET');
	assert.equal(late.status, 504);
	assert.match(late.get('proxy-status') ?? '', /http_response_timeout/);
	deaf = false;
	client.send(GET);
	assert.equal((await client.message('GET')).status, 200);
});

test('nobody there, and an answer that is late to the whole', async (t) => {
	const to = await h2Origin(t, (stream) => {
		stream.respond({ ':status': 200 });
		stream.write('x');
	});
	const f = await front(t, 'http://127.0.0.1:1');
	const nobody = await f.client();
	nobody.send(GET);
	const refused = await nobody.message('GET');
	assert.equal(refused.status, 502);
	assert.match(refused.get('proxy-status') ?? '', /connection_refused/);
	const g = await front(t, `http://127.0.0.1:${to.port}`, { timeouts: { idle: 80 } });
	const stuck = await g.client();
	stuck.send(GET);
	await assert.rejects(stuck.message('GET'));
});

test('closing ends idle connections and leaves no socket behind', async (t) => {
	const to = await h2Origin(t, (stream) => fine(stream));
	const f = await front(t, `http://127.0.0.1:${to.port}`, { timeouts: { keepAlive: 60 } });
	const client = await f.client();
	client.send(GET);
	await client.message('GET');
	await until(() => to.sessions[0]?.destroyed === true, 'idle for longer than it is kept');
	client.send(GET);
	assert.equal((await client.message('GET')).body, 'fine');
	await f.proxy.close();
	await until(() => to.sessions[1]?.destroyed === true, 'closed with the proxy');
});

test('the deadline of an answer is its head’s: a body may come later', async (t) => {
	const to = await h2Origin(t, (stream) => {
		stream.respond({ ':status': 200 });
		setTimeout(() => stream.end('late'), 500);
	});
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const answer = await ask(timeout(150)(f.proxy) as App, '/');
	assert.equal(await answer.text(), 'late');
});

test('a body that throws when it is begun fails its own request, and no other', async (t) => {
	const to = await h2Origin(t, (stream) => fine(stream));
	const asked = upstream(`http://127.0.0.1:${to.port}`, { http: '2' });
	t.after(() => asked.close());
	const broken: Source = {
		length: null,
		start: () => {
			throw new Error('a bug');
		},
		resume: () => {},
		cancel: () => {},
	};
	const app: App = (request, context) =>
		new Promise((resolve, reject) => {
			const payload = request.method === 'POST' ? broken : null;
			const { method } = request;
			asked.send({ method, target: '/', authority: 'a', fields: FieldList.empty(), payload }, context, {
				received: resolve,
				failed: reject,
			});
		});
	assert.equal((await ask(app, { target: '/', method: 'POST' })).status, 500);
	assert.equal(await (await ask(app, '/')).text(), 'fine');
});
