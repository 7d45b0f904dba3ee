/** Upgrade through the gateway (RFC 9110 section 7.8): any token, early bytes, half-close, and no crash when a side goes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { exchange, type Gateway, gateway, get, plainGateway, scripted } from '../support/gateway.ts';
import type { Message } from '../support/message.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ok } from '../support/raw-server.ts';

const handshake =
	'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\nOrigin: http://front.example\r\n';
const accept =
	'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n';

interface Joined {
	readonly g: Gateway;
	readonly client: RawPeer;
	readonly peer: RawPeer;
	readonly asked: Message;
	readonly answer: Message;
}

/** Opens a tunnel; `early` bytes go with the handshake from either side. */
async function join(t: TestContext, earlyUp = '', earlyDown = ''): Promise<Joined> {
	let asked: Message | undefined;
	const g = await scripted(t, async (peer) => {
		asked = await peer.message();
		peer.send(accept + earlyDown);
	});
	const client = (await g.client()).send(get('/chat', handshake) + earlyUp);
	const answer = await client.message();
	return { g, client, answer, peer: await g.origin.peer(), asked: asked as unknown as Message };
}

test('a WebSocket handshake goes through whole', async (t) => {
	const { asked, answer } = await join(t);
	assert.equal(asked.get('upgrade'), 'websocket');
	assert.match(asked.get('connection') ?? '', /\bupgrade\b/i);
	assert.doesNotMatch(asked.get('connection') ?? '', /keep-alive.*keep-alive/i);
	for (const name of ['version', 'key', 'protocol']) assert.ok(asked.get(`sec-websocket-${name}`), name);
	assert.equal(asked.get('origin'), 'http://front.example');
	assert.equal(answer.status, 101);
	assert.equal(answer.get('upgrade'), 'websocket');
	assert.match(answer.get('connection') ?? '', /\bupgrade\b/i);
	assert.equal(answer.get('sec-websocket-accept'), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
	assert.equal(answer.get('content-length'), null);
	assert.equal(answer.get('transfer-encoding'), null);
});

test('bytes flow both ways, whatever they look like', async (t) => {
	const { client, peer } = await join(t);
	client.send('\x81\x05hello\0\r\n\r\nGET / HTTP/1.1\r\n\r\n');
	await peer.read('GET / HTTP/1.1\r\n\r\n');
	peer.send('\x81\x05world\xff\r\nHTTP/1.1 200 OK\r\n\r\n');
	assert.equal(await client.read('200 OK\r\n\r\n'), '\x81\x05world\xff\r\nHTTP/1.1 200 OK\r\n\r\n');
	assert.ok(peer.received.endsWith('\r\n\r\n\x81\x05hello\0\r\n\r\nGET / HTTP/1.1\r\n\r\n'));
});

test('early bytes of both sides belong to the tunnel', async (t) => {
	const { client, peer } = await join(t, 'early up', 'early down');
	assert.equal(await client.read('early down'), 'early down');
	assert.equal(await peer.read('early up'), 'early up');
});

test('a large stream goes through both ways unharmed', async (t) => {
	const { client, peer } = await join(t);
	const size = 8 * 1024 * 1024;
	const block = Buffer.alloc(size, 'x');
	client.keep = peer.keep = false;
	const [up, down] = [peer.bytes, client.bytes];
	client.send(block);
	peer.send(block);
	await peer.when(() => peer.bytes - up === size, 'upload');
	await client.when(() => client.bytes - down === size, 'download');
});

test('one half ends while the other lives: client first', async (t) => {
	const { client, peer } = await join(t);
	client.send('last words').finish();
	await peer.read('last words');
	assert.equal(await peer.closed(2_000), 'finished');
	peer.send('answer').finish();
	await client.read('answer');
	assert.equal(await client.closed(2_000), 'finished');
});

test('one half ends while the other lives: upstream first', async (t) => {
	const { client, peer } = await join(t);
	peer.send('last words').finish();
	await client.read('last words');
	assert.equal(await client.closed(2_000), 'finished');
	client.send('answer').finish();
	await peer.read('answer');
	assert.equal(await peer.closed(2_000), 'finished');
});

for (const side of ['client', 'peer'] as const) {
	test(`a reset of the ${side} ends the other side and nothing else`, async (t) => {
		const joined = await join(t);
		joined.client.send('x');
		await joined.peer.read('x');
		joined[side].reset();
		await joined[side === 'client' ? 'peer' : 'client'].closed(2_000);
		const client = (await joined.g.client()).send(get('/', handshake));
		assert.equal((await client.message()).status, 101, 'others are served');
	});
}

test('a refusal is relayed whatever its status, and HTTP goes on', async (t) => {
	for (const status of ['401 Unauthorized', '403 Forbidden', '200 OK', '426 Upgrade Required', '302 Found']) {
		const g = await gateway(t, (request) =>
			request.target === '/chat' ? `HTTP/1.1 ${status}\r\nX-Why: because\r\nContent-Length: 2\r\n\r\nno` : ok('fine'),
		);
		const { answer, client } = await exchange(g, get('/chat', handshake));
		assert.equal(answer.startLine, `HTTP/1.1 ${status}`);
		assert.equal(answer.get('x-why'), 'because');
		assert.equal(answer.body, 'no');
		client.send(get('/'));
		assert.equal((await client.message()).body, 'fine');
	}
});

test('any Upgrade token goes through', async (t) => {
	const g = await gateway(t, (request, peer) => {
		peer.send(
			`HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: bar/2\r\nX-Asked: ${request.get('upgrade')}\r\n\r\nhi`,
		);
	});
	const { answer, client } = await exchange(g, get('/', 'Connection: upgrade\r\nUpgrade: foo, bar/2\r\n'));
	assert.equal(answer.status, 101);
	assert.equal(answer.get('upgrade'), 'bar/2');
	assert.equal(answer.get('x-asked')?.replaceAll(' ', ''), 'foo,bar/2');
	await client.read('hi');
});

test('Upgrade without its Connection option is no offer', async (t) => {
	const g = await plainGateway(t);
	const { seen, answer } = await exchange(g, get('/', 'Upgrade: websocket\r\n'));
	assert.equal(answer.status, 200);
	assert.equal(seen?.get('upgrade'), null);
});

test('a switch to something that was not offered: 502', async (t) => {
	const g = await gateway(
		t,
		() => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: smuggle\r\n\r\n',
	);
	const { answer } = await exchange(g, get('/', handshake));
	assert.equal(answer.status, 502);
});

test('informational responses come before the switch', async (t) => {
	const g = await gateway(t, () => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${accept}`);
	const { answer, client } = await exchange(g, get('/', handshake));
	assert.equal(answer.status, 103);
	assert.equal((await client.message()).status, 101);
});

test('upstream down under a handshake: 502', async (t) => {
	const g = await plainGateway(t);
	g.origin.close();
	const { answer } = await exchange(g, get('/', handshake));
	assert.equal(answer.status, 502);
});

test('a client that leaves during the handshake is noticed upstream', async (t) => {
	const g = await scripted(t, () => {});
	const client = (await g.client()).send(get('/', handshake));
	const peer = await g.origin.peer();
	await peer.message();
	client.reset();
	await peer.closed(2_000);
});

test('a tunnel is not kept as a connection for others', async (t) => {
	const { g, client, peer } = await join(t);
	client.finish();
	peer.finish();
	await client.closed();
	const again = (await g.client()).send(get('/', handshake));
	assert.equal((await again.message()).status, 101);
	assert.equal(g.origin.peers.length, 2);
});
