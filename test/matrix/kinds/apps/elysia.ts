/** The parts of the matrix as a user of Elysia writes them. */
import { Elysia, sse } from 'elysia';
import type { App } from '../../../../src/convention/index.ts';
import { journal, note, release } from '../../journal.ts';
import { count, events, half, LARGE, pour, poured, sip } from './acts.ts';

const plain = { 'content-type': 'text/plain' };

/** Without `parse`, Elysia reads a body before the handler is asked. */
const unread = { parse: 'none' } as const;

const site = new Elysia()
	.get('/hello', () => 'hello')
	.all('/method', ({ request }) => request.method)
	// Elysia makes '' of nothing, which Node does not take with 204, and a redirect of Elysia's must be absolute there.
	.get('/status/:status', ({ params, status }) => {
		const code = Number(params.status);
		if (code !== 204 && code !== 304) return status(code, `status ${code}`);
		return new Response(null, { status: code, headers: { ETag: '"1"' } });
	})
	.get('/redirect', () => new Response(null, { status: 303, headers: { Location: '/hello?from=redirect' } }))
	.post('/json', ({ body, status }) => status(201, { got: body }))
	.get('/path/:segment', ({ params, query }) => [params.segment, query['q'], query['r']])
	.get('/where', ({ path }) => ({ path }))
	.get('/large', () => new Response(LARGE, { headers: plain }))
	.post('/echo', ({ request }) => new Response(request.body, { headers: plain }), unread)
	.post('/read/:key', ({ request, params }) => count(request.body, params.key), unread)
	.post('/sip/:key', ({ request, params }) => sip(request.body, params.key), unread)
	.get('/pour/:key', ({ params }) => pour(params.key))
	.get('/poured/:key', ({ params }) => poured(params.key))
	.get('/events/:key', async function* ({ params }) {
		for await (const data of events(params.key)) yield sse({ data });
	})
	.post('/ignore', ({ status }) => status(403, 'refused'), unread)
	.get('/fields', ({ headers, set }) => {
		set.headers['x-out'] = ['a', 'b'] as never;
		return [headers['x-one'], headers['x-two']];
	})
	.get('/cookies', ({ headers, set }) => {
		set.headers['set-cookie'] = ['a=1; Path=/', 'b=2; Path=/'] as never;
		return headers['cookie'] ?? '';
	});

export const elysia: { readonly fetch: App } = site
	.get('/throws', () => {
		throw new Error('a secret detail');
	})
	.get('/breaks', () => half())
	.get('/breakslength', ({ set }) => {
		set.headers['content-length'] = '100';
		return half();
	})
	.get('/short', ({ set }) => {
		set.headers['content-length'] = '10';
		return ReadableStream.from([new Uint8Array(4)]);
	})
	.get('/long', ({ set }) => {
		set.headers['content-length'] = '3';
		return 'abcdefgh';
	})
	.get('/afterend/:key', ({ params }) => {
		const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
		void (async () => {
			const writer = writable.getWriter();
			await writer.write(new TextEncoder().encode('done'));
			await writer.close();
			await writer.write(new TextEncoder().encode('more')).catch(() => note(params.key, 'wrote'));
		})();
		return new Response(readable, { headers: plain });
	})
	.get('/never/:key', ({ request, params }) => {
		note(params.key, 'asked');
		request.signal.addEventListener('abort', () => note(params.key, 'closed'));
		return new Promise<string>(() => {});
	})
	.get('/journal/:key', ({ params }) => journal(params.key))
	.get('/release/:key', ({ params }) => release(params.key)) as unknown as { readonly fetch: App };
