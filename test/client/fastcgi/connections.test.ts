/** Connections to an application: kept, given up, dialled again; who leaves, who stalls, and what the other side hears of it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, derive, raw } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { stdout } from '../../protocol/fastcgi/recorder.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { rawServer } from '../../support/raw-server.ts';
import { pause, until } from '../../support/until.ts';
import { bodyOf, deadEnd, errorOf } from '../asking.ts';
import { app, page, type Responder, records, responder } from './responder.ts';

const never = () => new Promise<string>(() => {});

/** Whether ABORT_REQUEST is the last that came on a connection. */
async function aborted({ server }: Responder, index = 0): Promise<boolean> {
	const peer = await server.peer(index);
	await peer.closed();
	return records(peer.received).at(-1)?.type === 2;
}

test('connections are kept and used again; with no idle ones allowed each request has its own', async (t) => {
	const php = await responder(t, ({ keep }) => page(String(keep)));
	const kept = app(t, php);
	for (let i = 0; i < 5; i++) assert.equal(await (await ask(kept, '/')).text(), 'true');
	assert.deepEqual(kept.statistics(), {
		connections: 1,
		idle: 1,
		queued: 0,
		requests: 5,
		dialled: 1,
		retried: 0,
		failed: 0,
	});
	const fresh = app(t, php, { pool: { idle: 0 } });
	for (let i = 0; i < 3; i++) assert.equal(await (await ask(fresh, '/')).text(), 'false');
	assert.equal(fresh.statistics().dialled, 3);
	await until(() => fresh.statistics().connections === 0, 'no connection');
});

test('an idle connection is closed by us after a while, and at once when the app is closed', async (t) => {
	const php = await responder(t, () => page('fine'));
	const short = app(t, php, { timeouts: { keepAlive: 50 } });
	await ask(short, '/');
	await (await php.server.peer(0)).closed();
	const long = app(t, php);
	await ask(long, '/');
	await long.close();
	await (await php.server.peer(1)).closed();
	assert.equal(errorOf(await ask(long, '/')).type, 'destination_unavailable');
});

/** An application with one child: it accepts a connection and serves it until that is closed. */
function oneChild(t: TestContext): Promise<Responder> {
	const waiting: (() => void)[] = [];
	const accepted = new Set<RawPeer>();
	let busy = false;
	return responder(t, async (_asked, peer) => {
		if (!accepted.has(peer)) {
			if (busy) await new Promise<void>((resolve) => waiting.push(resolve));
			busy = true;
			accepted.add(peer);
			peer.socket.on('close', () => {
				busy = false;
				waiting.shift()?.();
			});
		}
		await pause(2);
		return page('fine');
	});
}

test('a request waits at the socket of a child that is kept: idle connections are given up', async (t) => {
	const one = app(t, await oneChild(t), { timeouts: { keepAlive: 0 } });
	const answers = await Promise.all(Array.from({ length: 4 }, () => ask(one, '/').then((answer) => answer.text())));
	assert.deepEqual(answers, ['fine', 'fine', 'fine', 'fine']);
});

test('and busy ones, as soon as their request is done', async (t) => {
	const one = app(t, await oneChild(t), { timeouts: { keepAlive: 0 } });
	const state = { waiting: true };
	const busy = async () => {
		while (state.waiting) await (await ask(one, '/')).text();
	};
	const first = busy();
	await until(() => one.statistics().requests > 1, 'a child that is busy');
	const answer = await ask(one, '/');
	assert.equal(await answer.text(), 'fine');
	state.waiting = false;
	await first;
});

test('many at once keep their connections from one request to the next', async (t) => {
	const php = await responder(t, () => page('fine'));
	const one = app(t, php);
	const visitor = async () => {
		for (let i = 0; i < 25; i++) assert.equal(await (await ask(one, '/')).text(), 'fine');
	};
	await Promise.all(Array.from({ length: 8 }, visitor));
	const { requests, dialled } = one.statistics();
	assert.equal(requests, 200);
	assert.ok(dialled <= 40, `${dialled} connections for 8 visitors`);
});

