/** Express, Koa and Fastify themselves, as apps on our engine, and an app of ours inside Express. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type Express from 'express';
import type { FastifyInstance } from 'fastify';
import type Koa from 'koa';
import { type App, lint, mount, raw, respond } from '../../src/convention/index.ts';
import { fromNode, type NodeApp, toNode } from '../../src/frameworks/node/index.ts';
import { listen } from '../support/engines.ts';

/** The packages of this folder, or null where they are not installed. */
async function load<T>(name: string): Promise<T | null> {
	try {
		return ((await import(name)) as { default: T }).default;
	} catch (error) {
		if ((error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND') return null;
		throw error;
	}
}

const express = (await load<typeof Express>('express')) as typeof Express;
const koa = (await load<typeof Koa>('koa')) as typeof Koa;
const fastify = (await load<() => FastifyInstance>('fastify')) as () => FastifyInstance;
const compression = (await load<() => Express.RequestHandler>('compression')) as () => Express.RequestHandler;
const session = (await load<(options: object) => Express.RequestHandler>('express-session')) as (
	options: object,
) => Express.RequestHandler;
const missing = [express, koa, fastify, compression, session].includes(null as never);
const skip = missing ? 'npm install in test/node-frameworks has not been run' : false;

async function url(t: TestContext, app: App): Promise<string> {
	return (await listen(t, lint(app), { log: () => {} })).url;
}

function expressApp(): Express.Express {
	const app = express();
	app.get('/hello', (_, response) => void response.send('Hello'));
	app.post('/json', express.json(), (request, response) => void response.status(201).json(request.body));
	app.post('/echo', (request, response) => void request.pipe(response));
	app.get('/events', (_, response) => {
		response.set('Content-Type', 'text/event-stream').flushHeaders();
		let count = 0;
		const next = (): void => {
			response.write(`data: ${++count}\n\n`);
			if (count < 3) setImmediate(next);
			else response.end();
		};
		setImmediate(next);
	});
	app.get('/cookies', (_, response) => response.cookie('a', '1').cookie('b', '2').redirect('/hello'));
	app.get('/file', (_, response) => response.sendFile(import.meta.filename));
	app.get('/wrong', () => {
		throw Object.assign(new Error('teapot'), { status: 418 });
	});
	const router = express.Router();
	router.get(
		'/page',
		({ url, baseUrl, originalUrl, ip, protocol }, response) =>
			void response.json({ url, baseUrl, originalUrl, ip, protocol }),
	);
	app.use('/inner', router);
	app.get('/big', compression(), (_, response) => void response.type('text').send('x'.repeat(50_000)));
	app.get('/visits', session({ secret: 's', resave: false, saveUninitialized: true }), (request, response) => {
		const kept = (request as unknown as { session: { visits?: number } }).session;
		kept.visits = (kept.visits ?? 0) + 1;
		response.send(String(kept.visits));
	});
	return app;
}

test('Express: text, JSON, streams, events, cookies, files, errors', { skip }, async (t) => {
	const base = await url(t, fromNode(expressApp()));
	assert.equal(await (await fetch(`${base}/hello`)).text(), 'Hello');
	const json = { method: 'POST', body: '{"a":[1]}', headers: { 'content-type': 'application/json' } };
	const made = await fetch(`${base}/json`, json);
	assert.deepEqual([made.status, await made.json()], [201, { a: [1] }]);
	const body = 'x'.repeat(1_000_000);
	assert.equal(await (await fetch(`${base}/echo`, { method: 'POST', body })).text(), body);
	assert.equal(await (await fetch(`${base}/events`)).text(), 'data: 1\n\ndata: 2\n\ndata: 3\n\n');
	const cookies = await fetch(`${base}/cookies`, { redirect: 'manual' });
	assert.deepEqual([cookies.status, cookies.headers.getSetCookie()], [302, ['a=1; Path=/', 'b=2; Path=/']]);
	assert.match(await (await fetch(`${base}/file`)).text(), /Express: text, JSON/);
	const part = await fetch(`${base}/file`, { headers: { range: 'bytes=0-2' } });
	assert.deepEqual([part.status, await part.text()], [206, '/**']);
	assert.equal((await fetch(`${base}/wrong`)).status, 418);
	assert.equal((await fetch(`${base}/unknown`)).status, 404);
	const { headers } = await fetch(`${base}/hello`);
	const fresh = await fetch(`${base}/hello`, {
		headers: { 'if-none-match': headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
	});
	assert.equal(fresh.status, 304);
	const head = await fetch(`${base}/hello`, { method: 'HEAD' });
	assert.equal(head.headers.get('content-length'), '5');
});

test('Express: middleware that wraps the response, compression and sessions', { skip }, async (t) => {
	const base = await url(t, fromNode(expressApp()));
	const big = await fetch(`${base}/big`);
	assert.match(big.headers.get('content-encoding') ?? '', /gzip|br/);
	assert.equal(await big.text(), 'x'.repeat(50_000));
	const first = await fetch(`${base}/visits`);
	assert.equal(await first.text(), '1');
	const cookie = (first.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
	assert.equal(await (await fetch(`${base}/visits`, { headers: { cookie } })).text(), '2');
});

test('Express below a mount of ours', { skip }, async (t) => {
	const base = await url(
		t,
		mount('/site', fromNode(expressApp()))(() => respond(404)),
	);
	const page = await (await fetch(`${base}/site/inner/page?q`)).json();
	assert.deepEqual(page, {
		url: '/page?q',
		baseUrl: '/site/inner',
		originalUrl: '/site/inner/page?q',
		ip: '127.0.0.1',
		protocol: 'http',
	});
});

test('an app of ours below a mount of Express', { skip }, async (t) => {
	const app = express();
	app.use(
		'/ours',
		toNode(lint((request, context) => respond(200, null, `${context.mount} ${raw(request).target}`))) as never,
	);
	app.use((_, response) => void response.status(404).send('Express'));
	const server = createServer(app);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	assert.equal(await (await fetch(`${base}/ours/page?q`)).text(), '/ours /page?q');
	assert.equal(await (await fetch(`${base}/else`)).text(), 'Express');
});

test('Koa: bodies of every kind, errors', { skip }, async (t) => {
	const app = new koa();
	app.silent = true;
	app.use((context) => {
		if (context.path === '/wrong') context.throw(409, 'conflict');
		if (context.path === '/echo') context.body = context.req;
		else if (context.path === '/bytes') context.body = Buffer.from('bytes');
		else if (context.path !== '/none') context.body = { path: context.path, ip: context.ip };
		else context.status = 204;
	});
	const base = await url(t, fromNode(app.callback()));
	assert.deepEqual(await (await fetch(`${base}/page`)).json(), { path: '/page', ip: '127.0.0.1' });
	assert.equal(await (await fetch(`${base}/bytes`)).text(), 'bytes');
	const body = 'x'.repeat(1_000_000);
	assert.equal(await (await fetch(`${base}/echo`, { method: 'POST', body })).text(), body);
	assert.equal((await fetch(`${base}/none`)).status, 204);
	assert.equal((await fetch(`${base}/wrong`)).status, 409);
});

test('Fastify: routes, schemas, streams, hooks; started and stopped with the app', { skip }, async (t) => {
	const instance = fastify();
	const seen: string[] = [];
	instance.addHook('onResponse', (request, _, done) => {
		seen.push(request.url);
		done();
	});
	instance.addHook('onClose', async () => void seen.push('closed'));
	// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify waits for it
	instance.get('/hello/:name', async (request) => ({
		hello: (request.params as { name: string }).name,
		ip: request.ip,
	}));
	instance.post('/json', async (request, reply) => reply.code(201).send(request.body));
	instance.get('/file', (_, reply) => reply.send(new Blob(['streamed']).stream()));
	const app: NodeApp = fromNode(instance);
	const base = await url(t, app);
	// The first request comes before `start`.
	assert.deepEqual(await (await fetch(`${base}/hello/you`)).json(), { hello: 'you', ip: '127.0.0.1' });
	await app.start?.();
	const json = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
	assert.deepEqual(await (await fetch(`${base}/json`, json)).json(), { a: 1 });
	assert.equal(await (await fetch(`${base}/file`)).text(), 'streamed');
	assert.equal((await fetch(`${base}/unknown`)).status, 404);
	await app.stop?.();
	assert.deepEqual(seen, ['/hello/you', '/json', '/file', '/unknown', 'closed']);
});
