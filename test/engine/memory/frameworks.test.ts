/** Frameworks that know fetch and nothing of us, run as apps, watched by lint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elysia } from 'elysia';
import { H3, readBody } from 'h3';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { etag } from 'hono/etag';
import { stream } from 'hono/streaming';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, type Context, lint, stack } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';

async function* slowly(...words: string[]): AsyncGenerator<string> {
	for (const word of words) {
		await new Promise(setImmediate);
		yield word;
	}
}

function hono(): App {
	const app = new Hono<{ Bindings: Context }>();
	app.get('/hello/:name', (c) => c.text(`Hello, ${c.req.param('name')}, ${c.req.query('q')}`));
	app.post('/json', async (c) => c.json({ got: await c.req.json() }, 201));
	app.post('/form', async (c) => c.json(await c.req.parseBody()));
	app.get('/stream', (c) =>
		stream(c, async (out) => {
			for await (const word of slowly('one ', 'two ', 'three')) await out.write(word);
		}),
	);
	app.post('/echo', (c) => c.body(c.req.raw.body as ReadableStream));
	app.get('/cookie', (c) => {
		setCookie(c, 'a', '1');
		setCookie(c, 'b', '2');
		return c.text(getCookie(c, 'sid') ?? 'none');
	});
	app.post('/clone', async (c) => {
		const copy = c.req.raw.clone();
		return c.text(`${await copy.text()} ${await c.req.raw.text()}`);
	});
	app.get('/etag', etag(), (c) => c.text('tagged'));
	app.get('/env', (c) => {
		c.executionCtx.waitUntil(Promise.resolve());
		return c.text(`${c.env.connection.remote.kind} ${c.env.mount}`);
	});
	app.get('/fail', () => {
		throw new Error('secret');
	});
	app.onError((error, c) => c.text(error.message.length > 0 ? 'caught' : '', 500));
	app.mount('/inner', (request) => new Response(`inner ${new URL(request.url).pathname}`));
	return app.fetch;
}

function h3(): App {
	const app = new H3();
	app.get('/hello/:name', (event) => `Hello, ${event.context.params?.['name']}, ${event.url.searchParams.get('q')}`);
	app.post('/json', async (event) => {
		event.res.status = 201;
		return { got: await readBody(event) };
	});
	app.post('/form', async (event) => Object.fromEntries(await event.req.formData()));
	app.get('/stream', () => ReadableStream.from(slowly('one ', 'two ', 'three')).pipeThrough(new TextEncoderStream()));
	app.post('/echo', (event) => event.req.body);
	app.get('/cookie', (event) => {
		event.res.headers.append('set-cookie', 'a=1');
		event.res.headers.append('set-cookie', 'b=2');
		return /sid=(\w+)/.exec(event.req.headers.get('cookie') ?? '')?.[1] ?? 'none';
	});
	app.post('/clone', async (event) => `${await event.req.clone().text()} ${await event.req.text()}`);
	app.get('/ip', (event) => {
		event.waitUntil(Promise.resolve());
		return String(event.req.ip);
	});
	return app.fetch as App;
}

function elysia(): App {
	return new Elysia({ aot: false })
		.get('/hello/:name', ({ params, query }) => `Hello, ${params.name}, ${query['q']}`)
		.post('/json', ({ body, set }) => {
			set.status = 201;
			return { got: body };
		})
		.post('/form', ({ body }) => body)
		.get('/stream', async function* () {
			yield* slowly('one ', 'two ', 'three');
		})
		.get('/cookie', ({ headers, set }) => {
			set.headers['set-cookie'] = ['a=1', 'b=2'] as never;
			return /sid=(\w+)/.exec(headers['cookie'] ?? '')?.[1] ?? 'none';
		}).fetch as App;
}

/** What a Worker's module exports. */
const plain: { readonly fetch: App } = {
	async fetch(request) {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname.startsWith('/hello/')) return new Response(`Hello, ${pathname.slice(7)}, ${searchParams.get('q')}`);
		if (pathname === '/json') return Response.json({ got: await request.json() }, { status: 201 });
		if (pathname === '/form') return Response.json(Object.fromEntries(await request.formData()));
		if (pathname === '/echo') return new Response(request.body);
		if (pathname === '/clone') return new Response(`${await request.clone().text()} ${await request.text()}`);
		if (pathname === '/stream') {
			return new Response(ReadableStream.from(slowly('one ', 'two ', 'three')).pipeThrough(new TextEncoderStream()));
		}
		const headers = new Headers([
			['set-cookie', 'a=1'],
			['set-cookie', 'b=2'],
		]);
		return new Response(/sid=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'none', { headers });
	},
};

