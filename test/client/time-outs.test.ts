/** How long an upstream is waited for, each wait with its error type; and who is not held responsible. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../src/bytes/index.ts';
import { type App, deadline } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { ok, origin as originOf, rawServer } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';
import { bodyOf, errorOf, to, told } from './asking.ts';

const never = () => new Promise<string>(() => {});

test('no answer in time: http_response_timeout, 504, and the connection is given up', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin, { timeouts: { firstByte: 100 } });
	const answer = await ask(app, '/');
	assert.equal(errorOf(answer).type, 'http_response_timeout');
	assert.equal(answer.status, 504);
	await (await origin.peer()).closed(2_000);
	await until(() => app.statistics().connections === 0, 'no connection');
	assert.equal(app.statistics().failed, 1);
});

test('interim responses do not lengthen the wait for the final one', async (t) => {
	const origin = await originOf(t, async (_request, peer) => {
		while (!peer.over) {
			peer.send('HTTP/1.1 102 Processing\r\n\r\n');
			await pause(40);
		}
	});
	assert.equal(await told(to(t, origin, { timeouts: { firstByte: 150 } })), '!http_response_timeout');
});

test('an answer that stalls in its head: http_response_timeout', async (t) => {
	const origin = await originOf(t, (_request, peer) => void peer.send('HTTP/1.1 200 OK\r\nX-Half: '));
	assert.equal(await told(to(t, origin, { timeouts: { firstByte: 100 } })), '!http_response_timeout');
});

test('a body that stalls is cut short: connection_read_timeout', async (t) => {
	const origin = await originOf(t, (_r, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
	const app = to(t, origin, { timeouts: { idle: 100 } });
	const answer = await ask(app, '/');
	assert.equal(answer.status, 200);
	assert.equal(await bodyOf(answer), '!connection_read_timeout');
	await (await origin.peer()).closed(2_000);
	assert.equal(app.statistics().failed, 1, 'a response that was cut short counts');
});

test('a body that keeps coming may take longer than the idle time', async (t) => {
	const origin = await originOf(t, async (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n');
		for (let i = 0; i < 8; i++) {
			await pause(50);
			peer.send(String(i));
		}
	});
	assert.equal(await told(to(t, origin, { timeouts: { idle: 250 } })), '01234567');
});

test('a client that does not read is not the upstream’s fault', async (t) => {
	const body = 'x'.repeat(400_000);
	const origin = await originOf(t, () => ok(body));
	const app = to(t, origin, { timeouts: { idle: 100, firstByte: 100 } });
	const answer = await ask(app, { window: 1_000 });
	const pieces = answer.chunks();
	let length = (await pieces.next()).value?.length ?? 0;
	await pause(400);
	for await (const piece of pieces) length += piece.length;
	assert.equal(length, body.length);
});

test('the total time ends an exchange whose client does not read', async (t) => {
	const origin = await originOf(t, () => ok('x'.repeat(400_000)));
	const app = to(t, origin, { timeouts: { total: 200 } });
	const answer = await ask(app, { window: 1_000 });
	const pieces = answer.chunks();
	await pieces.next();
	await (await origin.peer()).closed(3_000);
	await assert.rejects(async () => {
		for await (const piece of pieces) void piece;
	});
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('the total time ends a body that keeps coming', async (t) => {
	const origin = await originOf(t, async (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
		while (!peer.over) {
			peer.send('x');
			await pause(20);
		}
	});
	const answer = await ask(to(t, origin, { timeouts: { total: 200, idle: 5_000 } }), '/');
	assert.equal(await bodyOf(answer), '!connection_read_timeout');
});

test('the total time counts the wait in the queue', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin, { pool: { connections: 1 }, timeouts: { total: 300, firstByte: 0 } });
	const first = told(app, '/1');
	await until(() => origin.requests.length === 1, 'the first request at the origin');
	await pause(150);
	const began = performance.now();
	assert.equal(await told(app, '/2'), '!http_response_timeout', 'it got the connection when the first gave it up');
	assert.ok(performance.now() - began < 1_500, 'not the whole queue time');
	assert.equal(await first, '!http_response_timeout');
});

test('the total time covers the second attempt, too', async (t) => {
	const origin = await originOf(t, async (request, peer, index) => {
		if (request.target === '/first') return ok('fine');
		if (index === 0) {
			await pause(250);
			peer.reset();
		}
		return never();
	});
	const app = to(t, origin, { timeouts: { total: 400 } });
	await told(app, '/first');
	const began = performance.now();
	assert.equal(await told(app, '/second'), '!http_response_timeout');
	const took = performance.now() - began;
	assert.equal(origin.requests.length, 3);
	assert.ok(took < 640, `it took ${took} ms, which is no more than the total and a few ticks`);
});

test('an upload may take longer than the wait for the answer', async (t) => {
	const origin = await originOf(t, (request) => ok(request.body));
	const app = to(t, origin, { timeouts: { firstByte: 150 } });
	const pieces = async function* () {
		for (let i = 0; i < 8; i++) {
			await pause(60);
			yield String(i);
		}
	};
	assert.equal(await told(app, { body: fromIterable(pieces()) }), '01234567');
});

test('a client that pauses in its upload is not the upstream’s fault', async (t) => {
	const origin = await originOf(t, (request) => ok(request.body));
	const app = to(t, origin, { timeouts: { firstByte: 100 } });
	const pieces = async function* () {
		yield 'before, ';
		await pause(400);
		yield 'after';
	};
	assert.equal(await told(app, { body: fromIterable(pieces()) }), 'before, after');
});

test('behind an upload the answer is waited for as long as behind any other request', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin, { timeouts: { firstByte: 100 } });
	assert.equal(await told(app, { body: fromIterable(['one', 'two']) }), '!http_response_timeout');
});

test('an upstream that takes no more of an upload: http_response_timeout', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.pause();
	});
	const app = to(t, origin, { timeouts: { firstByte: 250 } });
	const block = new Uint8Array(65_536);
	const endless = function* () {
		for (;;) yield block;
	};
	assert.equal(await told(app, { body: fromIterable(endless()) }), '!http_response_timeout');
});

test('100 Continue is waited for, and the body goes out with it', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		const head = await peer.head();
		assert.match(head.startLine, /^POST/);
		await pause(60);
		const early = peer.unread;
		peer.send('HTTP/1.1 100 Continue\r\n\r\n');
		peer.send(ok(`${early}|${await peer.read('body')}`));
	});
	const app = to(t, origin, { timeouts: { continue: 5_000 } });
	assert.equal(await told(app, { fields: { Expect: '100-continue' }, body: fromIterable(['body']) }), '|4\r\nbody');
});

test('without 100 Continue the body goes out after a while', async (t) => {
	const origin = await originOf(t, (request) => ok(request.body));
	const app = to(t, origin, { timeouts: { continue: 100 } });
	assert.equal(await told(app, { fields: { Expect: '100-continue' }, body: fromIterable(['body']) }), 'body');
});

test('with no limit on that wait, the wait for the answer is the limit', async (t) => {
	const origin = await rawServer(t);
	const app = to(t, origin, { timeouts: { continue: 0, firstByte: 150 } });
	const request = { fields: { Expect: '100-continue' }, body: fromIterable(['body']) };
	assert.equal(await told(app, request), '!http_response_timeout');
	assert.doesNotMatch(origin.received, /body/, 'which was never sent');
});

test('a refusal in place of 100 Continue spares the body', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n');
	});
	const app = to(t, origin, { timeouts: { continue: 200 } });
	const answer = await ask(app, { fields: { Expect: '100-continue' }, body: fromIterable(['body']) });
	assert.equal(answer.status, 413);
	await pause(300);
	assert.doesNotMatch(origin.received, /body/);
	assert.equal(app.statistics().idle, 0, 'the request was not sent in full');
});

test('time-outs that are off never end anything', async (t) => {
	const origin = await originOf(t, async () => {
		await pause(300);
		return ok('late');
	});
	const app = to(t, origin, { timeouts: { connect: 0, firstByte: 0, idle: 0, total: 0, keepAlive: 0, continue: 0 } });
	assert.equal(await told(app), 'late');
	assert.equal(app.statistics().idle, 1);
});

test('a tunnel in which nothing moves is closed', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n');
	});
	const app = to(t, origin, { timeouts: { tunnelIdle: 150 } });
	const one = exchange(app, { fields: { Connection: 'upgrade', Upgrade: 'chat' } });
	assert.equal((await one.answer).status, 101);
	await (await origin.peer()).closed(3_000);
	await until(() => app.statistics().connections === 0, 'no connection');
});

/** The app, asked by one who has only so many milliseconds. */
const hurried =
	(app: App, left: number): App =>
	(request, context) => {
		context.set(deadline, performance.now() + left);
		return app(request, context);
	};

