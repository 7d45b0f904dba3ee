/** CONNECT: tunnels that stand, that cannot be opened, and how they end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

test('a tunnel carries bytes both ways, and its 2xx has no framing', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.read('ping');
		peer.send('pong');
	});
	const p = await forwardProxy(t);
	const client = await p.client();
	const head = await tunnelTo(client, `127.0.0.1:${there.port}`);
	assert.match(head, /^HTTP\/1\.1 200 /);
	assert.doesNotMatch(head, /content-length|transfer-encoding/i);
	client.send('ping');
	await client.read('pong');
	client.finish();
	(await there.peer()).finish();
	await until(() => p.audit.length === 1, 'an audit record');
	const [record] = p.audit;
	assert.deepEqual(
		[record?.method, record?.target, record?.address, record?.outcome, record?.received, record?.sent],
		['CONNECT', `127.0.0.1:${there.port}`, '127.0.0.1', 'allowed', 4, 4],
	);
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});

test('bytes that come with the CONNECT belong to the tunnel', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.read('early');
		peer.send('seen');
	});
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(`CONNECT 127.0.0.1:${there.port} HTTP/1.1\r\nHost: x\r\n\r\nearly`);
	await client.read('\r\n\r\n');
	await client.read('seen');
});

test('one half of a tunnel may end while the other goes on', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.when(() => peer.ended, 'FIN');
		peer.send('still here').finish();
	});
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	client.send('all').finish();
	await client.read('still here');
	await client.when(() => client.ended, 'FIN');
	assert.equal(there.received, 'all');
});

test('a client that leaves takes its tunnel with it', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	const far = await there.peer();
	client.reset();
	await far.when(() => far.over, 'the end of the far side');
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['allowed', null]);
});

test('a destination that resets ends the tunnel of its client', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	(await there.peer()).reset();
	await client.when(() => client.over, 'the end');
});

test('a tunnel in which nothing moves is closed after a while', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t, { forward: { timeouts: { tunnelIdle: 100 } } });
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	await client.when(() => client.over, 'the end');
});

test('a destination that refuses is a 502 that says so, and the connection serves the next request', async (t) => {
	const there = await rawServer(t);
	const { port } = there;
	there.close();
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /error=connection_refused/);
});

test('a client that leaves while its destination is being dialled leaves nothing behind', async (t) => {
	const p = await forwardProxy(t, {
		forward: { resolve: () => new Promise(() => {}), timeouts: { connect: 60_000 } },
	});
	const client = await p.client();
	client.send('CONNECT slow.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
	await until(() => p.proxy.statistics().tunnels.dialling === 1, 'dialling');
	client.reset();
	await until(() => p.proxy.statistics().tunnels.dialling === 0, 'nothing');
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});

test('a destination that does not answer in time is a 504', async (t) => {
	const p = await forwardProxy(t, { forward: { resolve: () => new Promise(() => {}), timeouts: { connect: 100 } } });
	const client = await p.client();
	client.send('CONNECT slow.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
	const answer = await client.message('GET');
	assert.equal(answer.status, 504);
	assert.match(answer.get('proxy-status') ?? '', /error=connection_timeout/);
});

for (const authority of [
	'example.org',
	'example.org:0',
	'example.org:65536',
	':443',
	'a b:443',
	'http://x:443',
	'0x7f.1:443',
	'[::1:443',
]) {
	test(`CONNECT to ${JSON.stringify(authority)} is a bad request`, async (t) => {
		const p = await forwardProxy(t);
		const client = await p.client();
		client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`);
		const answer = await client.message('GET');
		assert.equal(answer.status, 400);
		assert.equal(p.proxy.statistics().tunnels.dialled, 0);
	});
}

test('a name whose addresses change between the look and the dial reaches only what was looked at', async (t) => {
	const inside = await rawServer(t);
	let asked = 0;
	const p = await forwardProxy(t, {
		forward: {
			allowPrivate: [],
			timeouts: { connect: 300 },
			resolve: async () => (asked++ === 0 ? ['203.0.113.1', '127.0.0.1'] : ['127.0.0.1']),
		},
	});
	for (let time = 0; time < 2; time++) {
		const client = await p.client();
		client.send(`CONNECT rebind.example:${inside.port} HTTP/1.1\r\nHost: x\r\n\r\n`);
		const answer = await client.message('GET');
		assert.equal(answer.status, 403);
		assert.match(answer.get('proxy-status') ?? '', /destination_ip_prohibited/);
	}
	assert.equal(inside.peers.length, 0);
});
