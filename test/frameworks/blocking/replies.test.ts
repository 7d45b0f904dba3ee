/** What a blocking callable is given and what it gives back, in memory and over sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Abort, HttpError, mount, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { site } from './site.ts';

test('the callable sees the request as it came', async (t) => {
	const { app } = await site(t);
	const fields = [
		['Host', 'pets.example'],
		['User-Agent', 'test/1'],
		['X-Twice', 'a'],
		['x-twice', 'b'],
	] as const;
	const answer = await ask(app, { target: '/request?q=a%20b', authority: 'pets.example', fields });
	const { raw, ...seen } = (await answer.json()) as Record<string, unknown>;
	assert.deepEqual(seen, {
		method: 'GET',
		target: '/request?q=a%20b',
		authority: 'pets.example',
		scheme: 'http',
		url: 'http://pets.example/request?q=a%20b',
		path: '/request',
		mount: '',
		version: '1.1',
		agent: 'test/1',
		q: 'a b',
	});
	assert.deepEqual(raw, fields.flat(), 'order, case and duplicates');
	assert.deepEqual(answer.fields.all('set-cookie'), ['a=1', 'b=2']);
	const mounted = await ask(
		mount('/under', app)(() => respond(404)),
		'/under/request',
	);
	assert.equal(((await mounted.json()) as { mount: string }).mount, '/under');
});

test('bodies are read as bytes, text, JSON and forms, once and within limits', async (t) => {
	const { app } = await site(t);
	const send = async (target: string, body: string | Uint8Array | URLSearchParams) =>
		(await ask(app, { target, method: 'POST', body })).text();
	const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
	const echo = await ask(app, { target: '/echo', body: bytes, fields: { 'content-type': 'x/y' } });
	assert.deepEqual(await echo.bytes(), bytes);
	assert.equal(echo.fields.get('x-type'), 'x/y');
	assert.equal(await send('/text', 'grün'), 'GRÜN');
	assert.equal(await send('/json', '[1,{"a":2}]'), '{"got":[1,{"a":2}]}');
	assert.equal(await send('/form', new URLSearchParams({ name: 'Ann & Bob' })), 'Ann & Bob');
	assert.equal(await send('/limit', '0123456789'), '0123456789');
	assert.match(String((await ask(app, { target: '/limit', body: '0123456789a' })).error), /larger than 10 bytes/);
	assert.match(String((await ask(app, { target: '/twice', body: 'x' })).error), /read already/);
	assert.equal(await send('/ignore', bytes), 'not read');
	assert.equal(await send('/part', bytes), 'true', 'left in the middle');
	assert.equal((await ask(app, '/echo')).status, 200, 'no body is an empty one');
	assert.equal(await send('/text', 'again'), 'AGAIN', 'what was left of one body is not in the next');
});

test('a query of SQLite', async (t) => {
	const { app } = await site(t);
	assert.equal(await (await ask(app, '/pets?id=2')).text(), 'Tom');
});

test('replies of every kind, over sockets', async (t) => {
	const { app } = await site(t);
	const peer = await connect(t, portOf(await listen(t, app)));
	const get = (target: string, method = 'GET') => {
		peer.send(`${method} ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
		return peer.message(method);
	};
	const text = await get('/pets?id=1');
	assert.equal(text.body, 'Rex');
	assert.equal(text.get('content-type'), 'text/plain;charset=UTF-8');
	assert.equal(text.get('content-length'), '3');
	assert.equal((await get('/empty')).status, 204);
	const large = await get('/large?bytes=1000000');
	assert.equal(large.get('content-length'), '1000000');
	assert.equal(large.body, 'a'.repeat(1_000_000));
	assert.equal((await get('/large-text')).body.length, 200_000);
	assert.equal((await get('/view')).body, 'bbbbb');
	const pieces = await get('/pieces');
	assert.equal(pieces.get('transfer-encoding'), 'chunked');
	assert.equal(pieces.body, 'one two three');
	assert.equal((await get('/count?to=3000')).body.split('\n').length, 3001);
	const head = await get('/large?bytes=1000000', 'HEAD');
	assert.equal(head.get('content-length'), '1000000');
	assert.equal((await get('/count?to=3', 'HEAD')).status, 200);
	assert.equal((await get('/pets?id=1')).body, 'Rex', 'on the same connection');
});

test('an upload in chunks over a socket, and one whose client waits for 100 Continue', async (t) => {
	const { app } = await site(t);
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('POST /text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
	peer.send('3\r\ndef\r\n0\r\n\r\n');
	assert.equal((await peer.message()).body, 'ABCDEF');
	const expecting = (target: string) =>
		peer.send(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n`);
	expecting('/text');
	assert.equal((await peer.message()).status, 100);
	peer.send('xyz');
	assert.equal((await peer.message()).body, 'XYZ');
	expecting('/ignore');
	assert.equal((await peer.message()).status, 200, 'and who does not read does not ask for it');
});

test('what the callable throws is answered as if an app had thrown it', async (t) => {
	const { app } = await site(t);
	const { error, status } = await ask(app, '/throws');
	assert.equal(status, 500);
	assert.ok(error instanceof Error);
	assert.equal(error.name, 'RangeError');
	assert.equal(error.message, 'of no use');
	assert.match(error.stack ?? '', /callables\/site\.ts:\d+/);
	const teapot = await ask(app, '/teapot');
	assert.ok(teapot.error instanceof HttpError);
	assert.equal(teapot.status, 418);
	assert.equal(teapot.fields.get('x-pot'), 'tea');
	assert.equal(await teapot.text(), 'short and stout\n');
	await assert.rejects(ask(app, '/drop'), Abort);
	assert.match(String((await ask(app, '/nothing')).error), /returns reply\(status, fields, body\), not undefined/);
	assert.match(String((await ask(app, '/late')).error), /not a promise/);
	assert.equal(app.statistics().died, 0);
	assert.equal(app.statistics().failed, 5);
});

test('a generator that throws cuts the response short', async (t) => {
	const { app } = await site(t);
	const port = portOf(await listen(t, app, { log: () => {} }));
	for (const target of ['/breaks', '/breaks-at-once', '/number']) {
		const peer = await connect(t, port);
		peer.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
		await peer.closed();
		assert.doesNotMatch(peer.received, /\r\n0\r\n\r\n$/, `${target} must not look complete`);
	}
	const answer = await ask(app, '/breaks');
	await assert.rejects(answer.text(), /broken in the middle/);
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex', 'the thread serves on');
});
