/** The parts of the matrix as a user of h3 writes them. */
import { createEventStream, getQuery, getRouterParam, H3, type H3Event, readBody, redirect } from 'h3';
import { journal, note, release } from '../../journal.ts';
import { count, events, half, LARGE, pour, poured, sip } from './acts.ts';

const key = (event: H3Event): string => getRouterParam(event, 'key') ?? '';

/** Silent: h3 tells the console of what is thrown, and nobody needs to read of it here. */
export const h3: H3 = new H3({ silent: true });

h3.get('/hello', (event) => {
	event.res.headers.set('Content-Type', 'text/plain');
	return 'hello';
});
h3.all('/method', (event) => event.req.method);
h3.get('/status/:key', (event) => {
	event.res.status = Number(key(event));
	event.res.headers.set('ETag', '"1"');
	return [204, 304].includes(event.res.status) ? null : `status ${key(event)}`;
});
h3.get('/redirect', () => redirect('/hello?from=redirect', 303));
h3.post('/json', async (event) => {
	event.res.status = 201;
	return { got: await readBody(event) };
});
h3.get('/path/:segment', (event) => {
	const { q, r } = getQuery(event);
	return [getRouterParam(event, 'segment', { decode: true }), q, r];
});
h3.get('/where', (event) => ({ path: event.url.pathname }));
h3.get('/large', () => LARGE);
h3.post('/echo', (event) => event.req.body);
h3.post('/read/:key', (event) => count(event.req.body, key(event)));
h3.post('/sip/:key', (event) => sip(event.req.body, key(event)));
h3.get('/pour/:key', (event) => ReadableStream.from(pour(key(event))));
h3.get('/poured/:key', (event) => poured(key(event)));
h3.get('/events/:key', (event) => {
	const stream = createEventStream(event);
	void (async () => {
		for await (const data of events(key(event))) await stream.push(data);
		await stream.close();
	})();
	return stream.send();
});
h3.post('/ignore', (event) => {
	event.res.status = 403;
	return 'refused';
});
h3.get('/fields', (event) => {
	for (const value of ['a', 'b']) event.res.headers.append('X-Out', value);
	return [event.req.headers.get('x-one'), event.req.headers.get('x-two')];
});
h3.get('/cookies', (event) => {
	for (const pair of ['a=1', 'b=2']) event.res.headers.append('Set-Cookie', `${pair}; Path=/`);
	return event.req.headers.get('cookie') ?? '';
});
h3.get('/throws', () => {
	throw new Error('a secret detail');
});
h3.get('/breaks', () => ReadableStream.from(half()));
h3.get('/breakslength', (event) => {
	event.res.headers.set('Content-Length', '100');
	return ReadableStream.from(half());
});
h3.get('/short', (event) => {
	event.res.headers.set('Content-Length', '10');
	return ReadableStream.from([new Uint8Array(4)]);
});
h3.get('/long', (event) => {
	event.res.headers.set('Content-Length', '3');
	return 'abcdefgh';
});
h3.get('/afterend/:key', (event) => {
	const { readable, writable } = new TransformStream<string, string>();
	void (async () => {
		const writer = writable.getWriter();
		await writer.write('done');
		await writer.close();
		await writer.write('more').catch(() => note(key(event), 'wrote'));
	})();
	return readable.pipeThrough(new TextEncoderStream());
});
h3.get('/never/:key', (event) => {
	note(key(event), 'asked');
	event.req.signal.addEventListener('abort', () => note(key(event), 'closed'));
	return new Promise(() => {});
});
h3.get('/journal/:key', (event) => journal(key(event)));
h3.get('/release/:key', (event) => release(key(event)));
