import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { bytesSource, collectText, fromIterable } from '../../src/bytes/index.ts';
import { derive, type IncomingInit, IncomingRequest, raw } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { incoming } from './requests.ts';

const encoder = new TextEncoder();
const READ = ['text', 'json', 'bytes', 'arrayBuffer', 'blob', 'formData'] as const;

/** Members whose values can be compared one by one; the others have tests of their own. */
const PLAIN = [
	'method',
	'url',
	'destination',
	'referrer',
	'referrerPolicy',
	'mode',
	'credentials',
	'cache',
	'redirect',
	'integrity',
	'keepalive',
	'isReloadNavigation',
	'isHistoryNavigation',
	'bodyUsed',
	'duplex',
] as const;

test('every member of a native Request is answered by ours itself', () => {
	const request = incoming();
	for (const member of Reflect.ownKeys(Request.prototype)) {
		if (member === 'constructor' || member === 'attribute') continue;
		const own = Object.hasOwn(request, member) || Object.hasOwn(IncomingRequest.prototype, member);
		assert.ok(own, String(member));
	}
});

test('plain members have the values of a fresh native Request', () => {
	const native = new Request('http://example.com/a?b') as never as Record<string, unknown>;
	const request = incoming({ target: '/a?b' }) as never as Record<string, unknown>;
	for (const member of PLAIN) assert.equal(request[member], native[member], member);
	assert.equal(Object.prototype.toString.call(request), '[object Request]');
});

test('it is an instance of Request, and can be shown', () => {
	const request = incoming({ target: '/shown', fields: { 'X-A': '1' } });
	assert.ok(request instanceof Request);
	assert.ok(request instanceof IncomingRequest);
	assert.ok(!(new Request('http://x/') instanceof IncomingRequest));
	assert.match(inspect(request), /IncomingRequest.*http:\/\/example\.com\/shown.*X-A/s);
});

