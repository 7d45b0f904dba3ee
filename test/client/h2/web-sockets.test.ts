/** WebSockets through upstreams of HTTP/2: asked for by Upgrade or by extended CONNECT, and refused where nobody takes them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { http2 } from '../../../src/engine/h2/index.ts';
import { until } from '../../support/until.ts';
import { front, type H2Origin, h2Origin } from './h2-origin.ts';

const UPGRADE =
	'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
	'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: soap\r\n\r\n';

const echo = (t: TestContext, takes = true): Promise<H2Origin> =>
	h2Origin(
		t,
		(stream) => {
			stream.respond({ ':status': 200, 'sec-websocket-protocol': 'soap' });
			stream.pipe(stream);
		},
		{ settings: { enableConnectProtocol: takes } },
	);

test('a client of HTTP/1.1 gets its 101 and its proof, and bytes flow both ways until either ends', async (t) => {
	const to = await echo(t);
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send(UPGRADE);
	const answer = await client.message('GET');
	assert.equal(answer.status, 101);
	assert.equal(answer.get('sec-websocket-accept'), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
	assert.equal(answer.get('upgrade'), 'websocket');
	assert.equal(answer.get('sec-websocket-protocol'), 'soap');
	client.send('to and fro');
	await client.read('to and fro');
	const [seen] = to.seen;
	assert.deepEqual([seen?.[':method'], seen?.[':protocol'], seen?.[':path']], ['CONNECT', 'websocket', '/chat']);
	assert.deepEqual(
		[seen?.['sec-websocket-version'], seen?.['sec-websocket-key'], seen?.['upgrade']],
		['13', undefined, undefined],
	);
	client.finish();
	await client.closed();
	await until(() => f.proxy.statistics()[`http://127.0.0.1:${to.port}`]?.idle === 1, 'the stream is closed');
});

test('a client of HTTP/2 does, too', async (t) => {
	const to = await echo(t);
	const f = await front(t, `http://127.0.0.1:${to.port}`, {}, http2({ log: () => {} }));
	const session = connect(`http://127.0.0.1:${f.port}`);
	t.after(() => session.destroy());
	await once(session, 'remoteSettings');
	const stream = session.request({
		':method': 'CONNECT',
		':protocol': 'websocket',
		':path': '/chat',
		':authority': 'a',
	});
	const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
	assert.equal(head[':status'], 200);
	stream.write('bytes');
	assert.equal(String((await once(stream, 'data'))[0]), 'bytes');
	stream.end();
	await once(stream, 'end');
});

test('an upstream that takes none is said to', async (t) => {
	const to = await echo(t, false);
	const f = await front(t, `http://127.0.0.1:${to.port}`);
	const client = await f.client();
	client.send(UPGRADE);
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /http_upgrade_failed.*NO_EXTENDED_CONNECT/);
});
