/** The parts of the matrix as a user of Express writes them. */
import { pipeline } from 'node:stream/promises';
import express, { type Express } from 'express';
import { journal, release } from '../../matrix/journal.ts';
import { count, LARGE, poured, sip } from '../../matrix/kinds/apps/acts.ts';
import { halving, pouring, sendEvents, waitForever, writeBehindTheEnd } from '../../matrix/kinds/apps/node-acts.ts';

export const site: Express = express();
// Nobody needs to read the stack of an error that was meant.
site.set('env', 'test');

site.get('/hello', (_, response) => void response.type('text').send('hello'));
site.all('/method', (request, response) => void response.send(request.method));
site.get('/status/:status', (request, response) => {
	const status = Number(request.params.status);
	response.status(status).set('ETag', '"1"');
	if (status === 204 || status === 304) response.end();
	else response.send(`status ${status}`);
});
site.get('/redirect', (_, response) => response.redirect(303, '/hello?from=redirect'));
site.post('/json', express.json(), (request, response) => void response.status(201).json({ got: request.body }));
site.get(
	'/path/:segment',
	({ params, query }, response) => void response.json([params.segment, query['q'], query['r']]),
);
site.get('/where', ({ baseUrl, path, originalUrl }, response) => {
	response.json({ mount: originalUrl.slice(0, originalUrl.indexOf('/where')) || baseUrl, path });
});
site.get('/large', (_, response) => void response.type('text').send(Buffer.from(LARGE)));
site.post('/echo', (request, response) => pipeline(request, response));
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 waits for it
site.post('/read/:key', async (request, response) => void response.send(await count(request, request.params.key)));
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 waits for it
site.post('/sip/:key', async (request, response) => void response.send(await sip(request, request.params.key)));
// A client that leaves is no error of the app's.
site.get('/pour/:key', (request, response) => pipeline(pouring(request.params.key), response).catch(() => {}));
site.get('/poured/:key', (request, response) => void response.send(poured(request.params.key)));
site.get('/events/:key', (request, response) => sendEvents(response, request.params.key));
site.post('/ignore', (_, response) => void response.status(403).send('refused'));
site.get('/fields', (request, response) => {
	response.append('X-Out', 'a').append('X-Out', 'b');
	response.json([request.get('x-one'), request.get('x-two')]);
});
site.get('/cookies', (request, response) => {
	response.cookie('a', '1').cookie('b', '2');
	response.type('text').send(request.get('cookie') ?? '');
});
site.get('/throws', () => {
	throw new Error('a secret detail');
});
site.get('/breaks', (_, response) => pipeline(halving(), response));
site.get('/breakslength', (_, response) => pipeline(halving(), response.set('Content-Length', '100')));
site.get('/short', (_, response) => void response.set('Content-Length', '10').end('abcd'));
site.get('/long', (_, response) => void response.set('Content-Length', '3').end('abcdefgh'));
site.get('/afterend/:key', (request, response) => writeBehindTheEnd(response, request.params.key));
site.get('/never/:key', (request, response) => waitForever(request, response, request.params.key));
site.get('/journal/:key', (request, response) => void response.send(journal(request.params.key)));
site.get('/release/:key', (request, response) => void response.send(release(request.params.key)));
