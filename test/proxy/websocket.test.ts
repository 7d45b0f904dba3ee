/** WebSockets through the reverse proxy, in the version that the client speaks; the upstream knows HTTP/1.1 alone. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { h1 } from '../../src/engine/h1/index.ts';
import { http2 } from '../../src/engine/h2/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { h1Client } from '../matrix/h1-client.ts';
import { h2Client } from '../matrix/h2-client.ts';
import type { Client } from '../matrix/talk.ts';
import { converse, HEARD, openingOf } from '../matrix/websocket.ts';
import { portOf } from '../support/engines.ts';

/** An upstream that says everything louder, but for `/secret`, and a client of the proxy before it. */
async function proxied(t: TestContext, protocol: 'h1' | 'h2'): Promise<Client> {
	const server = new WebSocketServer({
		port: 0,
		host: '127.0.0.1',
		verifyClient: ({ req }: { req: IncomingMessage }) => req.url !== '/secret',
	});
	server.on('connection', (socket) =>
		socket.on('message', (data: Buffer) => socket.send(data.toString().toUpperCase())),
	);
	await new Promise((resolve) => server.once('listening', resolve));
	const proxy = reverse(`http://127.0.0.1:${(server.address() as { port: number }).port}`, { log: () => {} });
	const engine = protocol === 'h1' ? h1({ log: () => {} }) : http2({ log: () => {} });
	const listener = await engine.listen(proxy, { host: '127.0.0.1', port: 0 });
	const client = (protocol === 'h1' ? h1Client : h2Client)(portOf(listener));
	t.after(async () => {
		client.close();
		for (const one of server.clients) one.terminate();
		server.close();
		await listener.close();
		await proxy.close();
	});
	return client;
}

for (const [protocol, switched] of [
	['h1', 101],
	['h2', 200],
] as const) {
	test(`a WebSocket over ${protocol} reaches the upstream, and a refusal the client`, async (t) => {
		const client = await proxied(t, protocol);
		const talk = client.open(openingOf({ protocol }, '/socket'));
		const head = await talk.head();
		assert.equal(head?.status, switched);
		const handshake = head?.fields.filter(([name]) => /^(upgrade|connection|sec-websocket-accept)$/i.test(name));
		assert.equal(handshake?.length, protocol === 'h1' ? 3 : 0);
		assert.match(await converse(talk), HEARD);
		assert.equal((await client.open(openingOf({ protocol }, '/secret')).head())?.status, 401);
	});
}

test('CONNECT for anything else is refused', async (t) => {
	const client = await proxied(t, 'h2');
	for (const ask of [
		{ target: '/socket', offer: 'connect-udp' },
		{ method: 'CONNECT', target: 'a.example:443' },
	]) {
		assert.equal((await client.open(ask).head())?.status, 405);
	}
});
