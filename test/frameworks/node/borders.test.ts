/** The other adapters: layers of connect middleware, upgraded sockets, and the way back into node's servers and fetch. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as ask1, createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect as connect2, createServer as createServer2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, HttpError, lint, type RawRequest, raw, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import {
	connectLayer,
	fetchEnvironment,
	fromNodeUpgrade,
	toFetch,
	toNode,
} from '../../../src/frameworks/node/index.ts';
import { listen } from '../../support/engines.ts';
import { until } from '../../support/until.ts';

async function serve(t: TestContext, listener: unknown): Promise<string> {
	const server = createServer(listener as RequestListener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const hello: App = (request) => respond(200, { 'X-Own': 'app', 'Set-Cookie': 'a=1' }, `hello ${raw(request).target}`);

test('a connect layer adds what it set, and does not override the app', async () => {
	const layer = connectLayer((request, response, next) => {
		response.setHeader('X-Layer', 'yes');
		response.setHeader('x-own', 'layer');
		response.setHeader('set-cookie', 'b=2');
		request.url = '/other';
		next();
	});
	const answer = await ask(lint(layer(lint(hello))), '/path');
	assert.deepEqual([...answer.fields].map(String), [
		'X-Own,app',
		'Set-Cookie,a=1',
		'content-type,text/plain;charset=UTF-8',
		'X-Layer,yes',
		'set-cookie,b=2',
	]);
	assert.equal(await answer.text(), 'hello /other');
});

test('a connect layer may answer by itself, later', async () => {
	const layer = connectLayer((_, response) => void setImmediate(() => response.writeHead(403).end('no')));
	const answer = await ask(lint(layer(() => assert.fail('not to be asked'))));
	assert.equal(answer.status, 403);
});

test('the response of a connect layer finishes when the answer is out', async () => {
	let status = 0;
	const layer = connectLayer((_, response, next) => {
		response.on('finish', () => (status = response.statusCode));
		next();
	});
	await (await ask(layer(() => respond(201, null, 'made')))).text();
	await until(() => status !== 0, 'finish');
	assert.equal(status, 201);
});

test('next(error) throws; the status of the error counts', async () => {
	for (const [error, status] of [
		[new Error('x'), 500],
		[Object.assign(new Error('y'), { status: 403 }), 403],
	] as const) {
		const answer = await ask(lint(connectLayer((_, __, next) => next(error))(hello)));
		assert.equal(answer.status, status);
	}
});

async function sockets(t: TestContext): Promise<string> {
	const server = new WebSocketServer({
		noServer: true,
		verifyClient: ({ req }: { req: IncomingMessage }) => req.url !== '/secret',
	});
	server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
	t.after(() => server.close());
	const app = fromNodeUpgrade((request, socket, head) => {
		if (request.url === '/throws') throw new HttpError(409);
		if (request.url === '/garbage') socket.end('what is this\r\n\r\n');
		else server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
	});
	return (await listen(t, lint(app), { log: () => {} })).url;
}

test('ws works over an upgraded tunnel, and closes in order', async (t) => {
	const client = new WebSocket((await sockets(t)).replace('http', 'ws'));
	t.after(() => client.terminate());
	await once(client, 'open');
	for (const data of ['', 'hello', 'x'.repeat(1_000_000)]) {
		client.send(data);
		assert.equal(String((await once(client, 'message'))[0]), data);
	}
	client.close(1000, 'bye');
	const [code, reason] = (await once(client, 'close')) as [number, Buffer];
	assert.deepEqual([code, String(reason)], [1000, 'bye']);
});

test('what refuses an upgrade is a response like others', async (t) => {
	const url = await sockets(t);
	for (const [path, status] of [
		['/secret', 401],
		['/throws', 409],
		['/garbage', 500],
	] as const) {
		const client = new WebSocket(url.replace('http', 'ws') + path);
		assert.match(String((await once(client, 'error'))[0]), new RegExp(`${status}`));
	}
	const answer = await fetch(url);
	assert.deepEqual([answer.status, answer.headers.get('upgrade')], [426, 'websocket']);
});

test('a node server answers with an app: bodies both ways, fields, trailers, 103', async (t) => {
	const app = lint((request, context) => {
		context.inform(103, FieldList.of({ Link: '</a>; rel=preload' }));
		const { payload } = raw(request);
		return respond(200, { 'Set-Cookie': ['a', 'b'] }, payload, { trailing: () => FieldList.of({ 'X-End': 'yes' }) });
	});
	const url = await serve(t, toNode(app));
	const client = ask1(url, { method: 'POST' });
	const hints: string[] = [];
	client.on('information', ({ headers }) => hints.push(String(headers['link'])));
	client.end('x'.repeat(500_000));
	const [answer] = (await once(client, 'response')) as [IncomingMessage];
	let length = 0;
	for await (const chunk of answer) length += (chunk as Buffer).length;
	assert.equal(length, 500_000);
	assert.deepEqual(answer.headers['set-cookie'], ['a', 'b']);
	assert.deepEqual(answer.trailers, { 'x-end': 'yes' });
	assert.deepEqual(hints, ['</a>; rel=preload']);
});

test('in a node server: failing sources cut, errors are answered for or handed on', async (t) => {
	const app: App = (request) => {
		if (raw(request).target === '/cut') {
			return respond(
				200,
				null,
				fromIterable(
					(function* () {
						yield 'a';
						throw new Error('half way');
					})(),
				),
			);
		}
		throw new HttpError(418);
	};
	const url = await serve(t, toNode(app));
	await assert.rejects(fetch(`${url}/cut`).then((answer) => answer.text()));
	assert.equal((await fetch(url)).status, 418);
	const listener = toNode(app);
	const handing: RequestListener = (request, response) =>
		listener(request, response, (error) => response.end(`next ${(error as HttpError).status}`));
	assert.equal(await (await fetch(await serve(t, handing))).text(), 'next 418');
});

test('passOn sends chosen statuses to next', async (t) => {
	const listener = toNode((request) => respond(raw(request).target === '/' ? 404 : 200, null, 'app'), {
		passOn: [404],
	});
	const url = await serve(t, ((request, response) =>
		listener(request, response, () => response.end('next'))) as RequestListener);
	assert.equal(await (await fetch(url)).text(), 'next');
	assert.equal(await (await fetch(`${url}/known`)).text(), 'app');
});

test('a client that leaves a node server closes the context', async (t) => {
	let closed = false;
	const url = await serve(
		t,
		toNode((_, context) => {
			context.onClosed({ exchangeClosed: () => (closed = true) });
			return respond(
				200,
				null,
				fromIterable(
					(async function* () {
						yield 'a';
						await new Promise(() => {});
					})(),
				),
			);
		}),
	);
	const controller = new AbortController();
	const answer = await fetch(url, { signal: controller.signal });
	await answer.body?.getReader().read();
	controller.abort();
	await until(() => closed, 'closed');
});

test('the compatible form of node:http2 works, too', async (t) => {
	let seen: RawRequest | null = null;
	const server = createServer2(
		toNode((request) => {
			seen = raw(request);
			return respond(200, { Connection: 'close', 'X-A': '1' }, seen.payload ?? 'none');
		}) as never,
	);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const client = connect2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	t.after(() => {
		client.destroy();
		server.close();
	});
	const stream = client.request({ ':path': '/p', ':method': 'POST' });
	stream.end('body');
	let text = '';
	for await (const chunk of stream) text += String(chunk);
	const { version, target, fields } = seen as unknown as RawRequest;
	assert.deepEqual([text, version, target, fields.has(':path')], ['body', '2', '/p', false]);
});

test('toFetch answers native requests with native responses', async () => {
	const handler = toFetch(
		lint((request, context) => {
			const { payload } = raw(request);
			return respond(201, { 'X-Env': String(context.get(fetchEnvironment)) }, payload ?? 'none');
		}),
	);
	const answer = await handler(new Request('http://a/', { method: 'POST', body: 'streamed' }), 'bindings');
	assert.ok(Object.getPrototypeOf(answer) === Response.prototype);
	assert.deepEqual([answer.status, answer.headers.get('x-env'), await answer.text()], [201, 'bindings', 'streamed']);
	assert.equal(
		(
			await toFetch(() => {
				throw new HttpError(404);
			})(new Request('http://a/'))
		).status,
		404,
	);
	assert.equal(await (await handler(new Request('http://a/', { method: 'HEAD' }))).text(), '');
});

test('toFetch: aborting the request, or leaving the body, closes the exchange and cancels the source', async () => {
	for (const leave of ['abort', 'cancel']) {
		let outcome = true;
		let stopped = false;
		const handler = toFetch((_, context) => {
			context.onFinished({ exchangeFinished: ({ ok }) => (outcome = ok) });
			async function* pieces(): AsyncGenerator<string> {
				try {
					for (;;) {
						yield 'piece';
						await new Promise(setImmediate);
					}
				} finally {
					stopped = true;
				}
			}
			return respond(200, null, fromIterable(pieces()));
		});
		const controller = new AbortController();
		const answer = await handler(new Request('http://a/', { signal: controller.signal }));
		const reader = (answer.body as ReadableStream).getReader();
		await reader.read();
		if (leave === 'abort') controller.abort();
		else await reader.cancel();
		await until(() => stopped && !outcome, `the end after ${leave}`);
	}
});

test('bad options are refused with their name and the reason', () => {
	assert.throws(() => toNode(hello, { passOn: [4] }), /toNode: passOn must be a list of statuses/);
	assert.throws(() => toNode('app' as never), /toNode: app must be a function/);
	assert.throws(() => toFetch(null as never), /toFetch: app must be a function/);
	assert.throws(() => connectLayer({} as never), /connectLayer: middleware must be a function/);
	assert.throws(() => fromNodeUpgrade(() => {}, { protocols: ['WebSocket'] }), /fromNodeUpgrade: protocols must be/);
	assert.throws(() => fromNodeUpgrade(() => {}, { other: 1 } as never), /there is no option other/);
});
