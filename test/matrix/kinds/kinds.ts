/**
 * The kinds of app of the matrix: what they are called, and what they cannot do. How each is made is in the test that runs
 * it, since some need packages or programs that are not always there.
 */
import type { Gap } from './kind-case.ts';

export interface Kind {
	readonly name: string;
	/** What holds instead is with the cases. */
	readonly gaps: readonly Gap[];
}

const kind = (name: string, ...gaps: Gap[]): Kind => ({ name, gaps });

const wsgi = ['no tunnels', 'decoded paths', 'whole bodies', 'bounded bodies', 'unseen departures'] as const;

export const kinds = {
	fetch: kind('fetch', 'no tunnels'),
	hono: kind('Hono', 'no tunnels'),
	h3: kind('h3', 'no tunnels', 'untold mounts', 'encoded slashes'),
	elysia: kind('Elysia', 'no tunnels', 'untold mounts', 'swallowed failures'),
	node: kind('node:http'),
	connect: kind('connect'),
	express: kind('Express'),
	koa: kind('Koa'),
	fastify: kind('Fastify'),
	gunicorn: kind('gunicorn', ...wsgi),
	uwsgi: kind('uWSGI', ...wsgi, 'silent failures', 'unseen truncation'),
	uvicorn: kind('uvicorn', 'decoded paths'),
	hypercorn: kind('Hypercorn', 'decoded paths', 'unseen departures'),
	php: kind('PHP', 'no tunnels', 'whole bodies', 'POST first', 'unseen departures', 'unseen truncation'),
} as const satisfies Readonly<Record<string, Kind>>;
