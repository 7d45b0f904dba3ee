/** fetchSync: other servers asked by blocking, the loop staying free. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamError } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { ok, origin as originOf, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { gate, site } from './site.ts';

const to = (url: string, more = '') => `/fetch?url=${encodeURIComponent(url)}${more}`;

test('head, fields and body of an answer, and what was asked', async (t) => {
	const { app } = await site(t);
	const origin = await originOf(t, (request) => ok(`${request.method} ${request.body}`, 'X-Answer: 42\r\n'));
	const url = `http://127.0.0.1:${origin.port}/a%20b?c=d#e`;
	assert.equal(await (await ask(app, to(url))).text(), '200 true 42 4 GET ');
	assert.equal(await (await ask(app, { target: to(url), body: 'hello' })).text(), '200 true 42 10 POST hello');
	assert.equal(await (await ask(app, { target: to(url, '&method=PUT'), body: 'x' })).text(), '200 true 42 5 PUT x');
	const [first, second] = origin.requests;
	assert.equal(first?.target, '/a%20b?c=d');
	assert.equal(first?.get('host'), `127.0.0.1:${origin.port}`);
	assert.equal(first?.get('x-asked'), 'yes');
	assert.equal(second?.get('content-type'), 'text/plain;charset=UTF-8');
	assert.equal(origin.peers.length, 1, 'connections are kept');
});

test('large answers flow by windows, and what is not read is given up', async (t) => {
	const { app } = await site(t);
	const body = 'x'.repeat(3_000_000);
	const origin = await originOf(t, () => ok(body));
	const url = `http://127.0.0.1:${origin.port}/`;
	assert.equal(await (await ask(app, to(url))).text(), `200 true - 3000000 ${'x'.repeat(60)}`);
	assert.equal(await (await ask(app, to(url, '&unread'))).text(), '200 true - 0 ');
	assert.equal(await (await ask(app, to(url))).text(), `200 true - 3000000 ${'x'.repeat(60)}`);
});

test('a server that refuses, breaks the rules, cuts its answer short or is slow: UpstreamError, which is answered as such', async (t) => {
	const { app, diary } = await site(t);
	const nobody = await rawServer(t);
	const { port } = nobody;
	nobody.close();
	const refused = await ask(app, to(`http://127.0.0.1:${port}/`));
	assert.equal(refused.status, 502);
	assert.ok(refused.error instanceof UpstreamError);
	assert.equal(refused.error.type, 'connection_refused');
	const nonsense = await originOf(t, () => 'nonsense\r\n\r\n');
	assert.equal((await ask(app, to(`http://127.0.0.1:${nonsense.port}/`))).status, 502);
	const short = await originOf(t, (_, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
		peer.finish();
	});
	assert.equal((await ask(app, to(`http://127.0.0.1:${short.port}/`))).status, 502);
	const held = await gate(t);
	const slow = await ask(app, to(held.url, '&timeout=60'));
	assert.equal(slow.status, 504);
	await until(() => held.left === 1, 'the end of the call');
	const stuck = await originOf(t, (_, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
	assert.equal((await ask(app, to(`http://127.0.0.1:${stuck.port}/`, '&timeout=60'))).status, 504);
	assert.deepEqual(await diary(), [
		'UpstreamError UPSTREAM_CONNECTION_REFUSED',
		'UpstreamError UPSTREAM_HTTP_PROTOCOL_ERROR',
		'UpstreamError UPSTREAM_HTTP_RESPONSE_INCOMPLETE',
		'UpstreamError UPSTREAM_HTTP_RESPONSE_TIMEOUT',
		'UpstreamError UPSTREAM_HTTP_RESPONSE_TIMEOUT',
	]);
});

test('a loop over an answer that is left ends the call, and not only the end of the callable', async (t) => {
	const { app } = await site(t);
	const held = await gate(t);
	const endless = await originOf(t, (_, peer) => void peer.send('HTTP/1.1 200 OK\r\n\r\nmore and '));
	const answer = ask(app, `/glance?url=http://127.0.0.1:${endless.port}/&gate=${held.url}`);
	await held.reached();
	await (await endless.peer()).closed();
	held.open();
	assert.equal(await (await answer).text(), 'seen');
});

test('what is no URL, or none that can be asked', async (t) => {
	const { app } = await site(t);
	assert.match(String((await ask(app, to('nowhere'))).error), /Invalid URL/);
	assert.match(String((await ask(app, to('ftp://a.example/'))).error), /reached by http:, https: or unix:/);
	assert.match(String((await ask(app, to('http://me:pw@a.example/'))).error), /holds no credentials/);
	for (const method of ['A%20B', 'CONNECT', 'GET%20/%20HTTP/1.1%0D%0A'])
		assert.match(String((await ask(app, to('http://127.0.0.1:1/', `&method=${method}`))).error), /Not a method/);
});

test('a callable that asks its own server is answered by another thread', async (t) => {
	const { app } = await site(t, { threads: 2 });
	const port = portOf(await listen(t, app));
	// One at a time: two of them would hold both threads and wait for a third.
	for (let i = 0; i < 3; i++)
		assert.equal(await (await ask(app, to(`http://127.0.0.1:${port}/pets?id=2`))).text(), '200 true - 3 Tom');
});

test('all threads asking their own server end by their time-out, and not in a deadlock', async (t) => {
	const { app } = await site(t, { threads: 2 });
	const port = portOf(await listen(t, app));
	const url = to(`http://127.0.0.1:${port}/pets?id=2`, '&timeout=500');
	const held = await gate(t);
	const both = [ask(app, `/gate?url=${held.url}`), ask(app, `/gate?url=${held.url}`)];
	await held.reached(2);
	const asked = [ask(app, url), ask(app, url)];
	held.open();
	await Promise.all(both);
	for (const answer of await Promise.all(asked)) assert.ok([200, 504].includes(answer.status), String(answer.status));
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});
