import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, fromIterable } from '../../../src/bytes/index.ts';
import {
	Abort,
	type App,
	type Context,
	HttpError,
	lint,
	type Outcome,
	ProtocolError,
	raw,
	respond,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { watched } from './watched-source.ts';

/** An app that answers with what it was asked. */
const mirror: App = lint(async (request, context) => {
	const { method, target, form, authority, scheme, version, fields } = raw(request);
	const facts = { method, target, form, authority, scheme, version, fields: fields.raw, offers: context.offers };
	return Response.json({ ...facts, body: await request.text() });
});

async function mirrored(request: MemoryRequest | string | Request): Promise<Record<string, unknown>> {
	return (await ask(mirror, request)).json() as Promise<Record<string, unknown>>;
}

test('without saying anything it is GET / for localhost', async () => {
	assert.deepEqual(await mirrored({}), {
		method: 'GET',
		target: '/',
		form: 'origin',
		authority: 'localhost',
		scheme: 'http',
		version: '1.1',
		fields: ['Host', 'localhost'],
		offers: [],
		body: '',
	});
});

test('a path, a URL and a native request say the same as the short form', async () => {
	const expected = { method: 'GET', target: '/a?b', authority: 'h:1', scheme: 'https', fields: ['Host', 'h:1'] };
	for (const request of [
		'https://h:1/a?b',
		{ url: 'https://h:1/a?b' },
		{ target: '/a?b', authority: 'h:1', scheme: 'https' },
	] as const) {
		assert.deepEqual({ ...(await mirrored(request)), ...expected }, await mirrored(request));
	}
	assert.equal((await mirrored('/x?y'))['target'], '/x?y');
	assert.equal((await mirrored({ url: 'http://h?x' }))['target'], '/?x');
	const native = await mirrored(new Request('https://h:1/a?b', { method: 'PUT', body: 'x', headers: { 'X-A': '1' } }));
	assert.deepEqual(
		[native['method'], native['target'], native['authority'], native['body']],
		['PUT', '/a?b', 'h:1', 'x'],
	);
});

test('targets go through byte for byte, and the form is what they look like', async () => {
	for (const [request, form] of [
		[{ target: '/a/../b//c?\xff' }, 'origin'],
		[{ target: '*', method: 'OPTIONS' }, 'asterisk'],
		[{ target: 'http://other/x' }, 'absolute'],
		[{ target: 'h:443', method: 'CONNECT' }, 'authority'],
	] as const) {
		const seen = await mirrored(request);
		assert.deepEqual([seen['target'], seen['form']], [request.target, form]);
	}
});

test('bodies of every kind arrive, framed as a client would', async () => {
	const form = new FormData();
	form.set('a', '1');
	for (const [body, text, framing] of [
		['é', 'é', 'Content-Length: 2'],
		[Uint8Array.of(0x61), 'a', 'Content-Length: 1'],
		[bytesSource('abc'), 'abc', 'Content-Length: 3'],
		[fromIterable(['ab', 'c']), 'abc', 'Transfer-Encoding: chunked'],
		[['ab', 'c'], 'abc', 'Transfer-Encoding: chunked'],
		[new URLSearchParams({ a: 'b c' }), 'a=b+c', 'Content-Type: application/x-www-form-urlencoded;charset=UTF-8'],
	] as const) {
		const seen = await mirrored({ body });
		assert.deepEqual([seen['method'], seen['body']], ['POST', text]);
		assert.ok(
			FieldList.of(seen['fields'] as string[])
				.serialize(0)
				.includes(`${framing}\r\n`),
			framing,
		);
	}
	assert.match(String((await mirrored({ body: form }))['body']), /name="a"\r\n\r\n1\r\n/);
});

test('the answer keeps status, reason, fields, trailers and informational responses', async () => {
	const app: App = (_request, context) => {
		context.inform(103, FieldList.of({ Link: '</a.css>' }));
		const trailing = (): FieldList => FieldList.of({ 'X-Sum': '2' });
		return respond(201, ['X-A', '1', 'x-a', '2'], fromIterable(['x']), { reason: 'Made', trailing });
	};
	const answer = await ask(lint(app));
	assert.deepEqual([answer.status, answer.reason, answer.fields.raw], [201, 'Made', ['X-A', '1', 'x-a', '2']]);
	assert.deepEqual(
		answer.informational.map((one) => [one.status, one.fields.raw]),
		[[103, ['Link', '</a.css>']]],
	);
	assert.equal(await answer.text(), 'x');
	assert.deepEqual((await answer.trailers)?.raw, ['X-Sum', '2']);
});

test('trailers of a source come before those of the response, and a failing trailing cuts the body short', async () => {
	const payload = bytesSource('x', FieldList.of({ A: '1' }));
	const answer = await ask(() => respond(200, null, payload, { trailing: async () => FieldList.of({ B: '2' }) }));
	assert.equal(await answer.text(), 'x');
	assert.deepEqual((await answer.trailers)?.raw, ['A', '1', 'B', '2']);
	const trailing = (): never => {
		throw new Error('no sum');
	};
	const cut = await ask(() => respond(200, null, 'x', { trailing }));
	await assert.rejects(cut.text(), /no sum/);
	assert.equal(await cut.trailers, null);
});

test('request trailers come behind the body, and through the payload, too', async () => {
	const app: App = async (request) => {
		const { trailers } = raw(request);
		await request.text();
		return respond(200, null, (await trailers)?.get('x-sum') ?? 'none');
	};
	assert.equal(await (await ask(lint(app), { body: 'x', trailers: { 'X-Sum': '7' } })).text(), '7');
	assert.equal(await (await ask(lint(app), { body: 'x' })).text(), 'none');
	assert.equal(await (await ask(lint(app))).text(), 'none');
	const passed = await ask((request) => respond(200, null, raw(request).payload), { body: 'x', trailers: { T: '1' } });
	assert.equal(await passed.text(), 'x');
	assert.deepEqual((await passed.trailers)?.raw, ['T', '1']);
});

test('100 Continue goes out when the body is first wanted, and only where the client waits', async () => {
	const reading: App = async (request) => respond(200, null, await request.text());
	const statuses = async (app: App, request: MemoryRequest): Promise<number[]> =>
		(await ask(lint(app), request)).informational.map((one) => one.status);
	const expecting = { fields: { Expect: '100-continue' }, body: 'x' };
	assert.deepEqual(await statuses(reading, expecting), [100]);
	assert.deepEqual(await statuses(() => respond(417), expecting), []);
	assert.deepEqual(await statuses(reading, { body: 'x' }), []);
	assert.deepEqual(await statuses(reading, { ...expecting, version: '1.0' }), []);
	const relaying: App = async (request, context) => {
		context.inform(100);
		return reading(request, context);
	};
	assert.deepEqual(await statuses(relaying, expecting), [100]);
});

test('inform is without effect after the response, and where the engine or the client cannot', async () => {
	let late: Context | undefined;
	const app: App = (_request, context) => {
		context.inform(102);
		late = context;
		return respond(200);
	};
	for (const request of [{ version: '1.0' }, { can: { inform: false } }] as const) {
		assert.deepEqual((await ask(app, request)).informational, []);
	}
	const answer = await ask(app);
	late?.inform(103);
	assert.deepEqual(
		answer.informational.map((one) => one.status),
		[102],
	);
	assert.throws(() => late?.inform(101), RangeError);
});

test('what an app throws is answered as the table of errors says, and told to the test', async () => {
	const error = new Error('secret');
	for (const app of [
		() => {
			throw error;
		},
		() => Promise.reject(error),
	] as App[]) {
		const answer = await ask(app);
		assert.deepEqual([answer.status, await answer.text(), answer.error], [500, '500 Internal Server Error\n', error]);
	}
	const refused = await ask(() => {
		throw new HttpError(401, { fields: { 'WWW-Authenticate': 'Basic' } });
	});
	assert.deepEqual([refused.status, refused.fields.get('www-authenticate')], [401, 'Basic']);
	assert.equal((await ask(() => 'no response' as never)).status, 500);
	assert.equal((await ask(() => respond(200))).error, undefined);
});

test('Abort drops the connection', async () => {
	const one = exchange(() => {
		throw new Abort();
	});
	await assert.rejects(one.answer, Abort);
	const outcome = await one.context.finished;
	assert.deepEqual([outcome.ok, (outcome as { committed?: boolean }).committed], [false, false]);
});

test('HEAD, 204 and 304 carry no payload, and its source is cancelled', async () => {
	for (const [status, method] of [
		[200, 'HEAD'],
		[204, 'GET'],
		[304, 'GET'],
	] as const) {
		const source = watched();
		const answer = await ask(() => respond(status, { 'content-length': '5' }, source), { method });
		assert.equal(answer.payload, null);
		assert.deepEqual(source.calls, ['cancel']);
		assert.equal(answer.fields.get('content-length'), '5');
	}
});

test('a Content-Length that disagrees is an error, before the head if it shows', async () => {
	for (const payload of ['four', bytesSource('four')]) {
		const answer = await ask(() => respond(200, { 'content-length': '5' }, payload));
		assert.equal(answer.status, 500);
		assert.ok(answer.error instanceof ProtocolError && answer.error.side === 'local');
	}
	for (const length of ['3', '5']) {
		const one = exchange(() => respond(200, { 'content-length': length }, fromIterable(['fo', 'ur'])));
		const answer = await one.answer;
		assert.equal(answer.status, 200);
		await assert.rejects(answer.bytes(), ProtocolError);
		const outcome = await one.context.finished;
		assert.deepEqual([outcome.ok, (outcome as { committed?: boolean }).committed], [false, true]);
	}
	assert.equal((await ask(() => respond(200, { 'content-length': 'x' }))).status, 500);
});

test('a payload that fails is not complete for the client', async () => {
	const broken = async function* (): AsyncGenerator<string> {
		yield 'begun';
		throw new Error('cut');
	};
	const one = exchange(lint(() => respond(200, null, fromIterable(broken()))));
	const answer = await one.answer;
	await assert.rejects(answer.text(), /cut/);
	assert.equal(await answer.trailers, null);
	const outcome = await one.context.finished;
	assert.ok(!outcome.ok);
	assert.deepEqual([outcome.bytes, outcome.committed], [5, true]);
});

test('finished and its listeners tell how it went; what they throw is kept', async () => {
	const seen: Outcome[] = [];
	const one = exchange((_request, context) => {
		context.onFinished({
			exchangeFinished: () => {
				throw new Error('a bad listener');
			},
		});
		context.onFinished({ exchangeFinished: (outcome) => seen.push(outcome) });
		context.waitUntil(Promise.reject(new Error('in vain')));
		return respond(200, null, 'four');
	});
	assert.deepEqual(await one.context.finished, { ok: true, status: 200, bytes: 4, received: 0 });
	assert.deepEqual(seen, [{ ok: true, status: 200, bytes: 4, received: 0 }]);
	one.context.onFinished({ exchangeFinished: (outcome) => seen.push(outcome) });
	assert.equal(seen.length, 2);
	await Promise.all(one.context.pending);
	assert.deepEqual(one.context.failures.map((error) => (error as Error).message).toSorted(), [
		'a bad listener',
		'in vain',
	]);
});

test('a request body that nobody wanted is given up at the end', async () => {
	const unwanted = watched();
	await ask(() => respond(200), { body: unwanted });
	assert.deepEqual(unwanted.calls, ['cancel']);
});

test('who is calling shows in the context and the request', async () => {
	const remote = { kind: 'ip', host: '192.0.2.1', port: 4711 } as const;
	const tls = { sni: 'h', alpn: 'h2', peer: () => null };
	await ask(
		(request, context) => {
			assert.deepEqual(context.connection.remote, remote);
			assert.deepEqual(context.remoteAddr, { hostname: '192.0.2.1', port: 4711, transport: 'tcp' });
			assert.equal(context.connection.tls, tls);
			assert.equal((request as { ip?: string }).ip, '192.0.2.1');
			return respond(204);
		},
		{ remote, tls },
	);
	const ids = new Set<number>();
	const app: App = (_request, context) => respond(ids.size < ids.add(context.connection.id).size ? 200 : 500);
	assert.deepEqual([(await ask(app)).status, (await ask(app)).status], [200, 200]);
});

const upgrade = { fields: { Connection: 'keep-alive, Upgrade', Upgrade: 'WebSocket, other' } };

test('offers are what Upgrade or CONNECT name', async () => {
	assert.deepEqual((await mirrored(upgrade))['offers'], ['websocket', 'other']);
	assert.deepEqual((await mirrored({ fields: { Upgrade: 'x' } }))['offers'], []);
	assert.deepEqual((await mirrored({ method: 'CONNECT', target: 'h:1' }))['offers'], ['connect']);
	assert.deepEqual(
		(await mirrored({ method: 'CONNECT', target: '/', form: 'origin', version: '2', offers: ['websocket'] }))['offers'],
		['websocket'],
	);
});
