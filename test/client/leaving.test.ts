/** Clients that leave, bodies that break, and responses that nobody reads: the upstream hears of it, nothing stays behind. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { collectText, fromIterable, type Sink, type Source } from '../../src/bytes/index.ts';
import type { Upstream } from '../../src/client/index.ts';
import { type App, Disconnected, rawResponse, respond } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { ok, origin as originOf, type RawServer, rawServer } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';
import { bodyOf, to } from './asking.ts';

const never = () => new Promise<string>(() => {});

async function gone(app: Upstream, origin: RawServer): Promise<void> {
	await (await origin.peer()).closed(2_000);
	await until(() => app.statistics().connections === 0, 'no connection');
}

test('while it waits for the answer', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin);
	const one = exchange(app, '/');
	await until(() => origin.requests.length === 1, 'the request at the origin');
	one.abort();
	await gone(app, origin);
	assert.equal(app.statistics().failed, 0, 'which is no failure of the upstream');
});

test('before the connection stands: nothing is sent', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin);
	const one = exchange(app, '/');
	one.abort();
	await until(() => app.statistics().idle === 1, 'the connection, idle');
	await pause(20);
	assert.equal(origin.received, '');
});

test('before it was asked at all: nothing is done', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin);
	const late: App = async (request, context) => {
		await new Promise((resolve) => context.closed.addEventListener('abort', resolve));
		return app(request, context);
	};
	const one = exchange(late, '/');
	one.abort();
	await one.context.finished;
	await pause(20);
	assert.equal(app.statistics().dialled, 0);
	assert.equal(app.statistics().requests, 0);
});

test('in the middle of the response', async (t) => {
	const origin = await originOf(t, (_r, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
	const app = to(t, origin);
	const one = exchange(app, '/');
	const pieces = (await one.answer).chunks();
	await pieces.next();
	one.abort();
	await gone(app, origin);
});

test('in the middle of the upload: what went out does not look complete', async (t) => {
	const origin = await rawServer(t);
	const app = to(t, origin);
	const pieces = async function* () {
		yield 'some';
		await new Promise(() => {});
	};
	const one = exchange(app, { body: fromIterable(pieces()) });
	const peer = await origin.peer();
	await peer.read('some\r\n');
	one.abort();
	assert.equal(await peer.closed(2_000), 'reset');
	assert.equal(peer.unread, '', 'no last chunk');
});

test('whoever reads the response in its stead is told', async (t) => {
	const origin = await originOf(t, (_r, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
	const upstreamApp = to(t, origin);
	let reading: Promise<string> | undefined;
	const collecting: App = async (request, context) => {
		const response = rawResponse(await upstreamApp(request, context));
		reading = collectText(response.payload as Source);
		return respond(200, null, await reading);
	};
	const one = exchange(collecting, '/');
	await until(() => reading !== undefined, 'the reader');
	await pause(20);
	one.abort();
	await assert.rejects(reading as Promise<string>, Disconnected);
	await gone(upstreamApp, origin);
});

/** Delivers some bytes, then fails. */
function broken(length: number | null): Source {
	return {
		length,
		start(sink: Sink) {
			sink.write(Buffer.from('half'));
			setTimeout(() => sink.fail(new Error('the body broke')), 20);
		},
		resume() {},
		cancel() {},
	};
}

for (const length of [null, 8]) {
	test(`a request body that breaks never looks complete (length ${length})`, async (t) => {
		const origin = await rawServer(t);
		const app = to(t, origin);
		const answer = await ask(app, { body: broken(length) });
		assert.match(String((answer.error as Error | undefined)?.message), /the body broke|CUT|cut/i);
		const peer = await origin.peer();
		assert.equal(await peer.closed(2_000), 'reset');
		assert.doesNotMatch(peer.received, /0\r\n\r\n$/);
		await gone(app, origin);
	});
}

for (const [delivered, what] of [
	['short', 'shorter'],
	['far too long', 'longer'],
] as const) {
	test(`a request body that is ${what} than it said is never sent as complete`, async (t) => {
		const origin = await rawServer(t);
		const upstreamApp = to(t, origin);
		const lying: Source = {
			length: 8,
			start(sink: Sink) {
				sink.write(Buffer.from(delivered));
				sink.end();
			},
			resume() {},
			cancel() {},
		};
		const answer = await ask(upstreamApp, { body: lying });
		assert.ok(answer.status >= 400, `status ${answer.status}`);
		const peer = await origin.peer();
		assert.equal(await peer.closed(2_000), 'reset');
		const [, body = ''] = peer.received.split('\r\n\r\n');
		assert.ok(body.length < 8, `not ${JSON.stringify(body)}`);
	});
}

