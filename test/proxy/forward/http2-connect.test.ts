/** CONNECT over HTTP/2 (RFC 9113 section 8.5): each stream is a tunnel of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { http2 } from '../../../src/engine/h2/index.ts';
import { type ForwardProxy, type ForwardProxyOptions, forwardProxy } from '../../support/forward-proxy.ts';
import { block, flags, frame, framesOf, PREFACE, settings, types, u32 } from '../../support/h2-frames.ts';
import { rawServer } from '../../support/raw-server.ts';
import { pause, until } from '../../support/until.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Stand extends ForwardProxy {
	readonly session: ClientHttp2Session;
}

async function standing(t: TestContext, options: ForwardProxyOptions = {}): Promise<Stand> {
	const p = await forwardProxy(t, { make: http2, ...options });
	const session = connect(`http://127.0.0.1:${p.port}`);
	session.on('error', () => {});
	t.after(() => session.destroy());
	await once(session, 'remoteSettings');
	return { ...p, session };
}

/** The stream and the status of its answer. */
async function asked(
	session: ClientHttp2Session,
	authority: string,
	more: Record<string, string> = {},
): Promise<{ stream: ClientHttp2Stream; headers: Record<string, unknown> }> {
	const stream = session.request({ ':method': 'CONNECT', ':authority': authority, ...more }, { endStream: false });
	stream.on('error', () => {});
	const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
	return { stream, headers };
}

async function tunnel(session: ClientHttp2Session, port: number): Promise<ClientHttp2Stream> {
	const { stream, headers } = await asked(session, `127.0.0.1:${port}`);
	assert.equal(headers[':status'], 200);
	assert.equal(headers['content-length'], undefined);
	return stream;
}

/** Resolves when the stream is gone, whatever it says. */
function closing(stream: ClientHttp2Stream): Promise<void> {
	return new Promise((resolve) => stream.once('close', () => resolve()));
}

function text(stream: ClientHttp2Stream): { all: string } {
	const heard = { all: '' };
	stream.on('data', (chunk: Buffer) => (heard.all += chunk.toString('latin1')));
	return heard;
}

/** Writes so many bytes as fast as they are taken, and ends. */
async function pour(stream: ClientHttp2Stream, total: number): Promise<void> {
	const piece = Buffer.alloc(65_536, 'x');
	for (let given = 0; given < total; given += piece.length) if (!stream.write(piece)) await once(stream, 'drain');
	stream.end();
}

test('END_STREAM and FIN mean each other, and what came before them is flushed', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.when(() => peer.ended, 'FIN');
		peer.send('still here').finish();
	});
	const p = await standing(t);
	const stream = await tunnel(p.session, there.port);
	const heard = text(stream);
	stream.end('all of it');
	await closing(stream);
	assert.deepEqual([there.received, heard.all, stream.rstCode], ['all of it', 'still here', 0]);
	await until(() => p.audit.length === 1, 'an audit record');
	const [record] = p.audit;
	assert.deepEqual(
		[record?.method, record?.target, record?.outcome, record?.error, record?.received, record?.sent],
		['CONNECT', `127.0.0.1:${there.port}`, 'allowed', null, 9, 10],
	);
	assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
});

test('a destination that ends first leaves the way to it open', async (t) => {
	const there = await rawServer(t, (peer) => void peer.send('bye').finish());
	const p = await standing(t);
	const stream = await tunnel(p.session, there.port);
	const heard = text(stream);
	await once(stream, 'end');
	assert.equal(heard.all, 'bye');
	stream.end('late');
	await closing(stream);
	await (await there.peer()).read('late');
});

test('a destination that resets is CONNECT_ERROR, and the connection goes on', async (t) => {
	const there = await rawServer(t);
	const p = await standing(t);
	const stream = await tunnel(p.session, there.port);
	stream.resume();
	const closed = closing(stream);
	(await there.peer()).reset();
	await closed;
	assert.equal(stream.rstCode, constants.NGHTTP2_CONNECT_ERROR);
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['failed', 'connection_terminated']);
	await tunnel(p.session, there.port);
});

