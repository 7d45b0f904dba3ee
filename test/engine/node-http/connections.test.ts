import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, raw, respond } from '../../../src/convention/index.ts';
import { nodeHttp } from '../../../src/engine/node-http/index.ts';
import { type EngineOptions, listen as listenWith, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

type Wanted = Parameters<typeof listenWith>;

const listen = (t: Wanted[0], app: App, options: EngineOptions = {}): ReturnType<typeof listenWith> =>
	listenWith(t, app, { log: () => {}, ...options }, undefined, nodeHttp);

const hello: App = () => respond(200, {}, 'hello');
const reading: App = async (request) => respond(200, {}, await request.text());
const never: App = () => new Promise(() => {});

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

test('requests on one connection are answered in order, pipelined ones too', async (t) => {
	const listener = await listen(t, (request) => respond(200, {}, raw(request).target));
	const peer = await connect(t, portOf(listener));
	peer.send(GET.replace('/', '/one') + GET.replace('/', '/two'));
	assert.equal((await peer.message()).body, '/one');
	assert.equal((await peer.message()).body, '/two');
	peer.send(GET.replace('/', '/three'));
	assert.equal((await peer.message()).body, '/three');
});

test('drain answers what is under way with Connection: close, and ends idle connections', async (t) => {
	const waiting = Promise.withResolvers<void>();
	const listener = await listen(t, async (request) => {
		if (raw(request).target === '/wait') await waiting.promise;
		return respond(200, {}, 'hello');
	});
	const idle = await connect(t, portOf(listener));
	idle.send(GET);
	await idle.message();
	const busy = await connect(t, portOf(listener));
	busy.send(GET.replace('/', '/wait'));
	await until(() => listener.statistics().active === 1, 'a request under way');
	const drained = listener.drain(10_000);
	assert.equal(await idle.closed(), 'finished');
	waiting.resolve();
	assert.match((await busy.message()).get('connection') ?? '', /close/);
	await drained;
	assert.equal(listener.statistics().connections, 0);
});

test('what is left after the deadline of a drain is cut off', async (t) => {
	const listener = await listen(t, never);
	const peer = await connect(t, portOf(listener));
	peer.send(GET);
	await until(() => listener.statistics().active === 1, 'a request under way');
	await listener.drain(50);
	await peer.closed();
	assert.equal(listener.statistics().active, 0);
});

for (const [name, bytes, status] of [
	['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
	['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
	['both framings', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
	['a blank before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
	['a malformed Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
	['an asterisk', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
	['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', 400],
	['a coding besides chunked', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 400],
	['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
	['CONNECT and a length', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc', 400],
	['CONNECT and no port', 'CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
	['a fragment', 'GET /#a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
	['a length beyond counting', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9007199254740993\r\n\r\n', 400],
	['a long target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
	['many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(200)}\r\n`, 431],
	['a large head', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
] as const) {
	test(`a request with ${name} is answered ${status}, and the connection ends`, async (t) => {
		const listener = await listen(t, hello);
		const peer = await connect(t, portOf(listener));
		peer.send(bytes);
		assert.equal((await peer.message()).status, status);
		await peer.closed();
		await until(() => listener.statistics().active === 0, 'the exchange over');
	});
}

test('a body that breaks its framing is an error of the client for who reads it', async (t) => {
	const listener = await listen(t, reading);
	const peer = await connect(t, portOf(listener));
	peer.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
	await until(() => listener.statistics().active === 1, 'a request under way');
	peer.send('zz\r\n');
	assert.equal((await peer.message()).status, 400);
	await peer.closed();
});

test('a body that is too large is answered 413', async (t) => {
	const listener = await listen(t, reading, { limits: { bodyBytes: 10 } });
	const peer = await connect(t, portOf(listener));
	peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n01234567890123456789');
	assert.equal((await peer.message()).status, 413);
});

test('a head that does not come is answered 408', async (t) => {
	const listener = await listen(t, hello, { timeouts: { header: 100 } });
	const peer = await connect(t, portOf(listener));
	peer.send('GET / HTTP/1.1\r\nHos');
	assert.equal((await peer.message()).status, 408);
	await peer.closed();
	assert.equal(listener.statistics().timeouts, 1);
});

test('a body that does not come on is answered 408', async (t) => {
	const listener = await listen(t, reading, { timeouts: { bodyIdle: 100 } });
	const peer = await connect(t, portOf(listener));
	peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\nhalf');
	assert.equal((await peer.message()).status, 408);
	await peer.closed();
});

test('an app that takes too long is answered for with 503', async (t) => {
	const listener = await listen(t, never, { timeouts: { total: 100 } });
	const peer = await connect(t, portOf(listener));
	peer.send(GET);
	assert.equal((await peer.message()).status, 503);
});

test('a client that takes nothing loses its connection', async (t) => {
	const listener = await listen(t, () => respond(200, {}, new Uint8Array(30_000_000)), { timeouts: { write: 200 } });
	const peer = await connect(t, portOf(listener));
	peer.send(GET).pause();
	await until(() => listener.statistics().connections === 1, 'a connection');
	await until(() => listener.statistics().connections === 0, 'the connection given up');
	assert.equal(listener.statistics().timeouts, 1);
	assert.equal(listener.statistics().active, 0);
});

test('an idle connection ends when its time is up', async (t) => {
	const listener = await listen(t, hello, { timeouts: { keepAlive: 100 } });
	const peer = await connect(t, portOf(listener));
	peer.send(GET);
	await peer.message();
	await peer.closed();
	await until(() => listener.statistics().connections === 0, 'the connection closed');
});

test('connections above the limit are answered 503', async (t) => {
	const listener = await listen(t, hello, { limits: { connections: 1 } });
	await connect(t, portOf(listener));
	await until(() => listener.statistics().connections === 1, 'the first connection');
	const second = await connect(t, portOf(listener));
	second.send(GET);
	assert.equal((await second.message()).status, 503);
	assert.equal(listener.statistics().refused, 1);
});

test('a client that closes its half behind its request is answered', async (t) => {
	const listener = await listen(t, async () => {
		await new Promise((resolve) => setTimeout(resolve, 20));
		return respond(200, {}, 'hello');
	});
	const peer = await connect(t, portOf(listener));
	peer.send(GET).finish();
	assert.equal((await peer.message()).body, 'hello');
	assert.equal(await peer.closed(), 'finished');
});

test('HTTP/1.0 gets a body of unknown length until the close, and none that was cut short looks whole', async (t) => {
	const source = (fails: boolean) => ({
		length: null,
		start: (sink: { write(chunk: Uint8Array): boolean; end(): void; fail(error: Error): void }) => {
			sink.write(Buffer.from('some'));
			if (fails) sink.fail(new Error('broken'));
			else sink.end();
		},
		resume: () => {},
		cancel: () => {},
	});
	const listener = await listen(t, (request) => respond(200, {}, source(raw(request).target === '/fail')));
	const whole = await connect(t, portOf(listener));
	whole.send('GET / HTTP/1.0\r\n\r\n');
	assert.equal((await whole.message()).body, 'some');
	const cut = await connect(t, portOf(listener));
	cut.send('GET /fail HTTP/1.0\r\n\r\n');
	assert.equal(await cut.closed(), 'reset');
});

test('options that are none are refused with their name', () => {
	assert.throws(() => nodeHttp({ limits: { heads: 1 } as never }), /limits\.heads: no such option/);
	assert.throws(() => nodeHttp({ timeouts: { header: Number.NaN } }), /timeouts\.header: not a number/);
});

test('interim responses of a pipelined request come behind the answers before it', async (t) => {
	const listener = await listen(t, (request, context) => {
		const path = raw(request).target;
		if (path === '/two') context.inform(102);
		return new Promise((resolve) => {
			setTimeout(() => resolve(respond(200, {}, path)), path === '/one' ? 20 : 60);
		});
	});
	const peer = await connect(t, portOf(listener));
	peer.send(GET.replace('/', '/one') + GET.replace('/', '/two'));
	assert.equal((await peer.message()).body, '/one');
	assert.equal((await peer.message()).status, 102);
	assert.equal((await peer.message()).body, '/two');
});

test('what cannot be read is refused behind the answers to what could', async (t) => {
	const listener = await listen(t, async (request) => {
		await new Promise((resolve) => setTimeout(resolve, 20));
		return respond(200, {}, raw(request).target);
	});
	const peer = await connect(t, portOf(listener));
	peer.send(`${GET.replace('/', '/one')}${GET.replace('/', '/two')}GET / HTTP/1.1\r\nHost : a\r\n\r\n`);
	assert.equal((await peer.message()).body, '/one');
	assert.equal((await peer.message()).body, '/two');
	assert.equal((await peer.message()).status, 400);
	await peer.closed();
});

test('an upgrade behind a pipelined request waits for its answer', async (t) => {
	const listener = await listen(t, async (_request, context) => {
		if (context.offers.length === 0) {
			await new Promise((resolve) => setTimeout(resolve, 20));
			return respond(200, {}, 'first');
		}
		return respond(101, { upgrade: 'echo' }, null, {
			tunnel: ({ readable, writable }) => {
				readable.start({ write: (chunk) => writable.write(chunk), end: () => writable.end(), fail: () => {} });
			},
		});
	});
	const peer = await connect(t, portOf(listener));
	peer.send(`${GET}GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly`);
	assert.equal((await peer.message()).body, 'first');
	assert.equal((await peer.head()).startLine, 'HTTP/1.1 101 Switching Protocols');
	await peer.read('early');
	peer.send('late');
	await peer.read('late');
	peer.finish();
	assert.equal(await peer.closed(), 'finished');
});

test('HTTP/1.0 offers no upgrade', async (t) => {
	const listener = await listen(t, (_request, { offers }) => respond(200, {}, `offers ${offers.join()}`));
	const peer = await connect(t, portOf(listener));
	peer.send('GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
	assert.equal((await peer.message()).body, 'offers ');
});

test('bytes before a failure of the source leave before the connection is cut', async (t) => {
	const failing = {
		length: null,
		start: (sink: { write(chunk: Uint8Array): boolean; fail(error: Error): void }) => {
			sink.write(Buffer.from('half'));
			sink.fail(new Error('broken'));
		},
		resume: () => {},
		cancel: () => {},
	};
	const listener = await listen(t, () => respond(200, {}, failing));
	const peer = await connect(t, portOf(listener));
	peer.send(GET);
	await peer.read('half');
	await peer.closed();
	assert.ok(!peer.received.endsWith('0\r\n\r\n'));
});
