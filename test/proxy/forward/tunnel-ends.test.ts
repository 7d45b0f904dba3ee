/** How tunnels end that do not end in order: each side sees what happened to the other, and nobody is left with half of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { rawServer } from '../../support/raw-server.ts';
import { unsentBySystem, unsentIsKnown } from '../../support/unsent.ts';
import { pause, until } from '../../support/until.ts';

test('a destination that resets resets the client, and the audit says so', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	(await there.peer()).reset();
	assert.equal(await client.closed(), 'reset');
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['failed', 'connection_terminated']);
});

test('a client that resets resets its destination', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	const far = await there.peer();
	client.reset();
	assert.equal(await far.closed(), 'reset');
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['allowed', null]);
});

test('a client that resets behind its own end is missed although its destination says nothing', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	client.finish();
	const far = await there.peer();
	await far.when(() => far.ended, 'FIN');
	client.reset();
	await until(() => p.audit.length === 1, 'an audit record', 20_000);
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'the tunnel is over');
});

test('a tunnel whose client has ended its half stands as long as any, while nothing moves', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t, { engine: { timeouts: { tunnelIdle: 6_500 } } });
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	client.finish();
	const far = await there.peer();
	await pause(5_600);
	far.send('late');
	await client.read('late');
	await client.closed(20_000);
	await until(() => p.front.statistics().connections === 0, 'the connection is over');
});

test('a destination that resets behind its own end ends the tunnel of a client that is still sending', async (t) => {
	const there = await rawServer(t, async (peer) => {
		peer.send('all of it').finish();
		await peer.when(() => peer.bytes > 0, 'bytes');
		peer.reset();
	});
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	await client.read('all of it');
	await client.when(() => client.ended, 'FIN');
	client.send('x');
	await until(() => there.peers[0]?.socket.destroyed === true, 'the reset');
	// Nobody takes what it sends now. It is not sent to be held for ever.
	const sending = setInterval(() => client.send(Buffer.alloc(65_536)), 5);
	try {
		await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
		await client.when(() => client.socket.destroyed, 'the end', 12_000);
	} finally {
		clearInterval(sending);
	}
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.sent, p.audit[0]?.error], [9, 'connection_terminated']);
});

test('a client that resets behind its own end ends the tunnel of a destination that is still sending', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	const far = await there.peer();
	client.finish();
	await far.when(() => far.ended, 'FIN');
	client.pause();
	client.socket.destroy();
	const sending = setInterval(() => far.send(Buffer.alloc(65_536)), 5);
	try {
		await far.when(() => far.socket.destroyed, 'the end');
	} finally {
		clearInterval(sending);
	}
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	assert.equal(p.audit.length, 1);
});

test('what a destination has said before its end reaches a client that reads late, whatever the client still sends', async (t) => {
	if (!unsentIsKnown) return t.skip('only Linux tells how much of what was sent has not arrived');
	const total = 4 * 2 ** 20;
	const there = await rawServer(t, async (peer) => {
		peer.send(Buffer.alloc(total, 'x')).finish();
		await new Promise((finished) => peer.socket.once('finish', finished));
		// What has not arrived when a reset is provoked never does, and that is no fault of the proxy's.
		await until(() => unsentBySystem(peer.socket) === 0, 'everything has arrived');
		peer.socket.destroy();
	});
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	client.pause();
	client.keep = false;
	const before = client.bytes;
	const sending = setInterval(() => client.send('x'), 5);
	await pause(100);
	client.resume();
	await client.when(() => client.bytes - before + client.unread.length >= total || client.over, 'all of it');
	clearInterval(sending);
	await client.when(() => client.ended, 'FIN');
});

test('a tunnel in which something always moves is closed when its whole time has passed', async (t) => {
	const there = await rawServer(t, (peer) => {
		const beat = setInterval(() => peer.send('x'), 10);
		peer.socket.once('close', () => clearInterval(beat));
	});
	const p = await forwardProxy(t, { forward: { timeouts: { tunnelTotal: 150 } } });
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	await client.when(() => client.over, 'the end');
	assert.ok(client.bytes > 0);
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['allowed', null]);
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});

test('a proxy that closes resets what still stands', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	const far = await there.peer();
	await p.proxy.close();
	assert.deepEqual([await client.closed(), await far.closed()], ['reset', 'reset']);
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});