test('a stream that is reset, and a connection that is, reset their destinations', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t, { make: http2 });
	const client = await p.client();
	const head = block([
		[':method', 'CONNECT'],
		[':authority', `127.0.0.1:${there.port}`],
	]);
	client.send(PREFACE + settings());
	for (const stream of [1, 3]) client.send(frame(types.HEADERS, flags.END_HEADERS, stream, head));
	const [first, second] = [await there.peer(0), await there.peer(1)];
	await until(() => p.proxy.statistics().tunnels.tunnels === 2, 'both tunnels');
	await client.when(
		() => framesOf(client.received).filter(({ type }) => type === types.HEADERS).length === 2,
		'answers',
	);
	client.send(frame(types.RST_STREAM, 0, 1, u32(constants.NGHTTP2_CANCEL)));
	await until(() => first.over !== second.over, 'the end of one');
	const [ended, other] = first.over ? [first, second] : [second, first];
	assert.equal(await ended.closed(), 'reset');
	client.reset();
	assert.equal(await other.closed(), 'reset');
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	await until(() => p.audit.length === 2, 'audit records');
	for (const { outcome, error } of p.audit) assert.deepEqual([outcome, error], ['allowed', null]);
});

test('a destination that resets behind its own end ends the stream of a client that is still sending', async (t) => {
	const there = await rawServer(t, async (peer) => {
		peer.send('all of it').finish();
		await peer.when(() => peer.bytes > 0, 'bytes');
		peer.reset();
	});
	const p = await standing(t);
	const stream = await tunnel(p.session, there.port);
	const heard = text(stream);
	await once(stream, 'end');
	// The system tells of a reset behind FIN when something is written.
	const sending = setInterval(() => stream.write('x'), 5);
	await closing(stream);
	clearInterval(sending);
	assert.deepEqual([heard.all, stream.rstCode], ['all of it', constants.NGHTTP2_CONNECT_ERROR]);
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
});

test('one slow reader holds up its own destination and no other stream, and gets everything once it reads', async (t) => {
	const total = 24 * 2 ** 20;
	const there = await rawServer(t, (peer, index) => {
		if (index === 0) peer.send(Buffer.alloc(total, 'x')).finish();
		else return peer.read('ping').then(() => void peer.send('pong').finish());
		return undefined;
	});
	const p = await standing(t);
	const slow = await tunnel(p.session, there.port);
	slow.pause();
	const far = await there.peer(0);
	let last = -1;
	await until(() => {
		const now = far.socket.bytesWritten - far.socket.writableLength;
		const still = now === last;
		last = now;
		return still;
	}, 'the destination held up');
	collectGarbage();
	const before = process.memoryUsage().arrayBuffers;
	for (let time = 0; time < 50; time++) {
		const quick = await tunnel(p.session, there.port);
		const heard = text(quick);
		quick.end('ping');
		await closing(quick);
		assert.equal(heard.all, 'pong');
	}
	collectGarbage();
	assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 21, 'nothing piles up');
	let bytes = 0;
	slow.on('data', (chunk: Buffer) => (bytes += chunk.length));
	slow.resume();
	await once(slow, 'end');
	assert.equal(bytes, total);
});

test('a destination that does not read holds up its own stream and no other', async (t) => {
	const there = await rawServer(t, (peer, index) => {
		if (index === 0) peer.pause();
		else return peer.read('ping').then(() => void peer.send('pong').finish());
		return undefined;
	});
	const p = await standing(t);
	const held = await tunnel(p.session, there.port);
	const total = 24 * 2 ** 20;
	void pour(held, total);
	await pause(100);
	const quick = await tunnel(p.session, there.port);
	const heard = text(quick);
	quick.end('ping');
	await closing(quick);
	assert.equal(heard.all, 'pong');
	const far = await there.peer(0);
	assert.ok(far.bytes < total);
	far.keep = false;
	far.resume();
	await far.when(() => far.ended, 'FIN');
	assert.equal(far.bytes, total);
});

