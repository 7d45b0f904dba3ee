import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { Abort, type App, raw, respond } from '../../../src/convention/index.ts';
import { http2, http2Limits } from '../../../src/engine/h2/index.ts';
import type { Listener } from '../../../src/engine/index.ts';
import { portOf } from '../../support/engines.ts';
import { until } from '../../support/until.ts';

type Options = NonNullable<Parameters<typeof http2>[0]>;

async function serving(t: TestContext, app: App, options: Options = {}): Promise<Listener> {
	const listener = await http2({ log: () => {}, ...options }).listen(app, { host: '127.0.0.1', port: 0 });
	t.after(() => listener.close());
	return listener;
}

function dial(t: TestContext, listener: Listener): ClientHttp2Session {
	const session = connect(`http://127.0.0.1:${portOf(listener)}`);
	session.on('error', () => {});
	t.after(() => session.destroy());
	return session;
}

async function statusOf(session: ClientHttp2Session, headers: Record<string, string> = {}): Promise<number> {
	const stream = session.request({ ':path': '/', ...headers });
	stream.on('error', () => {});
	stream.resume();
	const [answer] = (await once(stream, 'response')) as [Record<string, number>];
	return Number(answer[':status']);
}

const hello: App = () => respond(200, {}, 'hello');
const never: App = () => new Promise(() => {});

test('drain sends GOAWAY, answers what is under way, and resolves when it has left', async (t) => {
	const waiting = Promise.withResolvers<void>();
	const listener = await serving(t, async () => {
		await waiting.promise;
		return respond(200, {}, 'late');
	});
	const session = dial(t, listener);
	const answer = statusOf(session);
	await until(() => listener.statistics().active === 1, 'a request under way');
	const gone = once(session, 'goaway');
	const drained = listener.drain(10_000);
	const [code] = await gone;
	assert.equal(code, 0);
	waiting.resolve();
	assert.equal(await answer, 200);
	await drained;
	assert.equal(listener.statistics().connections, 0);
});

test('drain ends an idle session at once', async (t) => {
	const listener = await serving(t, hello);
	const session = dial(t, listener);
	assert.equal(await statusOf(session), 200);
	await listener.drain(10_000);
	assert.equal(listener.statistics().connections, 0);
});

test('a client that opens and resets streams over and over loses its connection', async (t) => {
	const listener = await serving(t, never, { limits: { resetBurst: 20, resetRate: 1 } });
	const session = dial(t, listener);
	const gone = once(session, 'goaway');
	await once(session, 'remoteSettings');
	for (let i = 0; i < 60 && !session.destroyed; i++) {
		const stream = session.request({ ':path': '/' });
		stream.on('error', () => {});
		setImmediate(() => stream.close(8));
	}
	const [code] = await gone;
	assert.equal(code, 11);
	await until(() => listener.statistics().connections === 0, 'the connection closed');
	assert.equal(listener.statistics().active, 0);
	assert.ok(listener.statistics().violations > 0);
});

test('a client that floods with PING loses its connection', async (t) => {
	const listener = await serving(t, hello, { limits: { controlBurst: 20, controlRate: 1 } });
	const session = dial(t, listener);
	const gone = once(session, 'goaway');
	await once(session, 'remoteSettings');
	const flood = setInterval(() => {
		for (let i = 0; i < 5 && !session.destroyed; i++) session.ping(() => {});
	}, 1);
	t.after(() => clearInterval(flood));
	assert.equal((await gone)[0], 11);
});

test('the client is told how many streams it may have open, and more are refused', async (t) => {
	const listener = await serving(t, hello, { limits: { concurrentStreams: 3 } });
	const session = dial(t, listener);
	const [settings] = await once(session, 'remoteSettings');
	assert.equal(settings.maxConcurrentStreams, 3);
	assert.equal(settings.enableConnectProtocol, true);
	assert.equal(settings.maxHeaderListSize, http2Limits.headerListBytes);
});

test('an idle session ends when its time is up', async (t) => {
	const listener = await serving(t, hello, { timeouts: { keepAlive: 100 } });
	const session = dial(t, listener);
	assert.equal(await statusOf(session), 200);
	await once(session, 'close');
	assert.equal(listener.statistics().timeouts, 1);
});

test('a client that says nothing loses its connection', async (t) => {
	const listener = await serving(t, hello, { timeouts: { header: 100 } });
	const session = dial(t, listener);
	await once(session, 'close');
	await until(() => listener.statistics().connections === 0, 'the connection closed');
});

