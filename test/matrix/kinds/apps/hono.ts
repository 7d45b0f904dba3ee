/** The parts of the matrix as a user of Hono writes them. */
import { Hono } from 'hono';
import { stream, streamSSE } from 'hono/streaming';
import type { Context } from '../../../../src/convention/index.ts';
import { journal, note, release } from '../../journal.ts';
import { count, events, half, LARGE, pour, poured, sip } from './acts.ts';

export const hono: Hono<{ Bindings: Context }> = new Hono<{ Bindings: Context }>();

hono.get('/hello', (c) => c.text('hello'));
hono.all('/method', (c) => c.text(c.req.method));
hono.get('/status/:status', (c) => {
	const status = Number(c.req.param('status'));
	c.header('ETag', '"1"');
	if (status === 204 || status === 304) return c.body(null, status);
	return c.text(`status ${status}`, status as 200);
});
hono.get('/redirect', (c) => c.redirect('/hello?from=redirect', 303));
hono.post('/json', async (c) => c.json({ got: await c.req.json() }, 201));
hono.get('/path/:segment', (c) => c.json([c.req.param('segment'), c.req.query('q'), c.req.query('r')]));
hono.get('/where', (c) => c.json({ mount: c.env.mount, path: c.req.path }));
hono.get('/large', (c) => c.body(LARGE));
hono.post('/echo', (c) => c.body(c.req.raw.body as ReadableStream));
hono.post('/read/:key', async (c) => c.text(await count(c.req.raw.body, c.req.param('key'))));
hono.post('/sip/:key', async (c) => c.text(await sip(c.req.raw.body, c.req.param('key'))));
hono.get('/pour/:key', (c) => stream(c, (out) => out.pipe(ReadableStream.from(pour(c.req.param('key'))))));
hono.get('/poured/:key', (c) => c.text(poured(c.req.param('key'))));
hono.get('/events/:key', (c) =>
	streamSSE(c, async (out) => {
		for await (const data of events(c.req.param('key'))) await out.writeSSE({ data });
	}),
);
hono.post('/ignore', (c) => c.text('refused', 403));
hono.get('/fields', (c) => {
	for (const value of ['a', 'b']) c.header('X-Out', value, { append: true });
	return c.json([c.req.header('x-one'), c.req.header('x-two')]);
});
hono.get('/cookies', (c) => {
	for (const pair of ['a=1', 'b=2']) c.header('Set-Cookie', `${pair}; Path=/`, { append: true });
	return c.text(c.req.header('cookie') ?? '');
});
hono.get('/throws', () => {
	throw new Error('a secret detail');
});
hono.get('/breaks', (c) => c.body(ReadableStream.from(half())));
hono.get('/breakslength', (c) => c.body(ReadableStream.from(half()), 200, { 'Content-Length': '100' }));
hono.get('/short', (c) => c.body(ReadableStream.from([new Uint8Array(4)]), 200, { 'Content-Length': '10' }));
hono.get('/long', (c) => c.body('abcdefgh', 200, { 'Content-Length': '3' }));
hono.get('/afterend/:key', (c) =>
	stream(c, async (out) => {
		await out.write('done');
		await out.close();
		await out.write('more');
		note(c.req.param('key'), 'wrote');
	}),
);
hono.get('/never/:key', (c) => {
	note(c.req.param('key'), 'asked');
	c.req.raw.signal.addEventListener('abort', () => note(c.req.param('key'), 'closed'));
	return new Promise<Response>(() => {});
});
hono.get('/journal/:key', (c) => c.text(journal(c.req.param('key'))));
hono.get('/release/:key', (c) => c.text(release(c.req.param('key'))));

// Hono tells the console of what is thrown, and nobody needs to read of it here.
hono.onError((_error, c) => c.text('Internal Server Error', 500));