for (const [name, timeouts, beats] of [
	['in which nothing moves', { tunnelIdle: 100 }, false],
	['whose whole time has passed', { tunnelTotal: 100 }, true],
] as const) {
	test(`a tunnel ${name} is reset, and its destination closed`, async (t) => {
		const there = await rawServer(t, (peer) => {
			const beat = setInterval(() => beats && peer.send('x'), 10);
			peer.socket.once('close', () => clearInterval(beat));
		});
		const p = await standing(t, { forward: { timeouts } });
		const stream = await tunnel(p.session, there.port);
		stream.resume();
		await closing(stream);
		assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
		await (await there.peer()).closed();
		assert.equal(p.proxy.statistics().tunnels.tunnels, 0);
		assert.equal(p.session.closed, false);
	});
}

test('the total time-out of the engine is over answers, and no end of tunnels', async (t) => {
	const there = await rawServer(t);
	const p = await standing(t, { engine: { timeouts: { total: 100 } } });
	const stream = await tunnel(p.session, there.port);
	await pause(400);
	const heard = text(stream);
	(await there.peer()).send('still here').finish();
	await once(stream, 'end');
	assert.equal(heard.all, 'still here');
});

for (const [authority, status, error] of [
	['127.0.0.1', 400, null],
	['127.0.0.1:0', 400, null],
	['127.0.0.1:65536', 400, null],
	['nowhere.example:443', 502, 'dns_error'],
] as const) {
	test(`CONNECT to ${authority} over HTTP/2 is ${status}`, async (t) => {
		const p = await standing(t, { forward: { resolve: async () => [] } });
		const { stream, headers } = await asked(p.session, authority);
		stream.resume();
		stream.end();
		assert.equal(headers[':status'], status);
		assert.equal(/error=(\w+)/.exec(String(headers['proxy-status']))?.[1] ?? null, error);
		await closing(stream);
		assert.equal(p.session.closed, false);
	});
}

test('an authority that HTTP/2 does not allow costs its stream, and nothing else', async (t) => {
	const p = await standing(t);
	const stream = p.session.request({ ':method': 'CONNECT', ':authority': 'user@127.0.0.1:443' }, { endStream: false });
	stream.on('error', () => {});
	await closing(stream);
	assert.equal(stream.rstCode, constants.NGHTTP2_PROTOCOL_ERROR);
	assert.equal(p.session.closed, false);
});

test('draining lets tunnels finish, opens no more, and cuts off what is left at the deadline', async (t) => {
	const there = await rawServer(t);
	const p = await standing(t);
	const [one, other] = [await tunnel(p.session, there.port), await tunnel(p.session, there.port)];
	const goodbye = once(p.session, 'goaway');
	const drained = p.front.drain(400);
	await goodbye;
	const far = await there.peer(0);
	const heard = text(one as ClientHttp2Stream);
	far.send('still here').finish();
	await once(one as ClientHttp2Stream, 'end');
	assert.equal(heard.all, 'still here');
	assert.equal((other as ClientHttp2Stream).closed, false);
	await drained;
	assert.equal(await (await there.peer(1)).closed(), 'reset');
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
});

test('a WebSocket by extended CONNECT reaches an origin that knows Upgrade alone (RFC 8441)', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.read('\r\n\r\n');
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello');
		await peer.read('ping');
		peer.send('pong').reset();
	});
	const p = await standing(t);
	const { stream, headers } = await asked(p.session, `127.0.0.1:${there.port}`, {
		':protocol': 'websocket',
		':scheme': 'http',
		':path': '/chat?room=1',
	});
	assert.equal(headers[':status'], 200);
	assert.equal(headers['upgrade'], undefined);
	assert.match(there.received, /^GET \/chat\?room=1 HTTP\/1\.1\r\n/);
	const heard = text(stream);
	const closed = closing(stream);
	stream.write('ping');
	await closed;
	assert.match(heard.all, /^hello/);
	assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
});

test('a WebSocket that its origin does not want is refused in its words', async (t) => {
	const there = await rawServer(t, async (peer) => {
		await peer.read('\r\n\r\n');
		peer.send('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
	});
	const p = await standing(t);
	const { stream, headers } = await asked(p.session, `127.0.0.1:${there.port}`, {
		':protocol': 'websocket',
		':scheme': 'http',
		':path': '/chat',
	});
	const heard = text(stream);
	stream.end();
	await closing(stream);
	assert.deepEqual([headers[':status'], heard.all], [403, 'no']);
});