test('a body that is too large is answered 413', async (t) => {
	const app: App = async (request) => respond(200, {}, await request.text());
	const listener = await serving(t, app, { limits: { bodyBytes: 10 } });
	const session = dial(t, listener);
	const stream = session.request({ ':path': '/', ':method': 'POST' });
	stream.on('error', () => {});
	stream.write('more than ten bytes');
	const [answer] = await once(stream, 'response');
	assert.equal(answer[':status'], 413);
});

test('a body that does not come on is answered 408', async (t) => {
	const app: App = async (request) => respond(200, {}, await request.text());
	const listener = await serving(t, app, { timeouts: { bodyIdle: 100 } });
	const stream = dial(t, listener).request({ ':path': '/', ':method': 'POST' });
	stream.on('error', () => {});
	stream.write('half');
	const [answer] = await once(stream, 'response');
	assert.equal(answer[':status'], 408);
});

test('an app that takes too long is answered for with 503', async (t) => {
	const listener = await serving(t, never, { timeouts: { total: 100 } });
	assert.equal(await statusOf(dial(t, listener)), 503);
});

test('what no request may say is answered 400', async (t) => {
	const listener = await serving(t, hello);
	const session = dial(t, listener);
	assert.equal(await statusOf(session, { ':authority': 'a.test:99999' }), 400);
	assert.equal(await statusOf(session, { ':authority': 'a.test', host: 'other.test' }), 400);
	assert.equal(await statusOf(session), 200);
});

test('a stream is reset with INTERNAL_ERROR when its source fails, and with CANCEL when the app drops it', async (t) => {
	const app: App = (request) => {
		if (raw(request).target === '/drop') throw new Abort();
		const source = {
			length: null,
			start: (sink: { write(chunk: Uint8Array): boolean; fail(error: Error): void }) => {
				sink.write(Buffer.from('half'));
				setImmediate(() => sink.fail(new Error('broken')));
			},
			resume: () => {},
			cancel: () => {},
		};
		return respond(200, {}, source);
	};
	const listener = await serving(t, app);
	const session = dial(t, listener);
	for (const [path, code] of [
		['/', 2],
		['/drop', 8],
	] as const) {
		const stream = session.request({ ':path': path });
		stream.on('error', () => {});
		stream.resume();
		await new Promise((resolve) => stream.once('close', resolve));
		assert.equal(stream.rstCode, code);
	}
});

test('options that are none are refused with their name', () => {
	assert.throws(() => http2({ limits: { streams: 1 } as never }), /limits\.streams: no such option/);
	assert.throws(() => http2({ limits: { resetBurst: -1 } }), /limits\.resetBurst: not a number from 0 up/);
	assert.throws(() => http2({ limits: { streamWindow: 0 } }), /limits\.streamWindow/);
	assert.throws(() => http2({ http1: 1 as never }), /http1: neither true nor false/);
});

test('the rest of a small request that nobody reads is dropped, and a large one is reset without an error', async (t) => {
	const listener = await serving(t, hello);
	const session = dial(t, listener);
	for (const [bytes, whole] of [
		[50_000, true],
		[2_000_000, false],
	] as const) {
		const stream = session.request({ ':path': '/', ':method': 'POST' });
		stream.on('error', () => {});
		stream.resume();
		await once(stream, 'response');
		const before = session.socket.bytesWritten;
		stream.end(new Uint8Array(bytes));
		await new Promise((resolve) => stream.once('close', resolve));
		assert.equal(stream.rstCode, 0);
		// Node 24 closes the stream before the last of it has left.
		const sent = (): boolean => session.socket.bytesWritten - before >= bytes;
		if (whole) await until(sent, 'all of it is sent');
		else assert.equal(sent(), false);
	}
	await until(() => listener.statistics().active === 0, 'both exchanges over');
});

test('streams that the app drops are not held against the client', async (t) => {
	const app: App = (request) => {
		if (raw(request).target === '/drop') throw new Abort();
		return respond(200, {}, 'hello');
	};
	const listener = await serving(t, app, { limits: { resetBurst: 5, resetRate: 0 } });
	const session = dial(t, listener);
	for (let i = 0; i < 20; i++) {
		const stream = session.request({ ':path': '/drop' });
		stream.on('error', () => {});
		stream.resume();
		await new Promise((resolve) => stream.once('close', resolve));
	}
	assert.equal(await statusOf(session), 200);
});
