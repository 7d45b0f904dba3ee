/** Our listener under TLS: everything that holds without it, what TLS tells the app, and clients that cannot shake hands. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { TlsOptions } from '../../src/certificates/index.ts';
import { type App, type Connection, raw, respond } from '../../src/convention/index.ts';
import { authority, client, server, stranger } from '../support/certificates.ts';
import { type EngineOptions, listen, portOf } from '../support/engines.ts';
import { connect, connectSecurely } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { pause, until } from '../support/until.ts';
import { Bulk, swallow } from './bulk.ts';

const trusting: ConnectionOptions = { ca: authority, servername: 'localhost', ALPNProtocols: ['http/1.1'] };

async function secure(t: TestContext, app: App, options: EngineOptions = {}, tls: TlsOptions = server) {
	const listener = await listen(t, app, { log: () => {}, ...options }, { host: '127.0.0.1', port: 0, tls });
	const port = portOf(listener);
	return {
		listener,
		port,
		connect: (more: ConnectionOptions = {}) => connectSecurely(t, port, { ...trusting, ...more }),
	};
}

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const target: App = (request) => respond(200, null, raw(request).target);

test('keep-alive and pipelining, in order', async (t) => {
	const at = await secure(t, async (request) => {
		await pause(raw(request).target === '/1' ? 30 : 0);
		return respond(200, null, raw(request).target);
	});
	assert.match(at.listener.url, /^https:\/\/127\.0\.0\.1:\d+$/);
	const peer = await at.connect();
	peer.send([1, 2, 3, 4].map((n) => get(`/${n}`)).join(''));
	for (let n = 1; n <= 4; n++) assert.equal((await peer.message()).body, `/${n}`);
	assert.equal((await peer.send(get('/5')).message()).body, '/5');
	assert.equal(at.listener.statistics().accepted, 1);
});

test('the app is told what TLS settled, and that the scheme is https', async (t) => {
	let facts: Connection['tls'] | undefined;
	let url = '';
	const at = await secure(t, (request, context) => {
		facts = context.connection.tls;
		url = request.url;
		return respond(200, null, facts?.peer() === null ? 'a stranger' : 'somebody');
	});
	assert.equal((await (await at.connect()).send(get('/path')).message()).body, 'a stranger');
	assert.equal(facts?.sni, 'localhost');
	assert.equal(facts?.alpn, 'http/1.1');
	assert.equal(url, 'https://localhost/path');
});

const subject: App = (_request, context) => {
	const peer = context.connection.tls?.peer() ?? null;
	return respond(200, null, peer === null ? 'nobody' : new X509Certificate(peer).subject);
};

test('a client certificate that was verified is shown to the app, another is not', async (t) => {
	const at = await secure(t, subject, {}, { ...server, clientAuthorities: authority });
	assert.equal((await (await at.connect(client)).send(get('/')).message()).body, 'CN=client.example');
	assert.equal((await (await at.connect(stranger)).send(get('/')).message()).body, 'nobody');
	assert.equal((await (await at.connect()).send(get('/')).message()).body, 'nobody');
});

test('where a client certificate is required, nobody comes in without', async (t) => {
	const tls = { ...server, clientAuthorities: authority, requireClientCertificate: true };
	const at = await secure(t, subject, {}, tls);
	assert.equal((await (await at.connect(client)).send(get('/')).message()).body, 'CN=client.example');
	for (const certificate of [{}, stranger]) {
		// TLS 1.3 lets the client believe that all is well until it reads.
		const refused = at.connect(certificate).then((peer) => peer.send(get('/')).message());
		await assert.rejects(refused);
	}
	assert.equal(at.listener.statistics().requests, 1);
});

test('clients that cannot shake hands do not hurt others', async (t) => {
	// A client that ends its half in the handshake is waited for until its time is up.
	const at = await secure(t, target, { timeouts: { header: 300 } });
	const steady = await at.connect();
	// From here on it has the keep-alive time, and not that of the first head.
	assert.equal((await steady.send(get('/first')).message()).body, '/first');
	const plain = (await connect(t, at.port)).send(get('/'));
	const garbage = (await connect(t, at.port)).send(
		Buffer.from(Array.from({ length: 200 }, (_none, i) => (i * 37) & 255)),
	);
	const half = (await connect(t, at.port)).send('\x16\x03\x01\x02\x00').finish();
	const leaving = (await connect(t, at.port)).send('\x16\x03\x01').reset();
	const old = at.connect({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }).catch((error: Error) => error);
	for (const peer of [plain, garbage, half, leaving]) await peer.closed();
	assert.ok((await old) instanceof Error);
	assert.equal((await steady.send(get('/still')).message()).body, '/still');
	assert.equal(at.listener.statistics().connections, 1);
});

test('a handshake that is not finished in time is given up', async (t) => {
	const at = await secure(t, target, { timeouts: { header: 150 } });
	const silent = await connect(t, at.port);
	await silent.closed(4_000);
});

test('a listener that closes takes handshakes under way with it', async (t) => {
	const at = await secure(t, target);
	const silent = await connect(t, at.port);
	const peer = await at.connect();
	await at.listener.close();
	await silent.closed(2_000);
	await peer.closed(2_000);
});

test('a listener that drains answers what is in flight', async (t) => {
	const at = await secure(t, async (request) => {
		await pause(100);
		return respond(200, null, raw(request).target);
	});
	const peer = (await at.connect()).send(get('/late'));
	await until(() => at.listener.statistics().active === 1, 'the request in flight');
	const drained = at.listener.drain(5_000);
	const answer = await peer.message();
	assert.equal(answer.body, '/late');
	assert.equal(answer.get('connection'), 'close');
	peer.finish();
	await drained;
});

test('a request behind which the client closes its half is answered', async (t) => {
	const at = await secure(t, async (request) => {
		await pause(30);
		return respond(200, null, raw(request).target);
	});
	const peer = (await at.connect()).send(get('/half')).finish();
	assert.equal((await peer.message()).body, '/half');
	assert.equal(await peer.closed(), 'finished');
});

test('large bodies pass both ways, to and from clients that stall', async (t) => {
	const bulk = new Bulk(5, 40);
	const at = await secure(t, (request) => respond(200, null, raw(request).payload));
	const exchanges = [0, 1, 2].map(async (index) => {
		const { socket } = await at.connect();
		socket.removeAllListeners('data');
		const chunked = index % 2 === 1;
		const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bulk.length}`;
		socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n`);
		const [read] = await Promise.all([swallow(socket, index), bulk.pour(socket, chunked)]);
		assert.equal(read.length, bulk.length);
		assert.equal(read.hash, bulk.hash);
	});
	await Promise.all(exchanges);
});

/** Fails in the middle of a body that only the close would end. */
const cut: App = () => {
	const payload = {
		length: null,
		start(sink: { write(chunk: Uint8Array): boolean; fail(reason: Error): void }) {
			sink.write(Buffer.from('half'));
			setTimeout(() => sink.fail(new Error('the source broke')), 30);
		},
		resume() {},
		cancel() {},
	};
	return respond(200, null, payload);
};

