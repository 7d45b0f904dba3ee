/** The parts of the matrix as a user of Fastify writes them. */
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { journal, release } from '../../matrix/journal.ts';
import { count, events, LARGE, poured, sip } from '../../matrix/kinds/apps/acts.ts';
import { halving, pouring, waitForever, writeBehindTheEnd } from '../../matrix/kinds/apps/node-acts.ts';

const key = (request: FastifyRequest): string => (request.params as { key: string }).key;

async function* eventLines(under: string): AsyncGenerator<string> {
	for await (const data of events(under)) yield `data: ${data}\n\n`;
}

/** Bodies of other types are left to the handler, as streams. */
function streaming(instance: FastifyInstance): void {
	instance.removeAllContentTypeParsers();
	instance.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
	instance.post('/echo', (request, reply) => reply.send(request.raw));
	instance.post('/read/:key', (request) => count(request.raw, key(request)));
	instance.post('/sip/:key', (request) => sip(request.raw, key(request)));
	instance.post('/ignore', (_, reply) => reply.code(403).send('refused'));
}

export function fastify(): FastifyInstance {
	const site = Fastify();
	site.get('/hello', () => Promise.resolve('hello'));
	site.all('/method', (request) => Promise.resolve(request.method));
	site.get('/status/:key', (request, reply) => {
		const status = Number(key(request));
		reply.code(status).header('ETag', '"1"');
		return reply.send(status === 204 || status === 304 ? undefined : `status ${status}`);
	});
	site.get('/redirect', (_, reply) => reply.redirect('/hello?from=redirect', 303));
	site.post('/json', (request, reply) => reply.code(201).send({ got: request.body }));
	site.get<{ Params: { segment: string }; Querystring: Record<string, string> }>('/path/:segment', (request, reply) =>
		reply.send([request.params.segment, request.query['q'], request.query['r']]),
	);
	site.get('/where', (request, reply) => {
		const { baseUrl = '' } = request.raw as { readonly baseUrl?: string };
		return reply.send({ mount: baseUrl, path: request.url.split('?')[0] });
	});
	site.get('/large', (_, reply) => reply.send(Buffer.from(LARGE)));
	site.get('/pour/:key', (request, reply) => reply.send(pouring(key(request))));
	site.get('/poured/:key', (request, reply) => reply.send(poured(key(request))));
	site.get('/events/:key', (request, reply) =>
		reply
			.type('text/event-stream')
			.send(ReadableStream.from(eventLines(key(request))).pipeThrough(new TextEncoderStream())),
	);
	site.get('/fields', (request, reply) => {
		reply.header('X-Out', ['a', 'b']);
		return reply.send([request.headers['x-one'], request.headers['x-two']]);
	});
	site.get('/cookies', (request, reply) => {
		reply.header('Set-Cookie', 'a=1; Path=/').header('Set-Cookie', 'b=2; Path=/');
		return reply.send(request.headers.cookie ?? '');
	});
	wrong(site);
	site.get('/journal/:key', (request, reply) => reply.send(journal(key(request))));
	site.get('/release/:key', (request, reply) => reply.send(release(key(request))));
	void site.register((instance, _options, done) => {
		streaming(instance);
		done();
	});
	return site;
}

function wrong(site: FastifyInstance): void {
	site.get('/throws', () => {
		throw new Error('a secret detail');
	});
	site.get('/breaks', (_, reply) => reply.send(halving()));
	site.get('/breakslength', (_, reply) => reply.header('Content-Length', 100).send(halving()));
	site.get('/short', (_, reply) => reply.hijack().raw.writeHead(200, { 'Content-Length': 10 }).end('abcd'));
	site.get('/long', (_, reply) => reply.hijack().raw.writeHead(200, { 'Content-Length': 3 }).end('abcdefgh'));
	site.get('/afterend/:key', (request, reply) => writeBehindTheEnd(reply.hijack().raw, key(request)));
	site.get('/never/:key', (request, reply) => waitForever(request.raw, reply.hijack().raw, key(request)));
}
