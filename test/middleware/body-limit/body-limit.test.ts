/** Bodies that are too large, whether they say so or not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, compositionOf, lint, raw, respond, stack } from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type BodyLimitOptions, bodyLimit } from '../../../src/middleware/body-limit/index.ts';
import { decompress } from '../../../src/middleware/decompress/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { plainGateway } from '../../support/gateway.ts';
import { connect } from '../../support/raw-client.ts';

const reads: App = async (request) => respond(200, null, `${(await raw(request).text()).length}`);
const around = (options: number | BodyLimitOptions, app: App = reads): App => lint(bodyLimit(options)(lint(app)));
const flowing = (...pieces: string[]): MemoryRequest => ({ method: 'POST', body: fromIterable(pieces) });

test('up to the limit, bodies are what they are', async () => {
	for (const options of [10, { limit: 10 }]) {
		assert.equal(await (await ask(around(options), { body: 'x'.repeat(10) })).text(), '10');
		assert.equal(await (await ask(around(options), flowing('12345', '67890'))).text(), '10');
		assert.equal((await ask(around(options), '/')).status, 200);
	}
});

test('a body that says its length is refused before it is read, and before the app is asked', async () => {
	const body = { length: 11, start: () => assert.fail('read'), resume() {}, cancel() {} };
	const app = around(10, () => assert.fail('asked'));
	for (const method of ['POST', 'GET']) {
		const answer = await ask(app, { method, body, fields: { Expect: '100-continue' } });
		assert.equal(answer.status, 413);
		assert.deepEqual(answer.informational, [], 'nobody asked for more');
	}
});

test('any other fails where it is read', async () => {
	const answer = await ask(around(10), flowing('12345', '67890', '1'));
	assert.equal(answer.status, 413);
	assert.equal(await answer.text(), 'The body is larger than 10 bytes.\n');
	assert.equal((await ask(around(0), flowing('1'))).status, 413);
});

test('whatever the app throws then, the answer is 413; what it answers stands', async () => {
	const clumsy: App = (request) =>
		request.text().then(
			() => respond(200),
			() => Promise.reject(new TypeError('no JSON')),
		);
	assert.equal((await ask(around(3, clumsy), flowing('1234'))).status, 413);
	const brave: App = async (request) =>
		respond(200, null, await request.text().catch((error: unknown) => `${(error as { status?: number }).status}`));
	assert.equal(await (await ask(around(3, brave), flowing('1234'))).text(), '413');
	const other: App = () => {
		throw new TypeError('something else');
	};
	assert.equal((await ask(around(3, other), flowing('1234'))).status, 500);
});

test('inside of decompress it counts what came out, outside what came in', async () => {
	const { gzipSync } = await import('node:zlib');
	const request = (): MemoryRequest => ({ body: gzipSync('a'.repeat(1_000)), fields: { 'Content-Encoding': 'gzip' } });
	assert.equal((await ask(stack(bodyLimit(100), decompress())(reads), request())).status, 200);
	assert.equal((await ask(stack(decompress(), bodyLimit(100))(reads), request())).status, 413);
});

test('an upgrade passes', async () => {
	const app = bodyLimit(0)(() => respond(101, { upgrade: 'x' }, null, { tunnel: (stream) => stream.writable.end() }));
	assert.equal((await ask(app, { fields: { Connection: 'upgrade', Upgrade: 'x' } })).status, 101);
});

test('on a real socket: refused by its length at once, and by its bytes as they come', async (t) => {
	const port = portOf(await listen(t, bodyLimit(10)(reads)));
	const declared = await connect(t, port);
	declared.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n');
	assert.equal((await declared.message()).status, 413);
	const chunked = await connect(t, port);
	chunked.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n6\r\n678901\r\n');
	assert.equal((await chunked.message()).status, 413);
});

test('a proxy behind it answers 413, and its upstream sees no complete request', async (t) => {
	const { client, origin } = await plainGateway(t, { wrap: bodyLimit(10) });
	const peer = await client();
	peer.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n6\r\n678901\r\n0\r\n\r\n');
	assert.equal((await peer.message()).status, 413);
	assert.equal(origin.requests.length, 0);
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[undefined, /neither/],
	[null, /neither/],
	['1mb', /neither/],
	[-1, /limit/],
	[1.5, /limit/],
	[Number.POSITIVE_INFINITY, /limit/],
	[{}, /limit/],
	[{ limit: '10' }, /limit/],
	[{ limits: 10 }, /did you mean limit\?/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => bodyLimit(options as number),
			(error: Error) => error.message.startsWith('bodyLimit: ') && message.test(error.message),
			String(options),
		);
	}
});

test('what it would do is told', async () => {
	const { note } = compositionOf(bodyLimit(10)(reads)) ?? assert.fail();
	const told: string[] = [];
	const ear: App = async (request, context) => {
		const { does = [], answers = '' } = (await note.explain?.(raw(request), context)) ?? {};
		told.push(`${does.join(' ')} ${answers}`);
		return respond(204);
	};
	for (const request of [{ body: 'x'.repeat(11) }, { body: 'x' }, flowing('x')]) await ask(ear, request);
	assert.match(told[0] ?? '', /has 11 bytes\. 413 Content Too Large: more than 10$/);
	assert.match(told[1] ?? '', /no more than 10/);
	assert.match(told[2] ?? '', /Answers 413 Content Too Large when the body turns out to be larger than 10 bytes/);
});
