/** One app in four frameworks: 13 bytes at `/`, and 10 KiB of JSON at `/json`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An app, and how its own server is started. */
export interface FrameworkApp {
	/** For `fromNode`, or a fetch handler. */
	readonly app: Handler | { fetch(request: Request): Response | Promise<Response> } | object;
	readonly isFetch: boolean;
	listen(port: number): unknown;
}

// Required by name at run time: the packages may not be installed where the types are checked.
const load = createRequire(import.meta.url);

export const GREETING = 'Hello, world!';

/** The same object for everybody: a list of articles, as an API would give it. */
export const articles: readonly object[] = Array.from({ length: 70 }, (_, id) => ({
	id,
	title: `Article number ${id}`,
	slug: `article-number-${id}`,
	tags: ['sea', 'boats', 'weather'],
	published: id % 3 !== 0,
	words: 1000 + id,
}));

interface Express {
	(): Handler & {
		get(
			path: string,
			handler: (
				request: unknown,
				response: { send(body: string): void; json(body: unknown): void; type(name: string): void },
			) => void,
		): void;
		disable(setting: string): void;
		listen(port: number, host: string): unknown;
	};
}

function express(): FrameworkApp {
	const app = (load('express') as Express)();
	app.disable('x-powered-by');
	app.get('/', (_request, response) => {
		response.type('text/plain');
		response.send(GREETING);
	});
	app.get('/json', (_request, response) => response.json(articles));
	return { app, isFetch: false, listen: (port) => app.listen(port, '127.0.0.1') };
}

interface KoaContext {
	path: string;
	body: unknown;
}
interface Koa {
	new (): {
		use(layer: (context: KoaContext) => void): void;
		callback(): Handler;
		listen(port: number, host: string): unknown;
	};
}

function koa(): FrameworkApp {
	const { default: Constructor } = load('koa') as { default: Koa };
	const app = new (Constructor ?? (load('koa') as Koa))();
	app.use((context) => {
		context.body = context.path === '/' ? GREETING : articles;
	});
	return { app: app.callback(), isFetch: false, listen: (port) => app.listen(port, '127.0.0.1') };
}

interface Fastify {
	get(path: string, handler: () => Promise<unknown>): void;
	listen(options: { port: number; host: string }): unknown;
}

function fastify(): FrameworkApp {
	const app = (load('fastify') as (options: object) => Fastify)({});
	app.get('/', async () => GREETING);
	app.get('/json', async () => articles);
	return { app, isFetch: false, listen: (port) => app.listen({ port, host: '127.0.0.1' }) };
}

interface HonoContext {
	text(body: string): Response;
	json(body: unknown): Response;
}
interface Hono {
	fetch(request: Request): Response | Promise<Response>;
	get(path: string, handler: (context: HonoContext) => Response): void;
}

function hono(): FrameworkApp {
	const { Hono } = load('hono') as { Hono: new () => Hono };
	const { serve } = load('@hono/node-server') as { serve(options: object): unknown };
	const app = new Hono();
	app.get('/', (context) => context.text(GREETING));
	app.get('/json', (context) => context.json(articles));
	return { app, isFetch: true, listen: (port) => serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }) };
}

const apps: Readonly<Record<string, () => FrameworkApp>> = { express, koa, fastify, hono };

/** Throws for a name that is none. */
export function frameworkApp(name: string): FrameworkApp {
	const make = apps[name];
	if (make === undefined) throw new Error(`No such framework: ${name}`);
	return make();
}
