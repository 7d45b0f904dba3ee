/** Which responses are themed, which are left alone, and what their fields say afterwards. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesSource, fromIterable } from '../../../src/bytes/index.ts';
import { type App, lint, PendingResponse, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { fakeThemer, HTML, page, watched } from './fake-themer.ts';

test('a page is themed whatever form its payload has', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, 'page.html'), '<p>é</p>');
	const bytes = new TextEncoder().encode('<p>é</p>');
	const payloads = [
		'<p>é</p>',
		bytes,
		bytesSource(bytes),
		fromIterable([bytes.subarray(0, 4), bytes.subarray(4)]),
		{ path: join(folder, 'page.html'), start: 0, length: bytes.length },
	];
	for (const payload of payloads) {
		const answer = await ask(lint(watched(fakeThemer()).layer(page(payload))));
		assert.equal(await answer.text(), '[theme]<p>é</p>[/theme]');
		assert.equal(answer.status, 200);
	}
});

test('a native response is themed like one of ours', async () => {
	const app: App = () => new Response('<p>x</p>', { headers: { 'Content-Type': 'text/html' } });
	assert.equal(await (await ask(watched(fakeThemer()).layer(app))).text(), '[theme]<p>x</p>[/theme]');
});

test('error pages are themed, and XHTML is', async () => {
	for (const status of [200, 201, 203, 400, 403, 404, 410, 500, 502]) {
		const answer = await ask(watched(fakeThemer()).layer(page('<p>x</p>', {}, status)));
		assert.equal(await answer.text(), '[theme]<p>x</p>[/theme]', String(status));
		assert.equal(answer.status, status);
	}
	const xhtml = await ask(watched(fakeThemer()).layer(page('<p/>', { 'Content-Type': 'application/xhtml+xml' })));
	assert.equal(await xhtml.text(), '[theme]<p/>[/theme]');
	assert.equal(xhtml.fields.get('content-type'), 'text/html;charset=utf-8');
});

const ALONE: readonly [string, number, Record<string, string>, string | null][] = [
	['another type', 200, { 'Content-Type': 'application/json' }, '{}'],
	['server-sent events', 200, { 'Content-Type': 'text/event-stream' }, 'data: x\n\n'],
	['no type', 200, {}, null],
	['204', 204, { 'Content-Type': HTML }, null],
	['205', 205, { 'Content-Type': HTML }, null],
	['206', 206, { 'Content-Type': HTML, 'Content-Range': 'bytes 0-2/9' }, '<p>'],
	['301', 301, { 'Content-Type': HTML, Location: '/x' }, '<p>moved</p>'],
	['300', 300, { 'Content-Type': HTML }, '<p>choose</p>'],
	['401', 401, { 'Content-Type': HTML, 'WWW-Authenticate': 'Basic' }, '<p>who?</p>'],
	['an attachment', 200, { 'Content-Type': HTML, 'Content-Disposition': 'Attachment; filename=x.html' }, '<p>'],
	['no-transform', 200, { 'Content-Type': HTML, 'Cache-Control': 'public, No-Transform' }, '<p>'],
	['X-Theme-Off', 200, { 'Content-Type': HTML, 'X-Theme-Off': 'yes' }, '<p>'],
	['X-Diazo-Off', 200, { 'Content-Type': HTML, 'X-Diazo-Off': 'YES' }, '<p>'],
	['an unknown coding', 200, { 'Content-Type': HTML, 'Content-Encoding': 'compress' }, 'zzz'],
	['two codings', 200, { 'Content-Type': HTML, 'Content-Encoding': 'gzip, br' }, 'zzz'],
	['an empty body', 200, { 'Content-Type': HTML }, ''],
	['no body', 200, { 'Content-Type': HTML }, null],
];

test('what is no page is handed on as the same object, at once, with the same fields', () => {
	for (const [name, status, fields, body] of ALONE) {
		const given = respond(status, { ETag: '"x"', 'Last-Modified': 'Tue, 03 Jun 2025 10:00:00 GMT', ...fields }, null);
		const original = respond(status, given.fields.copy(), body);
		const before = original.fields.raw;
		const themer = fakeThemer();
		const app = watched(themer).layer(() => original);
		const context = exchange(() => respond(204)).context;
		const answer = app(exchange(() => respond(204)).request, context, context);
		assert.equal(answer, original, name);
		assert.deepEqual(original.fields.raw, before, name);
		assert.equal(themer.facts.length, 0, name);
	}
});

test('a native response that is no page stays the native object', () => {
	const original = new Response('{}', { headers: { 'Content-Type': 'application/json' } });
	const { request, context } = exchange(() => respond(204));
	assert.equal(watched(fakeThemer()).layer(() => original)(request, context), original);
});

test('without a themer, and where the facts alone say no, nothing is themed', async () => {
	const none = await ask(watched(null).layer(page('<p>x</p>', { ETag: '"a"' })));
	assert.equal(await none.text(), '<p>x</p>');
	assert.equal(none.fields.get('etag'), '"a"');
	const original = respond(200, { 'Content-Type': HTML }, '<p>x</p>');
	const { request, context } = exchange(() => respond(204));
	const themer = fakeThemer({ begin: () => null, varies: ['Cookie'] });
	assert.equal(watched(themer).layer(() => original)(request, context), original);
	assert.match(original.fields.get('vary') ?? '', /Cookie/);
});

test('a page that the rules show unthemed passes through byte for byte', async () => {
	const themer = fakeThemer({ page: { end: () => ({ text: '', themed: false, warnings: [] }) } });
	const bytes = Uint8Array.of(0x3c, 0xe9, 0xff, 0x3e);
	for (const payload of [bytes, fromIterable([bytes.subarray(0, 2), bytes.subarray(2)], 4), bytesSource(bytes)]) {
		const app = watched(themer).layer(page(payload, { 'Content-Length': '4', 'Content-Type': 'text/html' }));
		const answer = await ask(lint(app));
		assert.deepEqual(await answer.bytes(), bytes);
		assert.equal(answer.fields.get('content-length'), '4');
		assert.equal(answer.fields.get('content-type'), 'text/html');
	}
});

test('the trailers of a page that passes through stay; those of a themed page go', async () => {
	const app: App = () =>
		respond(200, { 'Content-Type': HTML, Trailer: 'X-T' }, bytesSource('<p>', FieldList.of({ 'X-T': '1' })), {
			trailing: () => FieldList.of({ 'X-U': '2' }),
		});
	const themedPage = await ask(watched(fakeThemer()).layer(app));
	await themedPage.text();
	assert.equal(await themedPage.trailers, null);
	assert.equal(themedPage.fields.has('trailer'), false);
	const unthemed = fakeThemer({ page: { end: () => ({ text: '', themed: false, warnings: [] }) } });
	const passed = await ask(watched(unthemed).layer(app));
	await passed.text();
	assert.deepEqual((await passed.trailers)?.raw, ['X-T', '1', 'X-U', '2']);
});

test('fields that were true of the old bytes go, the others stay', async () => {
	const fields = {
		'Content-Type': 'text/html; charset=iso-8859-1; profile=x',
		'Content-Length': '8',
		'Content-MD5': 'x',
		Digest: 'x',
		'Repr-Digest': 'x',
		'Content-Digest': 'x',
		'Accept-Ranges': 'bytes',
		'Content-Language': 'de',
		'Content-Security-Policy': "script-src 'nonce-abc'",
		Link: '</a.css>; rel=preload; as=style',
		'Set-Cookie': 'a=b',
	};
	const answer = await ask(watched(fakeThemer()).layer(page('<p>x</p>', fields)));
	await answer.text();
	for (const name of ['content-length', 'content-md5', 'digest', 'repr-digest', 'content-digest', 'accept-ranges']) {
		assert.equal(answer.fields.has(name), false, name);
	}
	assert.equal(answer.fields.get('content-type'), 'text/html;profile=x;charset=utf-8');
	for (const name of ['Content-Language', 'Content-Security-Policy', 'Link', 'Set-Cookie'] as const) {
		assert.equal(answer.fields.get(name), fields[name]);
	}
});

test('Vary names what the page was chosen by, once', async () => {
	const { layer } = watched(fakeThemer({ varies: ['X-Site', 'cookie'] }));
	const answer = await ask(layer(page('<p>', { Vary: 'Cookie, accept-encoding' })));
	const names = (answer.fields.get('vary') ?? '').split(', ');
	assert.deepEqual(names.slice(0, 2), ['Cookie', 'accept-encoding']);
	for (const name of ['X-Site', 'HX-Request', 'X-Requested-With', 'Sec-Fetch-Dest', 'X-Theme-Off']) {
		assert.equal(names.filter((one) => one === name).length, 1, name);
	}
	assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
	assert.equal((await ask(layer(page('<p>', { Vary: '*' })))).fields.get('vary'), '*');
});

test('HEAD gets the fields of the page, and no length', async () => {
	const cancelled: unknown[] = [];
	const source = { length: null, start: () => assert.fail(), resume: () => {}, cancel: () => cancelled.push(1) };
	const fields = { ETag: '"a"', 'Content-Length': '9', 'Accept-Ranges': 'bytes', 'Content-Encoding': 'gzip' };
	const accept = { 'Accept-Encoding': 'gzip' };
	const head = await ask(watched(fakeThemer()).layer(page(source, fields)), { method: 'HEAD', fields: accept });
	const { gzipSync } = await import('node:zlib');
	const get = await ask(watched(fakeThemer()).layer(page(gzipSync('<p>'), { ...fields, 'Content-Length': '23' })), {
		fields: accept,
	});
	assert.deepEqual(head.fields.raw, get.fields.raw);
	assert.equal(head.fields.has('content-length'), false);
	assert.equal(cancelled.length, 1);
});

test('the answer to a proxy is given without a promise', () => {
	const pending = new PendingResponse();
	const { request, context } = exchange(() => respond(204));
	const answer = watched(fakeThemer()).layer(() => pending)(request, context);
	assert.ok(answer instanceof PendingResponse);
	const response = respond(200, { 'Content-Type': 'image/png' }, 'x');
	let told: Response | null = null;
	answer.deliver({ responded: (one) => (told = one), refused: () => assert.fail() });
	pending.resolve(response);
	assert.equal(told, response);
});

test('URLs in fields go through the link map, on redirects and on things that are no pages', async () => {
	const links = {
		inFields: true,
		url: (url: string) => url.replace('http://cms:8080', ''),
		setCookie: (value: string) => value.replace('Domain=cms', 'Domain=www'),
	};
	const fields = FieldList.of([
		...[
			'Location',
			'http://cms:8080/a',
			'Content-Location',
			'http://cms:8080/b',
			'Refresh',
			'5; url="http://cms:8080/c"',
		],
		...['Link', '<http://cms:8080/d>; rel=next, </e>; rel=prev', 'Set-Cookie', 'a=1; Domain=cms', 'Set-Cookie', 'b=2'],
	]);
	const answer = await ask(watched(fakeThemer({ links })).layer(() => respond(302, fields.copy())));
	assert.deepEqual(answer.fields.raw, [
		...['Location', '/a', 'Content-Location', '/b', 'Refresh', '5; url="/c"'],
		...['Link', '</d>; rel=next, </e>; rel=prev', 'Set-Cookie', 'a=1; Domain=www', 'Set-Cookie', 'b=2'],
	]);
	const outside = watched(fakeThemer({ links: { ...links, inFields: false } })).layer(() =>
		respond(302, fields.copy()),
	);
	assert.deepEqual((await ask(outside)).fields.raw, fields.raw);
});

test('why there is no theme is said where the option asks for it', async () => {
	const json = () => respond(200, { 'Content-Type': 'application/json' }, '{}');
	const field = async (app: App, report: 'all' | 'none' | 'limits', fields = {}) =>
		(await ask(watched(fakeThemer({ begin: () => null }), { report }).layer(app), { fields })).fields.get(
			'x-turnabout-theme',
		);
	assert.equal(await field(json, 'all'), 'skipped; reason=type');
	assert.equal(await field(page(), 'all'), 'skipped; reason=rules');
	assert.equal(await field(page(), 'all', { 'HX-Request': 'true' }), 'skipped; reason=request');
	assert.equal(await field(json, 'limits'), null);
	assert.equal(await field(page(), 'none'), null);
});