test('the url is the one that the URL parser makes of origin and target', () => {
	const piece = fc.stringMatching(/^[a-zA-Z0-9\-._~!$&'()*+,;=:@%/?"<>\\^`{|}[\]]{0,16}$/);
	fc.assert(
		fc.property(
			piece,
			fc.constantFrom('example.com', 'EXAMPLE.com:80', '127.0.0.1:8080', '[::1]:1'),
			(text, authority) => {
				const target = `/${text}`;
				assert.equal(incoming({ target, authority }).url, new URL(`http://${authority}${target}`).href);
			},
		),
		{ numRuns: 500 },
	);
	for (const target of [
		'/a/../b',
		'/a/./b',
		'/.',
		'/a/..',
		'/a/.hidden',
		'/a..b',
		'/%2e%2E/x',
		"/?q='",
		'//evil.com/x',
		'/a?b/../c',
	]) {
		assert.equal(incoming({ target }).url, new URL(`http://example.com${target}`).href, target);
	}
});

test('bytes above 127 in a target are escaped as the bytes they are', () => {
	assert.equal(incoming({ target: '/caf\xc3\xa9?\xff' }).url, 'http://example.com/caf%C3%A9?%FF');
});

test('the url of the other forms is that of RFC 9112 section 3.3', () => {
	const url = (parts: Partial<IncomingInit>): string => incoming(parts as never).url;
	assert.equal(
		url({ form: 'absolute', target: 'http://Other.org:80/x?y', authority: 'Other.org:80' }),
		'http://other.org/x?y',
	);
	assert.equal(url({ form: 'asterisk', target: '*', method: 'OPTIONS' }), 'http://example.com/');
	assert.equal(url({ form: 'authority', target: 'h:443', authority: 'h:443', method: 'CONNECT' }), 'http://h:443/');
	assert.equal(url({ scheme: 'https', authority: 'example.com:443' }), 'https://example.com/');
});

test('an authority that is missing or malformed gives a host that nobody trusts, and no exception', () => {
	for (const authority of ['', 'a b', 'a/b', 'user@host', 'h?q', 'h#f', '[::1', 'h:99999', 'a\\b', '%%%']) {
		assert.equal(incoming({ authority, target: '/x' }).url, 'http://unknown.invalid/x', authority);
	}
});

test('bodies are read as fetch reads them', async () => {
	const form = 'a=1&b=%C3%A9';
	const type = 'application/x-www-form-urlencoded';
	for (const [text, fields] of [
		['{"a":[1,2]}', { 'content-type': 'application/json' }],
		['\ufeffwith a mark, é', { 'content-type': 'text/plain; charset=latin1' }],
		[form, { 'content-type': type }],
		['', {}],
	] as const) {
		for (const read of READ) {
			const ours = incoming({ payload: text, fields });
			const native = new Request('http://example.com/', {
				method: 'POST',
				body: encoder.encode(text),
				headers: fields,
			});
			assert.deepEqual(await outcome(ours, read), await outcome(native, read), `${read} of ${JSON.stringify(text)}`);
			assert.equal(ours.bodyUsed, true);
		}
	}
});

async function outcome(request: Request, read: (typeof READ)[number]): Promise<unknown> {
	try {
		const value = await request[read]();
		if (value instanceof FormData) return [...value];
		if (value instanceof Blob) return [value.type, await value.text()];
		return value;
	} catch (error) {
		return (error as Error).constructor.name;
	}
}

test('malformed UTF-8 becomes replacement characters', async () => {
	assert.equal(await incoming({ payload: Uint8Array.of(0x61, 0xff, 0x62) }).text(), 'a\ufffdb');
});

test('multipart forms with files are read', async () => {
	const native = new FormData();
	native.set('name', 'Ada');
	native.set('file', new File(['content'], 'a.txt', { type: 'text/plain' }));
	const sent = new Request('http://x/', { method: 'POST', body: native });
	const fields = { 'content-type': sent.headers.get('content-type') as string };
	const form = await incoming({ fields, payload: await sent.bytes() }).formData();
	assert.equal(form.get('name'), 'Ada');
	assert.equal(await (form.get('file') as File).text(), 'content');
});

test('a body can be read once, whichever way', async () => {
	for (const first of READ) {
		for (const second of READ) {
			const request = incoming({ payload: '{}', fields: { 'content-type': 'application/x-www-form-urlencoded' } });
			await request[first]();
			await assert.rejects(request[second](), TypeError, `${first}, then ${second}`);
		}
	}
});

test('a body of GET or HEAD is hidden from fetch and there for whoever knows', async () => {
	for (const method of ['GET', 'HEAD']) {
		const request = incoming({ method, payload: 'hidden' });
		assert.equal(request.body, null);
		assert.equal(await request.text(), '');
		assert.equal(request.bodyUsed, false);
		assert.equal(await collectText(request.payload as never), 'hidden');
	}
});

test('body is one byte stream, made when it is read', async () => {
	const request = incoming({ payload: fromIterable(['one ', 'two']) });
	const { body } = request;
	assert.ok(body instanceof ReadableStream);
	assert.equal(request.body, body);
	assert.equal(request.bodyUsed, false);
	const reader = body.getReader({ mode: 'byob' });
	const { value } = await reader.read(new Uint8Array(2));
	assert.deepEqual(value, Uint8Array.of(0x6f, 0x6e));
	assert.equal(request.bodyUsed, true);
	await assert.rejects(request.text(), TypeError);
});

test('a stream that was only looked at does not keep the body from being read', async () => {
	const request = incoming({ payload: fromIterable(['text']) });
	const { body } = request;
	assert.equal(await request.text(), 'text');
	assert.equal(body?.locked, true);
	assert.equal(request.bodyUsed, true);
});

test('a locked body is not read behind the back of whoever locked it', async () => {
	const request = incoming({ payload: 'text' });
	request.body?.getReader();
	await assert.rejects(request.text(), TypeError);
	assert.throws(() => request.clone(), TypeError);
});

test('the body of a request that was read is a locked stream', async () => {
	const request = incoming({ payload: 'text' });
	await request.text();
	assert.equal(request.body?.locked, true);
});

test('textStream decodes, and is empty without a body', async () => {
	const read = async (request: IncomingRequest): Promise<string> => {
		let text = '';
		for await (const chunk of request.textStream()) text += chunk;
		return text;
	};
	assert.equal(await read(incoming({ payload: fromIterable([Uint8Array.of(0xc3), Uint8Array.of(0xa9)]) })), 'é');
	assert.equal(await read(incoming()), '');
});

test('a clone and its original both have the whole body, read one after the other', async () => {
	const large = 'x'.repeat(300_000);
	for (const payload of ['short', fromIterable(['long ', large, large, large, large])]) {
		const request = incoming({ payload, fields: { 'X-A': '1' } });
		const copy = request.clone();
		copy.headers.set('x-a', '2');
		const text = await copy.text();
		assert.ok(text.startsWith(typeof payload === 'string' ? 'short' : 'long x'));
		assert.equal(await request.text(), text);
		assert.equal(request.headers.get('x-a'), '1');
		assert.ok(copy instanceof Request);
	}
});

test('a clone after the body was read throws', async () => {
	const request = incoming({ payload: 'x' });
	await request.text();
	assert.throws(() => request.clone(), TypeError);
});

test('the signal is that of the exchange, and never aborted without one', () => {
	const controller = new AbortController();
	assert.equal(incoming({ circumstances: { closed: controller.signal } }).signal, controller.signal);
	const alone = incoming();
	assert.equal(alone.signal.aborted, false);
	assert.equal(alone.signal, alone.signal);
});

test('new Request(url, request) takes everything over', async () => {
	const request = incoming({ method: 'PUT', payload: fromIterable(['streamed']), fields: { 'X-A': '1' } });
	const native = new Request('http://other.org/', request);
	assert.equal(native.method, 'PUT');
	assert.equal(native.headers.get('x-a'), '1');
	assert.equal(await native.text(), 'streamed');
});

test('trailers are asked for once, and are null without any', async () => {
	let asked = 0;
	const fields = FieldList.of({ 'X-Sum': '1' });
	const readTrailers = async (): Promise<FieldList> => {
		asked += 1;
		return fields;
	};
	const request = incoming({ trailersReader: { readTrailers } });
	assert.equal(await request.trailers, fields);
	assert.equal(await derive(request).trailers, fields);
	assert.equal(asked, 1);
	assert.equal(await incoming().trailers, null);
});

test('derive makes another request and leaves the first as it was', () => {
	const payload = bytesSource('body');
	const request = incoming({ method: 'POST', target: '/a', fields: { 'X-A': '1' }, payload });
	const derived = derive(request, { target: '/b', authority: 'other.org', scheme: 'https' });
	derived.headers.set('x-a', '2');
	assert.equal(derived.url, 'https://other.org/b');
	assert.equal(derived.method, 'POST');
	assert.equal(derived.payload, payload);
	assert.equal(request.url, 'http://example.com/a');
	assert.deepEqual(request.fields.raw, ['X-A', '1']);
	assert.equal(derive(request, { payload: null }).payload, null);
	assert.deepEqual([...derive(request, { fields: { Y: '1' } }).fields], [['Y', '1']]);
});

test('derive works on native requests, and refuses one that was read', async () => {
	const native = new Request('http://example.com/x?y', { method: 'POST', body: 'text' });
	const derived = derive(native, { target: '/z' });
	assert.equal(derived.url, 'http://example.com/z');
	assert.equal(await derived.text(), 'text');
	const used = incoming({ payload: 'x' });
	await used.text();
	assert.throws(() => derive(used), TypeError);
	assert.equal(derive(used, { payload: null }).payload, null);
});

test('raw gives the raw request behind any request', async () => {
	const ours = incoming();
	assert.equal(raw(ours), ours);
	const native = new Request('https://example.com:8443/a/b?c#d', {
		method: 'POST',
		body: 'text',
		headers: { 'X-A': '1' },
	});
	const view = raw(native);
	assert.equal(raw(native), view);
	assert.equal(view.target, '/a/b?c');
	assert.equal(view.authority, 'example.com:8443');
	assert.equal(view.scheme, 'https');
	assert.equal(view.form, 'origin');
	assert.equal(view.fields.get('X-a'), '1');
	assert.equal(await collectText(view.payload as never), 'text');
	assert.throws(() => raw({} as Request), TypeError);
});

test('a raw view does not touch the native body until it is started', async () => {
	const native = new Request('http://x/', { method: 'POST', body: 'text' });
	raw(native);
	assert.equal(await native.text(), 'text');
	const sink = { write: () => true, end: () => {}, fail: () => {} };
	assert.throws(() => raw(native).payload?.start(sink), TypeError);
});

test('a request of another copy of the package counts as ours', () => {
	const foreign = Object.create(Request.prototype, { [Symbol.for('turnabout.request')]: { value: true } });
	assert.equal(raw(foreign), foreign);
	assert.ok(foreign instanceof IncomingRequest);
});
