import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, fromIterable } from '../../src/bytes/index.ts';
import {
	type App,
	type Context,
	DerivedContext,
	derive,
	lint,
	OutgoingResponse,
	raw,
	respond,
	stack,
} from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { breaks, brokenAround, found, instead, isRule, ours, QUIET } from './breaking.ts';
import { incoming } from './requests.ts';

test('an app that keeps every rule is left in peace', async () => {
	const bytes = new TextEncoder().encode('four');
	const apps: App[] = [
		() => respond(204),
		() => respond(200, { 'content-length': '4' }, 'four'),
		() => respond(200, { 'content-length': '4' }, bytes),
		() => respond(200, { 'Content-Length': '4' }, fromIterable(['fo', 'ur'])),
		async (request) => respond(200, null, await request.text()),
		(request) => respond(200, null, raw(request).payload),
		(request) => new Response(request.body),
		async (request) => new Response(await request.text(), { headers: { 'X-A': 'b' } }),
		(request) => respond(200, null, raw(derive(request, { target: '/x' })).payload),
		(_request, context) => {
			context.inform(103, FieldList.of({ Link: '</a>' }));
			return respond(304, { 'content-length': '4' });
		},
	];
	for (const app of apps) {
		for (const request of [{}, { body: 'text' }, { body: fromIterable(['te', 'xt']) }, { method: 'HEAD' }]) {
			assert.deepEqual([...(await found(app, request))], [], `${String(app)}, ${request.method ?? 'body'}`);
		}
	}
});

test('lint keeps what an app answers: status, fields, trailers, tunnel', async () => {
	const app = lint(() =>
		respond(201, ['X-ODD', '1', 'x-odd', '2'], 'text', { reason: 'Made', trailing: () => FieldList.of({ T: '1' }) }),
	);
	const answer = await ask(app);
	assert.deepEqual([answer.status, answer.reason, await answer.text()], [201, 'Made', 'text']);
	assert.deepEqual(answer.fields.raw.slice(0, 4), ['X-ODD', '1', 'x-odd', '2']);
	assert.equal((await answer.trailers)?.get('t'), '1');
});

test('a synchronous answer stays synchronous under lint', () => {
	let response: unknown;
	exchange((request, context) => {
		response = lint(() => respond(200))(request, context, context);
		return response as Response;
	});
	assert.ok(response instanceof Response);
});

test('late findings are handed to waitUntil where nobody else wants them', async () => {
	const source = fromIterable(['x']);
	const one = exchange((request, context) => {
		void lint(() => respond(200, null, source))(request, context, context);
		return respond(204);
	});
	await one.answer;
	await one.context.finished;
	await Promise.all(one.context.pending);
	isRule(4)(one.context.failures[0]);
});

test('rule 1: called with something that is no request', async () => {
	await brokenAround(
		1,
		instead((request, context) => [{ url: request.url }, context]),
	);
});

test('rule 1: called without a context, with a wrong third argument, or with a context that lacks something', async () => {
	const message = incoming();
	const app = lint(() => respond(200)) as (...args: unknown[]) => Response;
	assert.throws(() => app(message), isRule(1));
	await brokenAround(
		1,
		instead((request, context) => [request, context, {}]),
	);
	for (const part of [{ inform: undefined }, { can: {} }, { closed: null }, { finished: null }, { mount: 1 }]) {
		const lacking = (context: Context): Context => Object.create(context, Object.getOwnPropertyDescriptors(part));
		await brokenAround(
			1,
			instead((request, context) => [request, lacking(context)]),
		);
	}
});

test('rule 1: a request of a version or scheme that does not exist', async () => {
	const as = (part: object): ((app: App) => App) =>
		instead((request, context) => [Object.create(request, Object.getOwnPropertyDescriptors(part)), context]);
	await brokenAround(1, as({ version: '3.1' }));
	await brokenAround(1, as({ scheme: 'ftp' }));
	await brokenAround(1, as({ authority: null }));
});

test('rule 2: a target that is no byte string, or not in its form', async () => {
	for (const [target, form] of [
		['/caf\u0113', 'origin'],
		['/a b', 'origin'],
		['', 'origin'],
		['x', 'origin'],
		['/x', 'absolute'],
		['/', 'asterisk'],
		['h:1', 'authority'],
	] as const) {
		await brokenAround(
			2,
			instead((request, context) => [derive(request, { target, form }), context]),
		);
	}
	await brokenAround(
		2,
		instead((request, context) => [derive(request, { method: 'GE T' }), context]),
	);
});

test('rule 2: fields that could not be sent, in a request or a response', async () => {
	const broken = FieldList.of({ a: '1' });
	Object.defineProperty(broken, 'raw', { value: ['a', 'x\r\ny'] });
	await brokenAround(
		2,
		instead((request, context) => [derive(request, { fields: broken }), context]),
	);
	await breaks(2, () => new OutgoingResponse(200, broken, null));
	await breaks(2, () => new OutgoingResponse(200, {} as FieldList, null));
	await breaks(2, () => new OutgoingResponse(200, FieldList.empty(), null, { reason: 'a\nb' }));
});