const retries: [what: string, request: object, times: number][] = [
	['a GET', {}, 2],
	['a DELETE', { method: 'DELETE' }, 2],
	['a PUT whose body was kept in memory', { method: 'PUT', body: fromIterable(['a', 'b']) }, 2],
	['a POST', { method: 'POST', body: 'x' }, 1],
	['a PATCH', { method: 'PATCH', body: 'x' }, 1],
];

for (const [what, request, times] of retries) {
	test(`${what} on a kept connection that dies: seen ${times === 2 ? 'twice' : 'once'}`, async (t) => {
		const php = await responder(t, ({ params }, peer, index) => {
			if (index > 0 || params.QUERY_STRING === 'first') return page('fine');
			peer.reset();
			return undefined;
		});
		const one = app(t, php);
		await ask(one, '/?first');
		const answer = await ask(one, { ...request, target: '/' });
		if (times === 2) assert.equal(await answer.text(), 'fine');
		else assert.equal(errorOf(answer).type, 'connection_terminated');
		assert.equal(php.asked.length, 1 + times);
		assert.equal(one.statistics().retried, times - 1);
	});
}

test('a first connection that dies is not tried again, nor one that has answered something', async (t) => {
	const php = await responder(t, ({ params }, peer) => {
		if (params.QUERY_STRING === 'first') return page('fine');
		if (params.QUERY_STRING === 'half') peer.send(stdout('A: '));
		peer.finish();
		return undefined;
	});
	const one = app(t, php);
	assert.equal(errorOf(await ask(one, '/')).type, 'connection_terminated');
	await ask(one, '/?first');
	assert.equal(errorOf(await ask(one, '/?half')).type, 'http_response_incomplete');
	assert.equal(php.asked.length, 3);
});

test('nobody listens: connection_refused, 502', async (t) => {
	const address = (await deadEnd(t)).replace('http://', '');
	const answer = await ask(app(t, { address }), '/');
	assert.deepEqual([errorOf(answer).type, answer.status, errorOf(answer).retryable], ['connection_refused', 502, true]);
	const socket = await ask(app(t, { address: 'unix:/nowhere/php.sock' }), '/');
	assert.equal(errorOf(socket).type, 'connection_refused');
});

test('no answer in time: http_response_timeout, 504, and the application is told to stop', async (t) => {
	const php = await responder(t, never);
	const answer = await ask(app(t, php, { timeouts: { firstByte: 100 } }), '/');
	assert.deepEqual([errorOf(answer).type, answer.status], ['http_response_timeout', 504]);
	assert.ok(await aborted(php));
});

test('an answer that stalls: connection_read_timeout; one that takes too long in all: cut short, too', async (t) => {
	const php = await responder(t, (_asked, peer) => void peer.send(stdout('\nhalf')));
	assert.equal(await bodyOf(await ask(app(t, php, { timeouts: { idle: 100 } }), '/')), '!connection_read_timeout');
	assert.equal(await bodyOf(await ask(app(t, php, { timeouts: { total: 100 } }), '/')), '!connection_read_timeout');
	assert.ok(await aborted(php, 1));
});

test('an application that takes no body stalls in time', async (t) => {
	const server = await rawServer(t, (peer) => void peer.pause());
	const one = app(t, { address: `127.0.0.1:${server.port}` }, { timeouts: { firstByte: 200 } });
	const answer = await ask(one, { method: 'POST', body: new Uint8Array(30_000_000) });
	assert.equal(errorOf(answer).type, 'http_response_timeout');
	await until(() => one.statistics().connections === 0, 'no connection');
});

test('the client leaves: the application is told, before and in the middle of its answer', async (t) => {
	const php = await responder(
		t,
		({ params }, peer) => void (params.QUERY_STRING === 'half' && peer.send(stdout('\nhalf'))),
	);
	const one = app(t, php);
	const early = exchange(one, '/');
	await until(() => php.asked.length === 1, 'the request');
	early.abort();
	assert.ok(await aborted(php, 0));
	const late = exchange(one, '/?half');
	await (await late.answer).chunks().next();
	late.abort();
	assert.ok(await aborted(php, 1));
	await until(() => one.statistics().connections === 0, 'no connection');
	assert.equal(one.statistics().failed, 0, 'which is no failure of the application');
});

