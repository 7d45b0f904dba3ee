/** Fragments over the network, on real sockets: what may be reached, and upstreams that are slow, dead or too large. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respond } from '../../../src/convention/index.ts';
import { ok, origin as originOf, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { fragments, page, said } from './asking.ts';

const html = 'Content-Type: text/html\r\n';

test('the network is closed but for the prefixes that are allowed', async (t) => {
	const origin = await originOf(t, (request) => ok(request.target, html));
	const at = `http://127.0.0.1:${origin.port}`;
	assert.equal(said(await page(t, fragments(t, {})).fetch(`${at}/x`)), '!not-allowed');
	const { fetch } = page(t, fragments(t, { allow: [`${at}/esi/`] }));
	assert.equal(said(await fetch(`${at}/esi/x?y=1`)), '/esi/x?y=1');
	for (const path of ['/', '/x', '/esiX', '/esi/../x', '/esi/%2E%2e/x', '/esi/..%2fx', '/esi/..%5Cx']) {
		assert.equal(said(await fetch(at + path)), '!not-allowed', path);
	}
	assert.equal(said(await fetch(`https://127.0.0.1:${origin.port}/esi/x`)), '!not-allowed');
	assert.equal(origin.requests.length, 1);
});

test('no secret of the page goes to another origin', async (t) => {
	const origin = await originOf(t, () => ok('', html));
	const at = `http://127.0.0.1:${origin.port}`;
	const request = {
		url: 'https://site.example/',
		fields: { Cookie: 'a=b', Authorization: 'x', 'X-Forwarded-For': '1.1.1.1', Referer: '/', 'User-Agent': 'test' },
	};
	await page(t, fragments(t, { allow: [at] }), request).fetch(`${at}/x`);
	const [asked] = origin.requests;
	assert.equal(asked?.get('host'), `127.0.0.1:${origin.port}`);
	assert.equal(asked?.get('user-agent'), 'test');
	assert.equal(asked?.get('accept-encoding'), 'identity');
	for (const name of ['cookie', 'authorization', 'x-forwarded-for', 'referer'])
		assert.equal(asked?.get(name) ?? null, null, name);
});

test('a name that leads to a private address is refused, unless it is allowed to', async (t) => {
	const origin = await originOf(t, () => ok('reached', html));
	const url = `http://fragments.example:${origin.port}`;
	const upstream = { resolve: async (): Promise<string[]> => ['127.0.0.1'] };
	assert.equal(said(await page(t, fragments(t, { allow: [url], upstream })).fetch(url)), '!address');
	assert.equal(origin.peers.length, 0);
	const allow = [{ url, allowPrivate: true }];
	assert.equal(said(await page(t, fragments(t, { allow, upstream })).fetch(url)), 'reached');
	const guard = (): boolean => false;
	assert.equal(said(await page(t, fragments(t, { allow, upstream, guard })).fetch(url)), '!address');
});

test('allowPrivate does not open the way to metadata services', async (t) => {
	const upstream = { resolve: async (): Promise<string[]> => ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200'] };
	const url = 'http://fragments.example';
	const one = fragments(t, { allow: [{ url, allowPrivate: true }], upstream });
	assert.equal(said(await page(t, one).fetch(url)), '!address');
});

test('localhost means what it says when it is listed', async (t) => {
	const origin = await originOf(t, () => ok('reached', html));
	const url = `http://localhost:${origin.port}`;
	assert.equal(said(await page(t, fragments(t, { allow: [url] })).fetch(url)), 'reached');
});

test('connections are kept from page to page, counted, and closed in the end', async (t) => {
	const origin = await originOf(t, () => ok('x', html));
	const url = `http://127.0.0.1:${origin.port}`;
	const one = fragments(t, { allow: [`${url}/a`, `${url}/b`] });
	assert.deepEqual(one.statistics().upstreams, {});
	for (const path of ['/a', '/b', '/a?']) assert.equal(said(await page(t, one).fetch(url + path)), 'x');
	assert.equal(origin.peers.length, 1);
	const { requests, dialled, idle } = one.statistics().upstreams[url] as {
		requests: number;
		dialled: number;
		idle: number;
	};
	assert.deepEqual({ requests, dialled, idle }, { requests: 3, dialled: 1, idle: 1 });
	await one.close();
	await (await origin.peer()).closed(2_000);
	assert.equal(said(await page(t, one).fetch(`${url}/a`)), '!failed');
});

const slow: readonly (readonly [what: string, bytes: string])[] = [
	['says nothing', ''],
	['stops in the head', 'HTTP/1.1 200 OK\r\nContent-'],
	['stops in the body', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n12345'],
];

for (const [what, bytes] of slow) {
	test(`an upstream that ${what}: timeout, and its connection is gone`, async (t) => {
		const origin = await rawServer(t, (peer) => void peer.send(bytes));
		const url = `http://127.0.0.1:${origin.port}`;
		const one = fragments(t, { allow: [url] });
		assert.equal(said(await page(t, one).fetch(url, { timeout: 100 })), '!timeout');
		await (await origin.peer()).closed(2_000);
		await until(() => one.statistics().upstreams[url]?.connections === 0, 'no connection');
	});
}

test('waiting for a place counts: a dead upstream does not hold up a page for longer than one timeout', async (t) => {
	const origin = await rawServer(t);
	const url = `http://127.0.0.1:${origin.port}`;
	const one = fragments(t, { allow: [url], concurrency: 1, timeout: 100 });
	const { fetch } = page(t, one);
	const all = await Promise.all(['/1', '/2', '/3'].map((path) => fetch(url + path)));
	assert.deepEqual(all.map(said), ['!timeout', '!timeout', '!timeout']);
	assert.ok(origin.peers.length <= 2);
});

test('an app that never answers: timeout, and its place is free again', async (t) => {
	const keepsRunning = await rawServer(t);
	assert.ok(keepsRunning.port > 0);
	const app = (request: Request) =>
		request.url.endsWith('/dead')
			? new Promise<Response>(() => {})
			: respond(200, { 'Content-Type': 'text/html' }, 'x');
	const { fetch } = page(t, fragments(t, { app, concurrency: 1 }));
	const [dead, alive] = await Promise.all([fetch('/dead', { timeout: 60 }), fetch('/alive')]);
	assert.deepEqual([said(dead), said(alive)], ['!timeout', 'x']);
});

const broken: readonly (readonly [what: string, bytes: string, reason: string])[] = [
	['is cut short', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n12345', 'failed'],
	['is no HTTP', 'nonsense\r\n\r\n', 'failed'],
	['says that it is too large', `HTTP/1.1 200 OK\r\n${html}Content-Length: 101\r\n\r\n`, 'too-large'],
	[
		'is too large',
		`HTTP/1.1 200 OK\r\n${html}Transfer-Encoding: chunked\r\n\r\n65\r\n${'x'.repeat(101)}\r\n0\r\n\r\n`,
		'too-large',
	],
	['is a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n', 'redirect'],
	['is an error', 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n', 'status'],
];

for (const [what, bytes, reason] of broken) {
	test(`an answer that ${what}: ${reason}`, async (t) => {
		const origin = await originOf(t, (_request, peer) => {
			peer.send(bytes);
			peer.finish();
		});
		const url = `http://127.0.0.1:${origin.port}`;
		const one = fragments(t, { allow: [url], maxBytes: 100 });
		assert.equal(said(await page(t, one).fetch(url)), `!${reason}`);
		await until(() => one.statistics().upstreams[url]?.connections === 0, 'no connection');
	});
}

test('nobody listens: failed', async (t) => {
	const origin = await rawServer(t);
	const url = `http://127.0.0.1:${origin.port}`;
	origin.close();
	assert.equal(said(await page(t, fragments(t, { allow: [url] })).fetch(url)), '!failed');
});

test('a redirect is judged like an href, and never leads from elsewhere to our own app', async (t) => {
	const locations: Record<string, string> = {
		'/metadata': 'http://169.254.169.254/latest',
		'/own': 'http://cms.internal/admin',
		'/inside': '/end',
	};
	const origin = await originOf(t, (request) => {
		const path = request.target;
		const location = locations[path];
		if (location === undefined) return ok(path, html);
		return `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
	});
	const url = `http://127.0.0.1:${origin.port}`;
	const app = () => respond(200, { 'Content-Type': 'text/html' }, 'own');
	const one = fragments(t, { app, inProcess: ['http://cms.internal'], allow: [url], maxRedirects: 3 });
	const { fetch } = page(t, one);
	assert.equal(said(await fetch(`${url}/metadata`)), '!not-allowed');
	assert.equal(said(await fetch(`${url}/own`)), '!not-allowed');
	assert.equal(said(await fetch(`${url}/inside`)), '/end');
});

test('a client that leaves closes the connections that were made for its page', async (t) => {
	const origin = await rawServer(t);
	const url = `http://127.0.0.1:${origin.port}`;
	const { fetch, exchange } = page(t, fragments(t, { allow: [url] }));
	const all = Promise.all(['/1', '/2'].map((path) => fetch(url + path)));
	const peers = [await origin.peer(0), await origin.peer(1)];
	for (const peer of peers) await peer.when(() => peer.unread.length > 0, 'request');
	exchange.abort();
	assert.deepEqual((await all).map(said), ['!cancelled', '!cancelled']);
	for (const peer of peers) await peer.closed(2_000);
});