test('rule 3: headers that are no view of the fields', async () => {
	await breaks(3, () => {
		const response = respond(200, { 'X-A': '1' });
		Object.defineProperty(response, 'headers', { value: new Headers({ 'X-A': '2' }) });
		return response;
	});
});

test('rule 6: a Content-Length that disagrees with the payload', async () => {
	await breaks(6, () => respond(200, { 'content-length': '3' }, 'four'));
	await breaks(6, () => respond(200, { 'content-length': '3' }, bytesSource('four')));
	await breaks(6, () => respond(200, { 'content-length': '3' }, fromIterable(['four'])));
	await breaks(6, () => respond(200, { 'content-length': '5' }, fromIterable(['four'])));
	await breaks(6, () => respond(200, { 'content-length': 'four' }, 'four'));
});

test("rule 6: a payload where none can be, framing that is not the app's, a status that is none", async () => {
	await breaks(6, () => respond(204, null, 'x'));
	await breaks(6, () => respond(304, null, bytesSource('x')));
	await breaks(6, () => respond(200, { 'Transfer-Encoding': 'gzip, chunked' }, 'x'));
	await breaks(6, () => new OutgoingResponse(103, FieldList.empty(), null));
	await breaks(6, () => respond(600));
	await breaks(6, () => respond(200, null, 42 as never));
	await breaks(6, () => Response.error());
});

test('rule 8: 100 Continue that nobody waits for, and statuses that do not inform', async () => {
	const informing =
		(status: number): App =>
		(_request, context) => {
			context.inform(status);
			return respond(200);
		};
	await breaks(8, informing(100));
	await breaks(8, informing(101));
	await breaks(8, informing(200));
	assert.deepEqual([...(await found(informing(100), { fields: { Expect: '100-continue' }, body: 'x' }))], []);
});

test('rule 9: a tunnel that was not offered, or with the wrong status', async () => {
	const tunnel = (): void => {};
	const upgrade = { fields: { Connection: 'Upgrade', Upgrade: 'websocket' } };
	await breaks(9, () => respond(101, null, null, { tunnel }));
	await breaks(9, () => respond(200, null, null, { tunnel }), upgrade);
	await breaks(9, () => respond(101, null, null, { tunnel }), { ...upgrade, can: { tunnel: false } });
	await breaks(9, () => respond(101, null, bytesSource('x'), { tunnel }), upgrade);
	await breaks(9, () => respond(404, null, null, { tunnel }), { method: 'CONNECT', target: 'h:1' });
	await breaks(9, () => new OutgoingResponse(101, FieldList.empty(), null), upgrade);
	assert.deepEqual([...(await found(() => respond(101, null, null, { tunnel }), upgrade))], []);
});

test('rule 9: an engine that opens a tunnel twice, or with one direction', async () => {
	const app = lint(() => respond(101, null, null, { tunnel: () => {} }));
	await ask(
		async (request, context) => {
			const { tunnel } = ours(await app(request, context, context));
			const stream = { readable: bytesSource(''), writable: { ...QUIET, ondrain: null }, destroy: () => {} };
			tunnel?.(stream);
			assert.throws(() => tunnel?.(stream), isRule(9));
			const other = ours(await app(request, context, context)).tunnel;
			assert.throws(() => other?.({ ...stream, readable: null } as never), isRule(9));
			return respond(204);
		},
		{ fields: { Connection: 'Upgrade', Upgrade: 'x' } },
	);
});

test('rule 9: a context without offers', async () => {
	class Offerless extends DerivedContext {
		override get offers(): never {
			return undefined as never;
		}
	}
	await brokenAround(
		9,
		instead((request, context) => [request, new Offerless(context)]),
	);
});

test('rule 10: an app that changes the request or the context it was given', async () => {
	await breaks(10, (request) => {
		(request as { target?: string }).target = '/elsewhere';
		return respond(200);
	});
	await breaks(10, (_request, context) => {
		(context as { mount: string }).mount = '/m';
		return respond(200);
	});
});

test('rule 11: an answer that is no Response', async () => {
	// oxlint-disable-next-line unicorn/no-thenable -- that is what the rule is about
	await breaks(11, () => ({ then: () => {} }) as never);
	for (const answer of [undefined, null, 'text', {}]) {
		await breaks(11, () => answer as never);
		await breaks(11, async () => answer as never);
	}
});

test('rule 12: a body passed on that is locked or was read', async () => {
	await breaks(
		12,
		(request) => {
			const response = new Response(request.body);
			response.body?.getReader();
			return response;
		},
		{ body: 'x' },
	);
	await breaks(12, async () => {
		const response = new Response('x');
		await response.text();
		return response;
	});
	await breaks(12, async () => {
		const response = new Response(respond(200, null, fromIterable(['one', 'two'])).body);
		const reader = (response.body as ReadableStream).getReader();
		await reader.read();
		reader.releaseLock();
		return response;
	});
});

test('lint can be used twice around one app', async () => {
	const app = stack(
		(next) => lint(next),
		(next) => lint(next),
	)((request) => respond(200, null, raw(request).payload));
	assert.equal(await (await ask(app, { body: fromIterable(['st', 'ream']) })).text(), 'stream');
});
