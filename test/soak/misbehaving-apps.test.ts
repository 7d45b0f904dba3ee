/** Apps that do what no app should, and clients that leave in the middle of it: everybody else is served, and nothing is left. */
// oxlint-disable no-throw-literal, no-thenable -- throwing such things and handing out odd thenables is what these apps do wrong
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Sink } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { pause, until } from '../support/until.ts';

const used = new Response('used');
const error = (): never => {
	throw new Error('broken');
};

function web(pull: (controller: ReadableStreamDefaultController) => void | Promise<void>): Response {
	return new Response(new ReadableStream({ pull }));
}

function source(start: (sink: Sink) => void, length: number | null = null): Response {
	return respond(200, {}, { length, start, resume() {}, cancel() {} });
}

const bytes = Buffer.from('some bytes');
let pulls = 0;

/** What the client may see: a status, or 0 for a connection that ends without a complete answer. */
const apps: Readonly<Record<string, readonly [app: App, seen: readonly number[]]>> = {
	throws: [error, [500]],
	'rejects late': [() => pause(5).then(error), [500]],
	'throws no error': [
		() => {
			throw undefined;
		},
		[500],
	],
	'rejects with a circle': [
		() => {
			const circle: Record<string, unknown> = {};
			circle['cause'] = circle;
			return Promise.reject(circle);
		},
		[500],
	],
	'returns nothing': [() => undefined as never, [500]],
	'returns null late': [async () => null as never, [500]],
	'returns a number': [() => 42 as never, [500]],
	'returns text': [async () => 'text' as never, [500]],
	'returns its request': [(request) => request as never, [500]],
	'returns an object that looks like a response': [() => ({ status: 200, headers: {}, body: null }) as never, [500]],
	'returns a thenable that settles twice': [
		() =>
			({
				then: (ok: (r: Response) => void, bad: (e: unknown) => void) => [
					ok(respond(200)),
					bad(new Error('again')),
					ok(respond(201)),
				],
			}) as never,
		[200],
	],
	'returns a thenable that throws': [() => ({ then: error }) as never, [500]],
	'returns a promise of a promise of a response': [() => Promise.resolve(Promise.resolve(respond(200))), [200]],
	'returns a used response': [
		async () => {
			if (!used.bodyUsed) await used.text();
			return used;
		},
		[0, 500],
	],
	'returns a response that is being read': [
		() => {
			const response = new Response('x'.repeat(1_000));
			response.body?.getReader();
			return response;
		},
		[0, 500],
	],
	'returns Response.error()': [() => Response.error(), [500]],
	'returns a status that is none': [() => respond(200, {}, 'x').constructor.prototype, [500]],
	'promises more than it has': [() => source((sink) => [sink.write(bytes), sink.end()], 20), [0]],
	'has more than it promises': [() => source((sink) => [sink.write(bytes), sink.end()], 5), [0]],
	'declares another length': [() => respond(200, { 'Content-Length': '5' }, 'some text'), [500]],
	'declares a length that is none': [() => respond(200, { 'Content-Length': 'five' }, 'some text'), [500]],
	'ends twice': [
		() =>
			source((sink) => [sink.write(bytes), sink.end(), sink.end(), sink.write(bytes), sink.fail(new Error('late'))]),
		[200],
	],
	'fails and goes on': [
		() => source((sink) => [sink.write(bytes), sink.fail(new Error('early')), sink.write(bytes), sink.end()]),
		[0],
	],
	'fails later': [() => source((sink) => void setTimeout(() => sink.fail(new Error('later')), 5)), [0]],
	'throws at the start of its body': [() => source(error), [0, 500]],
	'throws behind its first bytes': [() => source((sink) => [sink.write(bytes), error()]), [0]],
	'streams an error': [() => web((controller) => controller.error(new Error('broken'))), [0, 500]],
	'streams and then an error': [
		() => web((controller) => (pulls++ % 2 === 0 ? controller.enqueue(bytes) : controller.error(new Error('broken')))),
		[0],
	],
	'streams what is not bytes': [() => web((controller) => controller.enqueue({ not: 'bytes' })), [0]],
	'streams a rejection': [() => web(() => Promise.reject(new Error('broken'))), [0]],
	'has trailers that throw': [() => respond(200, {}, 'text', { trailing: error }), [0]],
	'has trailers that reject': [
		() => respond(200, {}, 'text', { trailing: () => Promise.reject(new Error('broken')) }),
		[0],
	],
	'has trailers that are none': [() => respond(200, {}, 'text', { trailing: () => 42 as never }), [0, 200]],
	'opens a tunnel that nobody asked for': [() => respond(101, { Upgrade: 'x' }, null, { tunnel: error }), [500]],
	'switches without a tunnel': [() => respond(101, { Upgrade: 'x' }), [500]],
	'informs with what is no interim status': [
		(_request, context) => [context.inform(200), respond(200)][1] as Response,
		[500],
	],
	'informs behind its answer': [
		(_request, context) => {
			setTimeout(() => context.inform(103, FieldList.of({ Link: '</a>' })), 1);
			return respond(200);
		},
		[200],
	],
	'cancels the body and then reads it': [
		async (request) => {
			raw(request).payload?.cancel();
			return respond(200, {}, await request.text());
		},
		[200, 500, 0],
	],
	'reads the body twice': [
		async (request) => respond(200, {}, (await request.text()) + (await request.text())),
		[500, 200],
	],
	'reads the body behind its answer': [
		(request) => {
			setTimeout(() => void request.text().catch(() => {}), 5);
			return respond(200);
		},
		[200],
	],
	'rejects in the background': [
		(_request, context) => [context.waitUntil(Promise.reject(new Error('broken'))), respond(200)][1] as Response,
		[200],
	],
};

