/** A fetch handler that knows nothing but the platform. */
import type { App } from '../../../../src/convention/index.ts';
import { journal, note, release } from '../../journal.ts';
import { count, events, half, LARGE, pour, poured, sip } from './acts.ts';

const plain = { 'content-type': 'text/plain' };

type Answer = (request: Request, key: string, url: URL) => Response | Promise<Response>;

const text = (body: string): Response => new Response(body, { headers: plain });

async function* eventLines(key: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for await (const data of events(key)) yield new TextEncoder().encode(`data: ${data}\n\n`);
}

const answers: Readonly<Record<string, Answer>> = {
	hello: () => text('hello'),
	method: ({ method }) => text(method),
	status: (_request, key) => {
		const status = Number(key);
		const body = status === 204 || status === 304 ? null : `status ${key}`;
		return new Response(body, { status, headers: { ETag: '"1"' } });
	},
	redirect: () => new Response(null, { status: 303, headers: { Location: '/hello?from=redirect' } }),
	json: async (request) => Response.json({ got: await request.json() }, { status: 201 }),
	path: (_request, key, { searchParams }) =>
		Response.json([decodeURIComponent(key), searchParams.get('q'), searchParams.get('r')]),
	large: () => new Response(LARGE, { headers: plain }),
	echo: (request) => new Response(request.body, { headers: plain }),
	read: async (request, key) => text(await count(request.body, key)),
	sip: async (request, key) => text(await sip(request.body, key)),
	pour: (_request, key) => new Response(ReadableStream.from(pour(key)), { headers: plain }),
	poured: (_request, key) => text(poured(key)),
	events: (_request, key) =>
		new Response(ReadableStream.from(eventLines(key)), { headers: { 'content-type': 'text/event-stream' } }),
	ignore: () => new Response('refused', { status: 403, headers: plain }),
	fields: ({ headers }) => {
		const response = Response.json([headers.get('x-one'), headers.get('x-two')]);
		for (const value of ['a', 'b']) response.headers.append('X-Out', value);
		return response;
	},
	cookies: ({ headers }) => {
		const response = text(headers.get('cookie') ?? '');
		for (const name of ['a=1', 'b=2']) response.headers.append('Set-Cookie', `${name}; Path=/`);
		return response;
	},
	throws: () => {
		throw new Error('a secret detail');
	},
	breaks: () => new Response(ReadableStream.from(half())),
	breakslength: () => new Response(ReadableStream.from(half()), { headers: { 'Content-Length': '100' } }),
	short: () => new Response(ReadableStream.from([new Uint8Array(4)]), { headers: { 'Content-Length': '10' } }),
	long: () => new Response('abcdefgh', { headers: { ...plain, 'Content-Length': '3' } }),
	afterend: (_request, key) =>
		new Response(
			new ReadableStream({
				start(controller) {
					controller.enqueue(new TextEncoder().encode('done'));
					controller.close();
					try {
						controller.enqueue(new TextEncoder().encode('more'));
					} catch {
						note(key, 'wrote');
					}
				},
			}),
		),
	never: ({ signal }, key) => {
		note(key, 'asked');
		signal.addEventListener('abort', () => note(key, 'closed'));
		return new Promise(() => {});
	},
	journal: (_request, key) => text(journal(key)),
	release: (_request, key) => text(release(key)),
};

export const app: App = (request, context) => {
	const url = new URL(request.url);
	const [, name = '', key = ''] = url.pathname.split('/');
	// The mount is all that fetch has no word for.
	if (name === 'where') return Response.json({ mount: context.mount, path: url.pathname });
	return answers[name]?.(request, key, url) ?? new Response('no such part', { status: 404 });
};
