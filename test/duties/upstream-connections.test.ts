/** Upstream connections: kept, given up when in doubt, and tried again only where RFC 9112 section 9.3.1 allows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, gateway, get, scripted } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('extra bytes behind an answer are never the next answer', async (t) => {
	const smuggled = ok('smuggled');
	const g = await gateway(t, (_request, _peer, index) => ok(`fine ${index}`) + (index === 0 ? smuggled : ''));
	const first = await exchange(g, get('/1'));
	assert.equal(first.answer.body, 'fine 0');
	const second = await exchange(g, get('/2'));
	assert.equal(second.answer.body, 'fine 1', 'on a new connection');
	await (await g.origin.peer(0)).closed(2_000);
});

test('bytes on an idle connection discard it', async (t) => {
	const g = await gateway(t, (_request, _peer, index) => ok(`fine ${index}`));
	await exchange(g, get('/1'));
	const idle = await g.origin.peer(0);
	idle.send(ok('smuggled'));
	await idle.closed(2_000);
	const second = await exchange(g, get('/2'));
	assert.equal(second.answer.body, 'fine 1');
});

test('a body behind an answer to HEAD discards the connection', async (t) => {
	const g = await gateway(t, (_request, _peer, index) => ok(index === 0 ? 'body' : 'fine'));
	const head = await exchange(g, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal(head.answer.get('content-length'), '4');
	assert.equal((await exchange(g, get('/'))).answer.body, 'fine');
	assert.equal(g.origin.peers.length, 2);
});

test('a connection that the upstream closed while it was idle is not used', async (t) => {
	const g = await gateway(t, (_request, _peer, index) => ok(`fine ${index}`));
	await exchange(g, get('/1'));
	(await g.origin.peer(0)).finish();
	await (await g.origin.peer(0)).closed(2_000);
	const second = await exchange(g, post);
	assert.equal(second.answer.body, 'fine 1');
});

for (const way of ['finish', 'reset'] as const) {
	test(`a kept connection that dies under a GET: the GET is sent again, once (${way})`, async (t) => {
		const g = await gateway(t, (request, peer, index) => {
			if (request.target === '/first' || index > 0) return ok(`fine ${index}`);
			peer[way]();
			return undefined;
		});
		await exchange(g, get('/first'));
		const { answer } = await exchange(g, get('/second'));
		assert.equal(answer.status, 200);
		assert.equal(answer.body, 'fine 1');
		assert.deepEqual(
			g.origin.requests.map((request) => request.target),
			['/first', '/second', '/second'],
		);
	});

	test(`a kept connection that dies under a POST: it is not sent again (${way})`, async (t) => {
		const g = await gateway(t, (request, peer) => {
			if (request.method === 'GET') return ok('fine');
			peer[way]();
			return undefined;
		});
		await exchange(g, get('/first'));
		const { answer } = await exchange(g, post);
		assert.equal(answer.status, 502);
		await pause(50);
		assert.equal(g.origin.requests.filter((request) => request.method === 'POST').length, 1);
	});
}

test('a GET is sent again once, not twice', async (t) => {
	const g = await gateway(t, (request, peer) => {
		if (request.target === '/first') return ok('fine');
		peer.reset();
		return undefined;
	});
	await exchange(g, get('/first'));
	const { answer } = await exchange(g, get('/second'));
	assert.equal(answer.status, 502);
	assert.equal(g.origin.requests.filter((request) => request.target === '/second').length, 2);
});

test('a GET on a fresh connection that dies is not sent again', async (t) => {
	const g = await gateway(t, (_request, peer) => void peer.reset());
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 502);
	await pause(50);
	assert.equal(g.origin.requests.length, 1);
});

test('a GET whose answer had begun is not sent again', async (t) => {
	const g = await gateway(t, (request, peer) => {
		if (request.target === '/first') return ok('fine');
		peer.send('HTTP/1.1 200 OK\r\nContent-Len');
		setTimeout(() => peer.reset(), 20);
		return undefined;
	});
	await exchange(g, get('/first'));
	const { answer } = await exchange(g, get('/second'));
	assert.equal(answer.status, 502);
	assert.equal(g.origin.requests.filter((request) => request.target === '/second').length, 1);
});

test('requests at the same time use connections of their own, and all are kept', async (t) => {
	const g = await gateway(t, async (request) => {
		await pause(30);
		return ok(request.target);
	});
	for (let round = 0; round < 2; round++) {
		const answers = await Promise.all(['/1', '/2', '/3', '/4'].map((target) => exchange(g, get(target))));
		assert.deepEqual(
			answers.map(({ answer }) => answer.body),
			['/1', '/2', '/3', '/4'],
		);
	}
	assert.equal(g.origin.peers.length, 4);
});

test('never more connections than the pool allows: the others wait', async (t) => {
	let open = 0;
	let most = 0;
	const g = await gateway(
		t,
		async (request) => {
			most = Math.max(most, ++open);
			await pause(20);
			open--;
			return ok(request.target);
		},
		{ reverse: { pool: { connections: 2 } } },
	);
	const targets = Array.from({ length: 8 }, (_none, index) => `/${index}`);
	const answers = await Promise.all(targets.map((target) => exchange(g, get(target))));
	assert.deepEqual(
		answers.map(({ answer }) => answer.body),
		targets,
	);
	assert.equal(most, 2);
	assert.equal(g.origin.peers.length, 2);
});

test('an idle connection is given up after a while', async (t) => {
	const g = await gateway(t, () => ok('fine'), { reverse: { timeouts: { keepAlive: 150 } } });
	await exchange(g, get('/'));
	assert.equal(await (await g.origin.peer()).closed(4_000), 'finished');
	assert.equal((await exchange(g, get('/'))).answer.body, 'fine');
});

test('an answer that comes before the request has ended is relayed, and the connection is not kept', async (t) => {
	const g = await scripted(t, async (peer, index) => {
		const head = await peer.head();
		peer.send(ok(`${index} ${head.startLine.split(' ')[1]}`));
	});
	const client = (await g.client()).send(
		'POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome of it',
	);
	const answer = await client.message();
	assert.equal(answer.body, '0 /early');
	client.destroy();
	const next = await exchange(g, get('/next'));
	assert.equal(next.answer.body, '1 /next');
});

test('pipelined requests are answered in order through the gateway', async (t) => {
	const g = await gateway(t, async (request) => {
		await pause(request.target === '/1' ? 40 : 1);
		return ok(request.target);
	});
	const client = (await g.client()).send([1, 2, 3, 4, 5].map((n) => get(`/${n}`)).join(''));
	for (let n = 1; n <= 5; n++) assert.equal((await client.message()).body, `/${n}`);
});

test('statistics count nothing twice and leave nothing behind', async (t) => {
	const g = await gateway(t, () => ok('fine'));
	for (let i = 0; i < 3; i++) (await exchange(g, get('/'))).client.destroy();
	const deadline = Date.now() + 3_000;
	while (g.front.statistics().connections > 0 && Date.now() < deadline) await pause(5);
	const { connections, requests, active, violations } = g.front.statistics();
	assert.deepEqual(
		{ connections, requests, active, violations },
		{ connections: 0, requests: 3, active: 0, violations: 0 },
	);
});
