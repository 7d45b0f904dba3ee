/** Requests whose connection breaks off before anybody could answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import { http2 } from '../../../src/engine/h2/index.ts';
import { server as certificate } from '../../support/certificates.ts';
import { listen, portOf } from '../../support/engines.ts';
import { ask, frame, framesOf, PREFACE, SETTINGS_ACK, settings, types, u32 } from '../../support/h2-frames.ts';
import { connect, connectSecurely } from '../../support/raw-client.ts';
import { watchStray } from '../../support/stray.ts';
import { pause, until } from '../../support/until.ts';

const endings: Readonly<Record<string, string>> = {
	'a window of nothing': frame(types.WINDOW_UPDATE, 0, 1, u32(0)),
	'settings that belong to a stream': frame(types.SETTINGS, 0, 1),
	'a reset': frame(types.RST_STREAM, 0, 1, u32(8)),
	'a goodbye with an error': frame(types.GOAWAY, 0, 0, u32(0) + u32(1)),
};
const apps: Readonly<Record<string, App>> = {
	'answers at once': () => respond(200, {}, 'hello'),
	'answers a turn later': async () => respond(200, {}, 'hello'),
	throws: () => {
		throw new Error('the app is broken');
	},
};

for (const [ending, bytes] of Object.entries(endings)) {
	for (const [way, app] of Object.entries(apps)) {
		test(`${ending} right behind a request to an app that ${way}`, async (t) => {
			const assertNoneStray = watchStray(t);
			const listener = await listen(t, app, { log: () => {} }, undefined, http2);
			const peer = await connect(t, portOf(listener));
			peer.send(PREFACE + settings() + ask(1) + bytes);
			await until(() => listener.statistics().requests === 1, 'the request');
			await until(() => listener.statistics().active === 0, 'the exchange over');
			peer.destroy();
			await until(() => listener.statistics().connections === 0, 'the connection gone');
			assertNoneStray();
			assert.equal(listener.statistics().requests, 1);
		});
	}
}

const never: App = () => new Promise(() => {});

for (const secure of [false, true]) {
	for (const [what, target, method, ends] of [
		['waits for an answer', '/never', 'GET', true],
		['was answered', '/', 'GET', true],
		['has half of its body', '/read', 'POST', false],
	] as const) {
		test(`a client that closes its connection${secure ? ' by TLS' : ''} while a request ${what} has left`, async (t) => {
			const told: unknown[] = [];
			const app: App = (request, context) => {
				context.onClosed({ exchangeClosed: (reason) => told.push(reason) });
				if (request.url.endsWith('/never')) return never(request, context);
				return request.method === 'POST'
					? request.text().then((text) => respond(200, {}, text))
					: respond(200, {}, 'hello');
			};
			const where = { host: '127.0.0.1', port: 0, ...(secure ? { tls: certificate } : {}) };
			const listener = await listen(t, app, { log: () => {} }, where, http2);
			const options = { ALPNProtocols: ['h2'], rejectUnauthorized: false };
			const peer = secure ? await connectSecurely(t, portOf(listener), options) : await connect(t, portOf(listener));
			peer.send(PREFACE + settings() + ask(1, method, target, ends));
			await until(() => listener.statistics().requests === 1, 'the request');
			if (target === '/')
				await peer.when(() => framesOf(peer.received).some(({ type }) => type === types.DATA), 'the answer');
			peer.finish();
			await until(() => listener.statistics().active === 0, 'the exchange over');
			await peer.closed();
			peer.destroy();
			await until(() => listener.statistics().connections === 0, 'the connection gone');
			assert.equal(told.length, target === '/' ? 0 : 1);
		});
	}
}

test('a client that says goodbye and stays, whatever it sends behind it, is let go', async (t) => {
	const assertNoneStray = watchStray(t);
	const app: App = (request) =>
		request.method === 'POST' ? request.text().then((text) => respond(200, {}, text)) : respond(200);
	const timeouts = { bodyIdle: 200, keepAlive: 200, write: 200 };
	const listener = await listen(t, app, { log: () => {}, timeouts }, undefined, http2);
	const goodbye = frame(types.GOAWAY, 0, 0, u32(0) + u32(0));
	const behind = ['', frame(types.CONTINUATION, 0, 1), frame(types.DATA, 9, 7, 'padding'), '\xff'.repeat(30)];
	const peers = [];
	for (const ends of [true, false]) {
		for (const bytes of behind) {
			const peer = await connect(t, portOf(listener));
			peers.push(peer.send(PREFACE + settings() + ask(1, ends ? 'GET' : 'POST', '/', ends) + goodbye + bytes));
			peers.push((await connect(t, portOf(listener))).send(PREFACE + settings() + goodbye + bytes));
		}
	}
	await until(() => listener.statistics().accepted === peers.length, 'all connections');
	await until(() => listener.statistics().connections === 0, 'all connections gone', 10_000);
	assert.equal(listener.statistics().active, 0);
	assertNoneStray();
});

test('a client that breaks a rule behind its goodbye while it waits for an answer is let go, and the app told', async (t) => {
	const told: unknown[] = [];
	const app: App = (request, context) => {
		context.onClosed({ exchangeClosed: (reason) => told.push(reason) });
		return never(request, context);
	};
	const listener = await listen(t, app, { log: () => {}, timeouts: { keepAlive: 200 } }, undefined, http2);
	const goodbye = frame(types.GOAWAY, 0, 0, u32(0) + u32(0));
	const behind = [frame(types.CONTINUATION, 0, 1), frame(types.DATA, 9, 7, 'padding'), '\xff'.repeat(30), ''];
	for (const bytes of behind)
		(await connect(t, portOf(listener))).send(PREFACE + settings() + ask(1) + goodbye + bytes);
	// One that neither says anything wrong nor acknowledges SETTINGS cannot be told from those.
	await until(() => listener.statistics().requests === behind.length, 'all requests');
	await until(() => listener.statistics().connections === 0, 'all connections gone');
	assert.equal(listener.statistics().active, 0);
	assert.equal(told.length, behind.length);
});

test('a client that has said goodbye and still acknowledges SETTINGS waits for its answer as long as it takes', async (t) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const app: App = async () => {
		await promise;
		return respond(200, {}, 'late');
	};
	const listener = await listen(t, app, { log: () => {}, timeouts: { keepAlive: 100 } }, undefined, http2);
	const peer = await connect(t, portOf(listener));
	peer.send(PREFACE + settings() + ask(1) + frame(types.GOAWAY, 0, 0, u32(0) + u32(0)));
	let seen = 1;
	const asked = () => framesOf(peer.received).filter(({ type, flag }) => type === types.SETTINGS && flag === 0);
	peer.send(SETTINGS_ACK);
	for (let rounds = 0; rounds < 3; rounds++) {
		await peer.when(() => asked().length > seen, 'SETTINGS');
		for (; seen < asked().length; seen++) peer.send(SETTINGS_ACK);
	}
	resolve();
	await peer.when(() => framesOf(peer.received).some(({ payload }) => payload === 'late'), 'the answer');
});

test('a beginning that may become HTTP/2 is waited for, and its end is seen', async (t) => {
	const listener = await listen(t, () => respond(200, {}, 'hello'), { log: () => {} }, undefined, http2);
	const peer = (await connect(t, portOf(listener))).send('P');
	await pause(30);
	peer.send('UT / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal((await peer.message()).body, 'hello');
	peer.finish();
	const silent = (await connect(t, portOf(listener))).send(PREFACE.slice(0, 20));
	await until(() => listener.statistics().accepted === 2, 'the connection');
	silent.finish();
	await silent.closed();
	await until(() => listener.statistics().connections === 0, 'both connections gone');
});
