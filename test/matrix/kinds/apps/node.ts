/** A listener of node's http server, without a framework; and the same as layers of connect's kind. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { journal, release } from '../../journal.ts';
import { count, LARGE, poured, sip } from './acts.ts';
import { halving, pouring, sendEvents, waitForever, writeBehindTheEnd } from './node-acts.ts';

type Incoming = IncomingMessage & { readonly baseUrl?: string };
type Answer = (request: Incoming, response: ServerResponse, key: string, url: URL) => unknown;

function text(response: ServerResponse, body: string, status = 200): void {
	response.writeHead(status, { 'Content-Type': 'text/plain' }).end(body);
}

function send(response: ServerResponse, value: unknown, status = 200): void {
	response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

const answers: Readonly<Record<string, Answer>> = {
	hello: (_request, response) => text(response, 'hello'),
	method: ({ method = '' }, response) => text(response, method),
	status: (_request, response, key) => {
		const status = Number(key);
		response.writeHead(status, { ETag: '"1"' }).end(status === 204 || status === 304 ? undefined : `status ${key}`);
	},
	redirect: (_request, response) => response.writeHead(303, { Location: '/hello?from=redirect' }).end(),
	json: async (request, response) => send(response, { got: await json(request) }, 201),
	path: (_request, response, key, { searchParams }) =>
		send(response, [decodeURIComponent(key), searchParams.get('q'), searchParams.get('r')]),
	where: ({ baseUrl = '' }, response, _key, { pathname }) => send(response, { mount: baseUrl, path: pathname }),
	large: (_request, response) => response.end(LARGE),
	echo: (request, response) => pipeline(request, response),
	read: async (request, response, key) => text(response, await count(request, key)),
	sip: async (request, response, key) => text(response, await sip(request, key)),
	// A client that leaves is no error of the app's.
	pour: (_request, response, key) => pipeline(pouring(key), response).catch(() => {}),
	poured: (_request, response, key) => text(response, poured(key)),
	events: (_request, response, key) => sendEvents(response, key),
	ignore: (_request, response) => text(response, 'refused', 403),
	fields: ({ headers }, response) => {
		response.setHeader('X-Out', ['a', 'b']);
		send(response, [headers['x-one'], headers['x-two']]);
	},
	cookies: ({ headers }, response) => {
		response.setHeader('Set-Cookie', ['a=1; Path=/', 'b=2; Path=/']);
		text(response, headers.cookie ?? '');
	},
	throws: () => {
		throw new Error('a secret detail');
	},
	breaks: (_request, response) => pipeline(halving(), response),
	breakslength: (_request, response) => {
		response.setHeader('Content-Length', 100);
		return pipeline(halving(), response);
	},
	short: (_request, response) => response.writeHead(200, { 'Content-Length': 10 }).end('abcd'),
	long: (_request, response) => response.writeHead(200, { 'Content-Length': 3 }).end('abcdefgh'),
	afterend: (_request, response, key) => writeBehindTheEnd(response, key),
	never: (request, response, key) => waitForever(request, response, key),
	journal: (_request, response, key) => text(response, journal(key)),
	release: (_request, response, key) => text(response, release(key)),
};

export function listener(request: IncomingMessage, response: ServerResponse): unknown {
	const url = new URL(request.url ?? '/', 'http://matrix.test');
	const [, name = '', key = ''] = url.pathname.split('/');
	const answer = answers[name];
	return answer === undefined ? text(response, 'no such part', 404) : answer(request, response, key, url);
}

type Next = (error?: unknown) => void;

/** Of connect's kind: one sets a field, the other answers, or passes on what it does not know. */
export const stamp = (_request: IncomingMessage, response: ServerResponse, next: Next): void => {
	response.setHeader('X-Stamp', 'seen');
	next();
};

export const site = (request: IncomingMessage, response: ServerResponse, next: Next): unknown => {
	const [, name = ''] = (request.url ?? '/').split(/[/?]/);
	return Object.hasOwn(answers, name) ? listener(request, response) : next();
};