/** Apps that never come to an end by themselves. */
const endless: Readonly<Record<string, App>> = {
	'never answers': () => new Promise(() => {}),
	'never ends its body': () => source((sink) => void sink.write(bytes)),
	'streams without end': () => web((controller) => controller.enqueue(new Uint8Array(10_000))),
	'streams nothing without end': () => web(() => new Promise(() => {})),
	'never has its trailers': () => respond(200, {}, 'text', { trailing: () => new Promise(() => {}) }),
	'never reads the body': (request) => [raw(request).payload, new Promise<Response>(() => {})][1] as Promise<Response>,
};

const all: Readonly<Record<string, App>> = {
	...Object.fromEntries(Object.entries(apps).map(([name, [app]]) => [name, app])),
	...endless,
};
const names = Object.keys(all);

interface Served {
	readonly listener: Listener;
	/** Nothing is left, nothing was stray, and others are served. */
	check(): Promise<void>;
}

async function serve(t: TestContext): Promise<Served> {
	const stray: unknown[] = [];
	const keep = (reason: unknown) => stray.push(reason);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	const app: App = (request, context) => {
		const { target } = raw(request);
		return target === '/fine'
			? respond(200, {}, 'fine')
			: (all[names[Number(target.slice(1))] as string] as App)(request, context);
	};
	const listener = await listen(t, app, { log: () => {}, timeouts: { bodyIdle: 300, keepAlive: 300, write: 300 } });
	const check = async (): Promise<void> => {
		const other = (await connect(t, portOf(listener))).send('GET /fine HTTP/1.1\r\nHost: a\r\n\r\n');
		assert.equal((await other.message()).body, 'fine');
		other.destroy();
		await until(() => listener.statistics().connections === 0, 'no connection is left');
		assert.equal(listener.statistics().active, 0);
		assert.deepEqual(stray, []);
	};
	return { listener, check };
}

const GETS = (name: string): string => `GET /${names.indexOf(name)} HTTP/1.1\r\nHost: a\r\n\r\n`;
const POSTS = (name: string): string =>
	`POST /${names.indexOf(name)} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody`;

test('what the client sees of each', async (t) => {
	const { listener, check } = await serve(t);
	for (const [name, [, seen]] of Object.entries(apps)) {
		for (const request of [GETS(name), POSTS(name)]) {
			const client = (await connect(t, portOf(listener))).send(request);
			const status = await client.message().then(
				(message) => message.status,
				(reason: Error) => {
					assert.match(reason.message, /^The connection ended/, name);
					return 0;
				},
			);
			assert.ok(seen.includes(status), `an app that ${name}: ${status}`);
			client.destroy();
		}
	}
	await check();
});

for (const way of ['reset', 'destroy', 'finish'] as const) {
	test(`clients that ${way} at any time in each`, async (t) => {
		const { listener, check } = await serve(t);
		for (const name of names) {
			for (const delay of [0, 1, 8]) {
				const client = (await connect(t, portOf(listener))).pause().send(delay === 1 ? POSTS(name) : GETS(name));
				if (delay > 0) await pause(delay);
				else await new Promise((resolve) => setImmediate(resolve));
				client[way]();
				if (way === 'finish') setTimeout(() => client.destroy(), 50);
			}
		}
		await check();
	});
}

test('clients that leave by themselves what never ends, or are let go', async (t) => {
	const { listener, check } = await serve(t);
	for (const name of Object.keys(endless)) {
		const client = (await connect(t, portOf(listener))).send(POSTS(name));
		await pause(20);
		client.destroy();
	}
	await check();
});
