/** The `ws` package on both ends, with `reverse` between them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';

interface Served {
	readonly url: string;
	readonly server: WebSocketServer;
}

async function front(t: TestContext): Promise<Served> {
	const http = createServer();
	const server = new WebSocketServer({
		server: http,
		verifyClient: ({ req }: { req: IncomingMessage }) => req.url !== '/secret',
	});
	server.on('connection', (socket) => {
		socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		server.close();
		http.close();
		http.closeAllConnections();
	});
	const proxy = reverse(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
	t.after(() => proxy.close());
	return { url: `ws://127.0.0.1:${portOf(await listen(t, proxy))}`, server };
}

function open(t: TestContext, url: string): WebSocket {
	const socket = new WebSocket(url, ['chat', 'other'], { perMessageDeflate: true });
	t.after(() => socket.terminate());
	return socket;
}

test('messages of every size and kind come back', async (t) => {
	const { url } = await front(t);
	const socket = open(t, `${url}/chat`);
	await once(socket, 'open');
	assert.equal(socket.protocol, 'chat');
	for (const data of ['', 'hello', 'x'.repeat(70_000), Buffer.alloc(1_000_000, 1)]) {
		socket.send(data);
		const [back, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
		assert.equal(isBinary, typeof data !== 'string');
		assert.ok(back.equals(Buffer.from(data)));
	}
});

test('pings and the closing handshake go through', async (t) => {
	const { url } = await front(t);
	const socket = open(t, `${url}/chat`);
	await once(socket, 'open');
	socket.ping('are you there');
	assert.equal(String((await once(socket, 'pong'))[0]), 'are you there');
	socket.close(4001, 'done');
	const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
	assert.equal(code, 4001);
	assert.equal(String(reason), 'done');
});

test('a server that goes away is told to the client', async (t) => {
	const { url, server } = await front(t);
	const socket = open(t, `${url}/chat`);
	await once(socket, 'open');
	for (const client of server.clients) client.terminate();
	assert.equal((await once(socket, 'close'))[0], 1006);
});

test('a client that goes away is told to the server', async (t) => {
	const { url, server } = await front(t);
	const socket = open(t, `${url}/chat`);
	await once(socket, 'open');
	const [client] = server.clients;
	socket.terminate();
	assert.equal((await once(client as WebSocket, 'close'))[0], 1006);
});

test('a refusal is a refusal', async (t) => {
	const { url } = await front(t);
	const socket = open(t, `${url}/secret`);
	const [error] = (await once(socket, 'error')) as [Error];
	assert.match(error.message, /401/);
});