test('an upload that breaks behind the head of the response cuts the response, too', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
	});
	const front = await listen(t, to(t, origin), { log: () => {} });
	const client = await connect(t, portOf(front));
	client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n');
	await client.read('half');
	client.send('nonsense\r\n');
	await client.closed(3_000);
	assert.doesNotMatch(client.received, /0\r\n\r\n$/);
	await (await origin.peer()).closed(2_000);
});

test('a response that nobody reads gives its connection back when the exchange is over', async (t) => {
	const origin = await originOf(
		t,
		(_r, peer) => void peer.send('HTTP/1.1 404 Not Found\r\nContent-Length: 99999\r\n\r\nsome'),
	);
	const upstreamApp = to(t, origin);
	const replacing: App = async (request, context) => {
		await upstreamApp(request, context);
		return respond(404, null, 'nothing here');
	};
	const answer = await ask(replacing, '/');
	assert.equal(await answer.text(), 'nothing here');
	await gone(upstreamApp, origin);
});

test('the same through an engine, whose own connection is kept', async (t) => {
	const origin = await originOf(
		t,
		(_r, peer) => void peer.send('HTTP/1.1 404 Not Found\r\nContent-Length: 99999\r\n\r\nsome'),
	);
	const upstreamApp = to(t, origin);
	const front = await listen(t, async (request, context) => {
		await upstreamApp(request, context);
		return respond(404, null, 'nothing here');
	});
	const client = await connect(t, portOf(front));
	for (let i = 0; i < 3; i++) {
		assert.equal((await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message()).body, 'nothing here');
	}
	await until(() => upstreamApp.statistics().connections === 0, 'no connection');
});

test('a response that is cancelled gives its connection up', async (t) => {
	const origin = await originOf(
		t,
		(_r, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nsome'),
	);
	const app = to(t, origin);
	const answer = await ask(app, '/');
	answer.payload?.cancel();
	await gone(app, origin);
});

/** What crosses a tunnel, in both directions, with early bytes and half-closes. */
async function chatting(t: TestContext) {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\nearly');
	});
	const app = to(t, origin);
	const one = exchange(app, { fields: { Connection: 'upgrade', Upgrade: 'chat' } });
	const { tunnel } = await one.answer;
	assert.ok(tunnel);
	return { origin, app, one, tunnel, peer: await origin.peer() };
}

test('a tunnel carries early bytes and each direction ends on its own', async (t) => {
	const { tunnel, peer, app } = await chatting(t);
	const heard = collectText(tunnel.readable);
	tunnel.writable.write(Buffer.from('ping'));
	tunnel.writable.end();
	await peer.read('ping');
	await peer.when(() => peer.ended, 'our half closed');
	peer.send(', then late').finish();
	assert.equal(await heard, 'early, then late');
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('a tunnel whose client leaves is closed upstream', async (t) => {
	const { one, peer, app } = await chatting(t);
	one.abort();
	await peer.closed(2_000);
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('a tunnel whose upstream is lost says so', async (t) => {
	const { tunnel, peer } = await chatting(t);
	const heard = collectText(tunnel.readable);
	await pause(20);
	peer.reset();
	await assert.rejects(heard);
});

test('an upstream that switches to what was not offered: http_upgrade_failed', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n');
	});
	const answer = await ask(to(t, origin), { fields: { Connection: 'upgrade', Upgrade: 'chat' } });
	assert.equal((answer.error as { type?: string }).type, 'http_upgrade_failed');
});

test('an answer is read to its end although the upload was not finished', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send(ok('no more, please'));
	});
	const app = to(t, origin);
	const pieces = async function* () {
		yield 'some';
		await new Promise(() => {});
	};
	const answer = await ask(app, { body: fromIterable(pieces()) });
	assert.equal(await bodyOf(answer), 'no more, please');
	await until(() => app.statistics().connections === 0, 'the connection is not kept');
});