const all: [string, App][] = [
	['Hono', hono()],
	['h3', h3()],
	['Elysia', elysia()],
	['a plain handler', plain.fetch],
];

for (const [name, app] of all) {
	const failures: Error[] = [];
	const linted = lint(app, { report: (error) => failures.push(error) });

	test(`${name}: routes, parameters and queries`, async () => {
		const answer = await ask(linted, '/hello/Ada?q=1');
		assert.deepEqual([answer.status, await answer.text()], [200, 'Hello, Ada, 1']);
	});

	test(`${name}: JSON bodies, in one piece and streamed`, async () => {
		for (const body of ['{"a":[1,"é"]}', fromIterable(['{"a":', '[1,"é"]}'])]) {
			const answer = await ask(linted, { url: '/json', body, fields: { 'Content-Type': 'application/json' } });
			assert.deepEqual([answer.status, await answer.json()], [201, { got: { a: [1, 'é'] } }]);
		}
	});

	test(`${name}: urlencoded and multipart forms`, async () => {
		const multipart = new FormData();
		multipart.set('a', '1');
		multipart.set('b', 'é');
		for (const body of [multipart, new URLSearchParams({ a: '1', b: 'é' })]) {
			const answer = await ask(linted, { url: '/form', body });
			assert.deepEqual([answer.status, await answer.json()], [200, { a: '1', b: 'é' }]);
		}
	});

	test(`${name}: streamed responses`, async () => {
		const answer = await ask(linted, '/stream');
		assert.equal(await answer.text(), 'one two three');
	});

	test(`${name}: cookies both ways, kept apart`, async () => {
		const answer = await ask(linted, { url: '/cookie', fields: { Cookie: 'x=y; sid=s3cret' } });
		assert.equal(await answer.text(), 's3cret');
		assert.deepEqual(
			answer.fields.all('set-cookie').map((cookie) => cookie.slice(0, 3)),
			['a=1', 'b=2'],
		);
	});

	if (name !== 'Elysia') {
		test(`${name}: a body passed on, and a request cloned`, async () => {
			const echo = await ask(linted, { url: '/echo', body: fromIterable(['st', 'ream']) });
			assert.equal(await echo.text(), 'stream');
			const clone = await ask(linted, { url: '/clone', body: fromIterable(['a', 'b']) });
			assert.equal(await clone.text(), 'ab ab');
		});
	}

	test(`${name}: nothing that lint would complain of`, () => {
		assert.deepEqual(failures, []);
	});
}

test('Hono: what it is given besides the request', async () => {
	const one = exchange(hono(), '/env');
	assert.equal(await (await one.answer).text(), 'memory ');
	assert.equal((await ask(hono(), '/inner/x')).status, 200);
	assert.equal(await (await ask(hono(), '/inner/x')).text(), 'inner /x');
	assert.equal(await (await ask(hono(), '/fail')).text(), 'caught');
	const tagged = await ask(hono(), '/etag');
	assert.match(tagged.fields.get('etag') ?? '', /^"/);
	assert.equal(
		(await ask(hono(), { url: '/etag', fields: { 'If-None-Match': tagged.fields.get('etag') as string } })).status,
		304,
	);
});

test('h3: the address of the client and waitUntil', async () => {
	const answer = await ask(h3(), { url: '/ip', remote: { kind: 'ip', host: '192.0.2.7', port: 1 } });
	assert.equal(await answer.text(), '192.0.2.7');
});

test('what passes through web-standard middleware keeps its fields', async () => {
	const app = stack((next) => async (request, context) => {
		const response = await next(request, context, context);
		response.headers.set('x-seen', request.headers.get('x-asked') ?? '');
		return response;
	})(plain.fetch);
	const answer = await ask(app, { url: '/hello/x?q=1', fields: { 'X-Asked': 'yes' } });
	assert.equal(answer.fields.get('X-Seen'), 'yes');
});