test('what is left of a deadline around is all there is for the head: http_response_timeout', async (t) => {
	const origin = await originOf(t, never);
	for (const left of [80, 0, -5_000]) {
		const app = to(t, origin);
		const answer = await ask(hurried(app, left), '/');
		assert.deepEqual([errorOf(answer).type, answer.status], ['http_response_timeout', 504]);
		await until(() => app.statistics().connections === 0, 'no connection');
	}
});

test('a deadline ends the wait for a connection, too', async (t) => {
	const origin = await originOf(t, never);
	const app = to(t, origin, { pool: { connections: 1 } });
	const first = exchange(app, '/');
	await until(() => origin.peers.length === 1, 'the first');
	assert.equal(errorOf(await ask(hurried(app, 80), '/')).type, 'connection_limit_reached');
	first.abort();
});

test('a deadline that is further than its own time-outs lengthens nothing', async (t) => {
	const origin = await originOf(t, never);
	for (const timeouts of [{ total: 80 }, { firstByte: 80 }]) {
		const answer = await ask(hurried(to(t, origin, { timeouts }), 3_600_000), '/');
		assert.equal(errorOf(answer).type, 'http_response_timeout');
	}
});

test('a deadline of the head leaves the body alone', async (t) => {
	const origin = await originOf(t, async (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf');
		await pause(450);
		peer.send('rest');
	});
	assert.equal(await bodyOf(await ask(hurried(to(t, origin), 200), '/')), 'halfrest');
});
