/** What came from the client is counted by every engine: bodies, and tunnels. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { type App, type Outcome, raw, respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { http2 } from '../../src/engine/h2/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

/** Reads bodies, and answers twice what comes through a tunnel. */
const app: App = async (request, context) => {
	if (context.offers.length === 0) return respond(200, {}, await request.text());
	const { method, version } = raw(request);
	const status = method === 'CONNECT' || version === '2' ? 200 : 101;
	return respond(status, status === 101 ? { upgrade: 'x' } : {}, null, {
		tunnel: ({ readable, writable }) =>
			readable.start({
				write: (chunk) => writable.write(Buffer.concat([chunk, chunk])),
				end: () => writable.end(),
				fail: () => {},
			}),
	});
};

async function watched(t: TestContext, engine: () => Engine) {
	const outcomes: Outcome[] = [];
	const listener = await listen(
		t,
		(request, context) => {
			context.onFinished({ exchangeFinished: (outcome) => void outcomes.push(outcome) });
			return app(request, context);
		},
		{},
		undefined,
		engine,
	);
	const next = async () => {
		await until(() => outcomes.length > 0, 'the end of the exchange');
		const { ok, status, bytes, received } = outcomes.shift() as Outcome;
		return { ok, status, bytes, received };
	};
	return { port: portOf(listener), next };
}

for (const [name, engine] of Object.entries({ h1: () => h1(), 'node-http': () => nodeHttp(), http2: () => http2() })) {
	test(`${name} over HTTP/1.1`, async (t) => {
		const { port, next } = await watched(t, engine);
		const client = await connect(t, port);
		await client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc').message();
		assert.deepEqual(await next(), { ok: true, status: 200, bytes: 3, received: 3 });
		client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
		await new Promise((resolve) => setTimeout(resolve, 10));
		await client.send('4\r\ndefg\r\n0\r\n\r\n').message();
		assert.deepEqual(await next(), { ok: true, status: 200, bytes: 7, received: 7 });
		await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
		assert.deepEqual(await next(), { ok: true, status: 200, bytes: 0, received: 0 });
	});

	for (const head of [
		'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nearly',
		'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nearly',
	]) {
		test(`${name}: the tunnel of ${head.slice(0, 7)}, early bytes among them`, async (t) => {
			const { port, next } = await watched(t, engine);
			const client = await connect(t, port);
			client.send(head);
			await client.head();
			await client.read('earlyearly');
			client.send('more');
			await client.read('moremore');
			client.finish();
			assert.deepEqual(await next(), { ok: true, status: head.startsWith('GET') ? 101 : 200, bytes: 18, received: 9 });
		});
	}
}

test('http2: a body, and the tunnel of CONNECT', async (t) => {
	const { port, next } = await watched(t, () => http2());
	const session = connectHttp2(`http://127.0.0.1:${port}`);
	t.after(() => session.destroy());
	const post = session.request({ ':method': 'POST', ':path': '/' });
	post.end('abcde');
	post.resume();
	await once(post, 'end');
	assert.deepEqual(await next(), { ok: true, status: 200, bytes: 5, received: 5 });
	const tunnel = session.request({ ':method': 'CONNECT', ':authority': 'a:1' }, { endStream: false });
	tunnel.write('hello');
	await once(tunnel, 'data');
	tunnel.end();
	tunnel.resume();
	assert.deepEqual(await next(), { ok: true, status: 200, bytes: 10, received: 5 });
});

test('memory: a body, and a tunnel', async () => {
	const posted = exchange(app, { method: 'POST', body: 'abc' });
	await (await posted.answer).bytes();
	assert.deepEqual(await posted.context.finished, { ok: true, status: 200, bytes: 3, received: 3 });
	const opened = exchange(app, { method: 'CONNECT', target: 'a:1' });
	const { tunnel } = await opened.answer;
	tunnel?.readable.start({ write: () => true, end: () => {}, fail: () => {} });
	tunnel?.writable.write(Buffer.from('hello'));
	tunnel?.writable.end();
	assert.deepEqual(await opened.context.finished, { ok: true, status: 200, bytes: 10, received: 5 });
});