test('the client leaves in the middle of its upload: the body is never ended', async (t) => {
	const php = await responder(t, () => page('fine'));
	const endless = async function* () {
		yield 'some';
		await never();
	};
	const one = app(t, php, { requestBody: { whole: false } });
	const streamed: App = (request, context) => {
		const { payload } = raw(request);
		if (payload === null) throw new Error('No body');
		const known = {
			length: 100,
			start: payload.start.bind(payload),
			resume: payload.resume.bind(payload),
			cancel: payload.cancel.bind(payload),
		};
		return one(derive(raw(request), { payload: known }), context);
	};
	const going = exchange(streamed, { method: 'POST', body: endless() });
	const peer = await php.server.peer();
	await peer.when(() => peer.received.includes('some'), 'the first piece');
	going.abort();
	assert.ok(await aborted(php));
	assert.equal(php.asked.length, 0, 'never a whole request');
	const measured = exchange(one, { method: 'POST', body: endless() });
	measured.abort();
	await measured.answer.catch(() => {});
	assert.equal(one.statistics().requests, 1, 'what was not measured is not asked');
});

test('a body that is shorter or longer than it said: nothing that looks complete', async (t) => {
	const php = await responder(t, () => page('fine'));
	const one = app(t, php, { requestBody: { whole: false } });
	for (const length of [3, 5]) {
		const lying: App = (request, context) => {
			const { payload } = raw(request);
			if (payload === null) throw new Error('No body');
			const source = {
				length,
				start: payload.start.bind(payload),
				resume: payload.resume.bind(payload),
				cancel: payload.cancel.bind(payload),
			};
			return one(derive(raw(request), { payload: source }), context);
		};
		const answer = await ask(lying, { method: 'POST', body: fromIterable(['fo', 'ur']) });
		assert.equal(errorOf(answer).type, 'http_request_error');
	}
	assert.equal(php.asked.length, 0);
});

test('an answer before the body was sent: passed on, and the connection is not used again', async (t) => {
	const server = await rawServer(t, async (peer) => {
		await peer.when(() => peer.received.length > 0, 'a request');
		peer.send(page('early'));
	});
	const one = app(t, { address: `127.0.0.1:${server.port}` });
	const answer = await ask(one, { method: 'POST', body: new Uint8Array(30_000_000) });
	assert.equal(await answer.text(), 'early');
	await until(() => one.statistics().connections === 0, 'no connection');
});

test('more requests than connections wait for their turn, up to a number and a time', async (t) => {
	let free = () => {};
	const held = new Promise<void>((resolve) => (free = resolve));
	const php = await responder(t, async () => {
		await held;
		return page('fine');
	});
	const one = app(t, php, { pool: { connections: 1, queue: 1, queueTimeout: 0 } });
	const [first, second] = [ask(one, '/'), ask(one, '/')];
	const third = await ask(one, '/');
	assert.deepEqual([errorOf(third).type, third.status], ['connection_limit_reached', 503]);
	free();
	assert.equal(await (await first).text(), 'fine');
	assert.equal(await (await second).text(), 'fine');
	const impatient = app(t, await responder(t, never), { pool: { connections: 1, queueTimeout: 50 } });
	void ask(impatient, '/');
	assert.equal(errorOf(await ask(impatient, '/')).type, 'connection_limit_reached');
});

test('an answer that nobody reads does not hold its connection', async (t) => {
	const php = await responder(t, (_asked, peer) => void peer.send(stdout(`\n${'x'.repeat(40_000)}`)));
	const one = app(t, php);
	const dropping: App = async (request, context) => {
		await one(request, context);
		return new Response('else');
	};
	assert.equal(await (await ask(dropping, '/')).text(), 'else');
	await until(() => one.statistics().connections === 0, 'no connection');
});
