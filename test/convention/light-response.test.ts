import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import fc from 'fast-check';
import { Hono } from 'hono';
import { installLightResponse, OutgoingResponse, raw, rawResponse, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

const Native = globalThis.Response;
const isLight = (response: Response): boolean => response instanceof OutgoingResponse;

interface Seen {
	readonly refused?: string;
	readonly status?: number;
	readonly statusText?: string;
	readonly headers?: readonly (readonly [string, string])[];
	readonly body?: string;
	readonly used?: boolean;
}

/** What fetch's members say of a response made so, or the kind of error. */
async function seen(make: () => Response): Promise<Seen> {
	let response: Response;
	try {
		response = make();
	} catch (error) {
		return { refused: (error as Error).name };
	}
	const { status, statusText } = response;
	const headers = [...new Headers(response.headers)];
	const body = Buffer.from(await response.clone().arrayBuffer()).toString('hex');
	await response.text();
	return { status, statusText, headers, body, used: response.bodyUsed };
}

const bodies = fc.oneof(
	fc.constantFrom(undefined, null, '', 'héllo €', 7, true, {}, ['a']),
	fc.string({ unit: 'binary' }),
	fc.uint8Array(),
	fc.uint8Array().map((bytes) => bytes.slice().buffer),
	fc.constant(new URLSearchParams('a=1&b=2')),
	fc.constantFrom(new Blob(['blob'], { type: 'text/css' }), new DataView(new ArrayBuffer(3))),
);
const values = fc.oneof(
	fc.constantFrom('', ' padded ', 'a\r\nb', 'caf\xe9', '€', 5, undefined, ['x', 'y'], 'text/html'),
	fc.string(),
);
const names = fc.oneof(
	fc.constantFrom('content-type', 'Content-Type', 'set-cookie', 'X-A', 'x-a', '', 'bad name'),
	fc.string(),
);
const records = fc.dictionary(names, values, { maxKeys: 4 });
const pairs = fc.array(fc.tuple(names, values), { maxLength: 4 });
const inits = fc.option(
	fc.record(
		{
			status: fc.oneof(fc.constantFrom(200, 204, 205, 304, 101, 199, 600, 418, 200.5, '201', null), fc.integer()),
			statusText: fc.constantFrom('', 'OK then', 'a\nb', 'caf\xe9', '€', 5),
			headers: fc.oneof(records, pairs, fc.constantFrom(undefined, null, 'a', [['a']], new Headers({ a: '1' }))),
		},
		{ requiredKeys: [] },
	),
	{ nil: undefined },
);

suite('the light Response', () => {
	let undo: () => void;
	beforeEach(() => {
		undo = installLightResponse();
	});
	afterEach(() => undo());

	test('is, whatever it is made of, what the native one would have been, or refuses what that refuses', async () => {
		await fc.assert(
			fc.asyncProperty(bodies, inits, async (body, init) => {
				const [theirs, ours] = [
					await seen(() => new Native(body as never, init as never)),
					await seen(() => new Response(body as never, init as never)),
				];
				assert.deepEqual(ours, theirs);
			}),
			{ numRuns: 2000 },
		);
	});

	test('is light when made of text or bytes, with plain fields or with Headers', () => {
		assert.ok(isLight(new Response('text')));
		assert.ok(isLight(new Response(null, { status: 204 })));
		assert.ok(isLight(new Response(new Uint8Array(3), { status: 201, headers: { 'x-a': '1' } })));
		assert.ok(isLight(new Response('text', { headers: new Headers({ 'x-a': '1' }) })));
		assert.ok(isLight(Response.json({ a: 1 })));
		assert.ok(!isLight(new Response(new ReadableStream())));
		assert.ok(!isLight(new Response(new FormData())));
	});

	test('keeps bytes from the hands of those who gave them', async () => {
		const bytes = new Uint8Array([1, 2, 3]);
		const response = new Response(bytes);
		bytes.fill(9);
		assert.deepEqual([...(await response.bytes())], [1, 2, 3]);
	});

	test('keeps fields from the hands of those who gave them', () => {
		const headers = new Headers({ a: '1' });
		const response = new Response('', { headers });
		response.headers.set('a', '2');
		headers.set('a', '3');
		assert.deepEqual([response.headers.get('a'), headers.get('a')], ['2', '3']);
	});

	test('json has the type of JSON unless it is given one', async () => {
		for (const init of [
			undefined,
			{ status: 201 },
			{ headers: { 'content-type': 'application/problem+json' } },
			{ headers: [['Content-Type', 'application/x']] as [string, string][] },
			{ headers: new Headers({ 'x-a': '1' }) },
		]) {
			const [theirs, ours] = [
				await seen(() => Native.json({ a: '€' }, init)),
				await seen(() => Response.json({ a: '€' }, init)),
			];
			assert.deepEqual(ours, theirs);
		}
		assert.throws(() => Response.json(undefined), TypeError);
		assert.equal(Response.redirect('http://a.example/', 303).headers.get('location'), 'http://a.example/');
		assert.equal(Response.error().type, 'error');
	});

	test('is told by instanceof and by its constructor, as native ones and those of fetch are', async () => {
		for (const response of [new Response('a'), new Response(new ReadableStream()), new Native('b'), respond(200)]) {
			assert.ok(response instanceof Response);
			assert.equal(response.constructor, Response);
			assert.equal(response.constructor.name, 'Response');
			assert.equal(Object.prototype.toString.call(response), '[object Response]');
		}
		assert.throws(() => (Response as unknown as () => void)(), /cannot be invoked without 'new'/);
		assert.ok((await fetch('data:,hello')) instanceof Response);
	});

	test('can be extended', async () => {
		class Problem extends Response {
			get isProblem(): boolean {
				return true;
			}
		}
		const problem = new Problem('oh', { status: 500 });
		assert.ok(problem.isProblem && problem instanceof Response);
		assert.equal(rawResponse(problem).status, 500);
		assert.equal(await new Problem('oh').text(), 'oh');
	});

	test('wraps another response', async () => {
		const inner = new Response('body', { status: 202, headers: { 'x-a': '1' } });
		const outer = new Response(inner.body, inner);
		assert.deepEqual([outer.status, outer.headers.get('x-a'), await outer.text()], [202, '1', 'body']);
		const copied = new Response('other', inner);
		assert.deepEqual([copied.status, copied.headers.get('x-a')], [202, '1']);
	});

	test('is what a framework answers with, and its text reaches the engine as text', async () => {
		const hono = new Hono()
			.get('/', (c) => c.text('hello', 201, { 'X-Hono': 'yes' }))
			.get('/json', (c) => c.json({ a: 1 }));
		const answered = await ask((request) => hono.fetch(request), '/');
		assert.deepEqual([answered.status, answered.fields.get('x-hono'), await answered.text()], [201, 'yes', 'hello']);
		assert.equal(rawResponse(await hono.request('/')).payload, 'hello');
		assert.deepEqual(await (await hono.request('/json')).json(), { a: 1 });
	});

	test('leaves nothing behind when it is undone', () => {
		undo();
		assert.equal(globalThis.Response, Native);
		assert.equal(Native.prototype.constructor, Native);
		assert.ok(!isLight(new Response('a')));
		undo = installLightResponse();
		assert.ok(raw(new Request('http://a.example/')));
	});
});
