import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { collectText, fromIterable, type Source } from '../../src/bytes/index.ts';
import { OutgoingResponse, rawResponse, respond } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';

const READ = ['text', 'json', 'bytes', 'arrayBuffer', 'blob', 'formData'] as const;
const tunnel = (): void => {};

test('every member of a native Response is answered by ours itself', () => {
	const response = respond(200);
	for (const member of Reflect.ownKeys(Response.prototype)) {
		if (member === 'constructor') continue;
		assert.ok(Object.hasOwn(response, member) || Object.hasOwn(OutgoingResponse.prototype, member), String(member));
	}
});

test('status, text, headers and body are those of a native Response', async () => {
	const fields = fc.array(
		fc.tuple(fc.constantFrom('X-A', 'x-b', 'Set-Cookie', 'Content-Type'), fc.stringMatching(/^[!-~]{1,8}$/)),
	);
	const body = fc.option(fc.oneof(fc.string(), fc.uint8Array()));
	const status = fc.constantFrom(200, 201, 299, 300, 404, 500, 599);
	await fc.assert(
		fc.asyncProperty(status, fields, body, async (code, pairs, payload) => {
			const ours: Response = respond(code, pairs, payload as string | Uint8Array | null);
			const native = new Response(payload as string, { status: code, headers: pairs });
			for (const member of ['status', 'ok', 'statusText', 'type', 'url', 'redirected', 'bodyUsed'] as const) {
				assert.equal(ours[member], native[member], member);
			}
			assert.deepEqual([...ours.headers], [...native.headers]);
			assert.equal(ours.body === null, native.body === null);
			assert.deepEqual(await ours.bytes(), await native.bytes());
			assert.equal(ours.bodyUsed, native.bodyUsed);
		}),
		{ numRuns: 150 },
	);
});

test('it is an instance of Response, and can be shown', () => {
	const response = respond(418, { 'X-A': '1' });
	assert.ok(response instanceof Response);
	assert.ok(response instanceof OutgoingResponse);
	assert.ok(!(new Response() instanceof OutgoingResponse));
	assert.equal(Object.prototype.toString.call(response), '[object Response]');
	assert.match(inspect(response), /418/);
});

test('statuses that are not final are refused', () => {
	for (const status of [0, 99, 100, 103, 199, 1000, 200.5, Number.NaN]) {
		assert.throws(() => respond(status), RangeError, String(status));
	}
	assert.throws(() => respond(101), /tunnel/);
	assert.equal(respond(101, null, null, { tunnel }).status, 101);
	assert.throws(() => respond(200, null, null, { reason: 'a\r\nb' }), TypeError);
	assert.throws(() => respond(200, { 'a b': '1' }), TypeError);
	assert.throws(() => respond(200, { a: '1\r\n' }), TypeError);
});

test('a reason phrase is the status text', () => {
	assert.equal(respond(200, null, null, { reason: 'Fine' }).statusText, 'Fine');
	assert.equal(respond(200).reason, null);
});

test('fields keep case, order and duplicates, and headers edits them', () => {
	const response = respond(200, ['X-ODD', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']);
	response.headers.append('x-late', '3');
	assert.deepEqual(response.fields.raw, ['X-ODD', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'x-late', '3']);
});

test('a field list is taken over, anything else is copied', () => {
	const list = FieldList.of({ A: '1' });
	assert.equal(respond(200, list).fields, list);
	const pairs: [string, string][] = [['A', '1']];
	respond(200, pairs).headers.set('a', '2');
	assert.deepEqual(pairs, [['A', '1']]);
});

test('text gets a content-type of its own, and only where there is none', () => {
	assert.equal(respond(200, null, 'x').headers.get('content-type'), 'text/plain;charset=UTF-8');
	assert.equal(respond(200, { 'CONTENT-TYPE': 'a/b' }, 'x').headers.get('content-type'), 'a/b');
	assert.equal(respond(200, null, Uint8Array.of(1)).headers.get('content-type'), null);
	respond(200, null, 'x').headers.set('x-mine', '1');
	assert.equal(respond(200, null, 'x').headers.has('x-mine'), false);
});

test('a body can be read once, whichever way', async () => {
	for (const first of READ) {
		for (const second of READ) {
			const response = respond(200, { 'content-type': 'application/x-www-form-urlencoded' }, '{}');
			await response[first]();
			await assert.rejects(response[second](), TypeError, `${first}, then ${second}`);
		}
	}
});

test('a file is read where somebody reads the body', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'turnabout-'));
	const path = join(folder, 'file.txt');
	await writeFile(path, '0123456789');
	assert.equal(await respond(200, null, { path, start: 2, length: 5 }).text(), '23456');
	const twice = respond(200, null, { path, start: 0, length: 1 });
	assert.equal(await twice.clone().text(), await twice.text());
	await rm(folder, { recursive: true });
});

test('a clone has a body and fields of its own', async () => {
	for (const payload of ['text', new TextEncoder().encode('text'), fromIterable(['te', 'xt'])]) {
		const response = respond(201, { 'X-A': '1' }, payload, { reason: 'Made' });
		const copy = response.clone();
		copy.headers.set('x-a', '2');
		assert.equal(response.headers.get('x-a'), '1');
		assert.equal(copy.statusText, 'Made');
		assert.equal(await copy.text(), 'text');
		assert.equal(await response.text(), 'text');
		assert.throws(() => response.clone(), TypeError);
	}
	assert.throws(() => respond(101, null, null, { tunnel }).clone(), TypeError);
});

test('native constructors take what they need from ours', async () => {
	const response = respond(404, { 'X-A': '1' }, fromIterable(['text']));
	const native = new Response(response.body, response);
	assert.equal(native.status, 404);
	assert.equal(native.headers.get('x-a'), '1');
	assert.equal(await native.text(), 'text');
});

test('rawResponse gives the raw response behind any response', async () => {
	const ours = respond(200);
	assert.equal(rawResponse(ours), ours);
	const headers = new Headers([
		['Set-Cookie', 'a=1'],
		['Set-Cookie', 'b=2'],
		['X-A', '1'],
	]);
	const native = new Response('text', { status: 404, statusText: 'Nowhere', headers });
	const view = rawResponse(native);
	assert.equal(rawResponse(native), view);
	assert.equal(view.status, 404);
	assert.equal(view.reason, 'Nowhere');
	assert.deepEqual(view.fields.all('set-cookie'), ['a=1', 'b=2']);
	assert.equal(await collectText(view.payload as Source), 'text');
	assert.equal(rawResponse(new Response(null)).payload, null);
});

test('rawResponse refuses what cannot be sent', async () => {
	assert.throws(() => rawResponse({} as Response), TypeError);
	assert.throws(() => rawResponse(undefined as never), TypeError);
	assert.throws(() => rawResponse(Response.error()), TypeError);
	const used = new Response('x');
	await used.text();
	assert.throws(() => rawResponse(used), TypeError);
	const locked = new Response('x');
	locked.body?.getReader();
	assert.throws(() => rawResponse(locked), TypeError);
});

test('a body that was merely passed on is the source it was', () => {
	const source = fromIterable(['x'], 1);
	const response = respond(200, null, source);
	const { payload } = rawResponse(new Response(response.body, { status: 201 }));
	assert.equal((payload as Source).length, 1);
	let started: unknown = null;
	source.start = (sink) => {
		started = sink;
	};
	const sink = { write: () => true, end: () => {}, fail: () => {} };
	(payload as Source).start(sink);
	assert.equal(started, sink);
});