test('a body that ends by the close and is cut short does not look complete', async (t) => {
	const at = await secure(t, cut);
	const peer = (await at.connect()).send('GET / HTTP/1.0\r\n\r\n');
	await peer.read('half');
	assert.equal(await peer.closed(), 'reset');
});

/** Reads nothing, and waits to be dropped. */
async function stalled(at: { connect(): Promise<RawPeer> }): Promise<RawPeer> {
	const peer = (await at.connect()).send(get('/'));
	await peer.head();
	return peer.pause();
}

test('a client that takes nothing of its answer is dropped', async (t) => {
	const large = Buffer.alloc(30_000_000);
	const at = await secure(t, () => respond(200, null, large), { timeouts: { write: 200 } });
	const peer = await stalled(at);
	await until(() => at.listener.statistics().connections === 0, 'no connection');
	assert.equal(at.listener.statistics().timeouts, 1);
	peer.destroy();
});

test('a tunnel under TLS: early bytes, both halves', async (t) => {
	const app: App = (_request, context) => {
		assert.deepEqual(context.offers, ['echo']);
		return respond(101, { upgrade: 'echo' }, null, {
			tunnel(stream) {
				stream.readable.start({
					write: (chunk) => stream.writable.write(chunk),
					end: () => {
						stream.writable.write(Buffer.from('!'));
						stream.writable.end();
					},
					fail() {},
				});
			},
		});
	};
	const at = await secure(t, app);
	const peer = await at.connect();
	peer.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly ');
	await peer.read('early ');
	peer.send('late').finish();
	await peer.read('late!');
	assert.equal(await peer.closed(), 'finished');
});

test('a client that resumes its session is a client like any other', async (t) => {
	const at = await secure(t, target, {}, { ...server, clientAuthorities: authority });
	const first = await at.connect(client);
	const session = new Promise<Buffer>((resolve) => (first.socket as TLSSocket).once('session', resolve));
	await first.send(get('/1')).message();
	const again = await at.connect({ ...client, session: await session });
	assert.equal((again.socket as TLSSocket).isSessionReused(), true);
	assert.equal((await again.send(get('/2')).message()).body, '/2');
});

test('a request head in many TLS records is one head', async (t) => {
	const at = await secure(t, target);
	const peer = await at.connect();
	for (const byte of get('/byte-by-byte')) {
		peer.send(byte);
		await new Promise((resolve) => setImmediate(resolve));
	}
	assert.equal((await peer.message()).body, '/byte-by-byte');
});

test('a connection that is lost under TLS tells the app', async (t) => {
	let told: unknown;
	const at = await secure(t, (_request, context) => {
		context.onClosed({ exchangeClosed: (reason) => (told = reason) });
		return new Promise<Response>(() => {});
	});
	const tcp = connectSocket({ host: '127.0.0.1', port: at.port });
	t.after(() => tcp.destroy());
	const tls = connectTls({ ...trusting, socket: tcp });
	tls.on('error', () => {});
	tls.write(get('/'));
	await until(() => at.listener.statistics().active === 1, 'the request');
	tcp.resetAndDestroy();
	await until(() => told !== undefined, 'the loss');
	await until(() => at.listener.statistics().connections === 0, 'no connection');
});
