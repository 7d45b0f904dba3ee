/** What becomes of requests on their way in: who is shown a page, and what the app is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, type RawRequest, raw, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import type { HttpThemeOptions } from '../../../src/theme/http/index.ts';
import { fakeThemer, page, watched } from './fake-themer.ts';

async function seen(request: MemoryRequest, options: HttpThemeOptions = {}): Promise<RawRequest> {
	let got: RawRequest | null = null;
	const app: App = (one) => {
		got = raw(one);
		return respond(204);
	};
	await ask(watched(fakeThemer(), options).layer(app), request);
	assert.ok(got !== null);
	return got;
}

const isThemed = async (request: MemoryRequest, options: HttpThemeOptions = {}): Promise<boolean> =>
	(await (await ask(watched(fakeThemer(), options).layer(page()), request)).text()).startsWith('[theme]');

test('a request in which nothing has to change is given to the app as it is', async () => {
	const one = exchange(() => respond(204), { fields: { 'Accept-Encoding': 'gzip, deflate, br, zstd', Accept: '*/*' } });
	let got: Request | null = null;
	const app: App = (request) => {
		got = request;
		return respond(204);
	};
	void watched(fakeThemer()).layer(app)(one.request, one.context);
	assert.equal(got, one.request);
});

test('ranges are not asked for where a page could come back', async () => {
	const fields = { Range: 'bytes=0-9', 'If-Range': '"x"', 'X-Other': '1' };
	const page = await seen({ url: '/page', fields });
	assert.deepEqual([page.fields.has('range'), page.fields.has('if-range')], [false, false]);
	assert.equal(page.fields.get('x-other'), '1');
	for (const request of [
		{ url: '/film.mp4', fields },
		{ url: '/film', fields: { ...fields, 'Sec-Fetch-Dest': 'video' } },
	]) {
		assert.equal((await seen(request)).fields.get('range'), 'bytes=0-9');
	}
});

test('only codings that can be taken off again are asked for', async () => {
	for (const [asked, kept] of [
		['gzip, deflate, br, zstd', 'gzip, deflate, br, zstd'],
		['gzip;q=0.5, dcb, dcz, br', 'gzip;q=0.5, br'],
		['compress', 'identity'],
		['*', 'gzip'],
		['br, *;q=0.3', 'br, gzip;q=0.3'],
		['gzip, *;q=0', 'gzip, *;q=0'],
		['x-gzip, compress;q=0', 'x-gzip, compress;q=0'],
	] as const) {
		assert.equal((await seen({ fields: { 'Accept-Encoding': asked } })).fields.get('accept-encoding'), kept, asked);
	}
	assert.equal((await seen({})).fields.has('accept-encoding'), false);
});

test('paths that end like files are not touched, and names further up do not count', async () => {
	const fields = { 'Accept-Encoding': 'dcb', 'If-None-Match': 'W/"a+ts.zz"' };
	for (const url of ['/a.png', '/a.PNG?x=1', '/b/c.css', '/f.tar.gz', 'http://localhost/a.js']) {
		assert.deepEqual((await seen({ url, fields })).fields.get('accept-encoding'), 'dcb', url);
		assert.equal(await isThemed({ url }), false, url);
	}
	for (const url of ['/a.png/view', '/page.html', '/x.php?f=a.png', '/v1.2', '/'])
		assert.ok(await isThemed({ url }), url);
	assert.ok(await isThemed({ url: '/a.png' }, { ignoredExtensions: [] }));
	assert.equal(await isThemed({ url: '/a.foo' }, { ignoredExtensions: ['foo'] }), false);
});

const ASKING: readonly [Record<string, string>, themed: boolean, withFragments: boolean][] = [
	[{}, true, true],
	[{ 'X-Requested-With': 'XMLHttpRequest' }, false, true],
	[{ 'HX-Request': 'true' }, false, true],
	[{ 'HX-Request': 'true', 'HX-Boosted': 'true', 'Sec-Fetch-Dest': 'empty' }, true, true],
	[{ 'HX-Request': 'true', 'HX-History-Restore-Request': 'true' }, true, true],
	[{ 'Sec-Fetch-Dest': 'empty' }, false, true],
	[{ 'Sec-Fetch-Dest': 'document' }, true, true],
	[{ 'Sec-Fetch-Dest': 'iframe' }, true, true],
	[{ 'Sec-Fetch-Dest': 'image' }, false, false],
	[{ 'X-Theme-Off': 'yes' }, false, false],
	[{ 'X-Diazo-Off': 'yes' }, false, false],
	[{ 'X-Theme-Off': 'no' }, true, true],
];

test('what scripts ask for is left alone, unless fragments are themed, too', async () => {
	for (const [fields, plain, withFragments] of ASKING) {
		assert.equal(await isThemed({ fields }), plain, JSON.stringify(fields));
		assert.equal(await isThemed({ fields }, { fragments: true }), withFragments, JSON.stringify(fields));
	}
	assert.ok(await isThemed({ fields: { 'X-Theme-Off': 'yes' } }, { offFromClients: false }));
});

test('a fragment says in Vary what made it one, and keeps its body and its coding', async () => {
	const { layer } = watched(fakeThemer());
	const answer = await ask(layer(page()), { fields: { 'HX-Request': 'true' } });
	assert.match(answer.fields.get('vary') ?? '', /HX-Request/);
	assert.doesNotMatch(answer.fields.get('vary') ?? '', /Accept-Encoding/);
	assert.equal(await answer.text(), '<p>content</p>');
});

test('the facts are those of the request and the status of the content', async () => {
	const themer = fakeThemer();
	const parameters = (request: RawRequest) => ({ lang: request.fields.get('accept-language') ?? '' });
	const { layer } = watched(themer, { parameters });
	const fields = { 'Accept-Language': 'de', 'X-Site': 'a' };
	await ask(layer(page('<p>', {}, 404)), { url: 'https://example.com:8443/n%C3%A9?a=%20b&theme=off', fields });
	const [facts] = themer.facts;
	assert.ok(facts !== undefined);
	const { path, query, host, scheme, status, debug } = facts;
	assert.deepEqual(
		{ path, query, host, scheme, status, debug },
		{
			path: '/né',
			query: 'a=%20b&theme=off',
			host: 'example.com:8443',
			scheme: 'https',
			status: 404,
			debug: 'off',
		},
	);
	assert.deepEqual(facts.parameters, { lang: 'de' });
	assert.deepEqual([facts.header('x-site'), facts.header('x-none')], ['a', null]);
	await ask(layer(page()), { target: 'http://example.com', form: 'absolute' });
	await ask(layer(page()), '/100%');
	assert.deepEqual(
		themer.facts.slice(1).map((one) => one.path),
		['/', '/100%'],
	);
});

test('the development switch is obeyed and taken off in development alone', async () => {
	const themer = fakeThemer();
	const dev = watched(themer, { development: true }).layer((request) =>
		respond(200, { 'Content-Type': 'text/html' }, raw(request).target),
	);
	const text = async (url: string) => (await ask(dev, url)).text();
	assert.equal(await text('/a?theme=off'), '/a');
	assert.equal(await text('/a?x=1&theme=off&y=2'), '/a?x=1&y=2');
	assert.equal(await text('/a?theme=debug&y=2'), '[theme]/a?y=2[/theme]');
	assert.equal(themer.facts.at(-1)?.debug, 'report');
	assert.equal(themer.facts.at(-1)?.query, 'y=2');
	assert.equal(await text('/a?theme=only&y=2'), '[bare /a?y=2]');
	assert.equal(await text('/a?theme=dark'), '[theme]/a?theme=dark[/theme]');
	const production = watched(fakeThemer()).layer((request) =>
		respond(200, { 'Content-Type': 'text/html' }, raw(request).target),
	);
	assert.equal(await (await ask(production, '/a?theme=off')).text(), '[theme]/a?theme=off[/theme]');
});

test('rules may change between two requests', async () => {
	const { themed } = await import('../../../src/theme/http/index.ts');
	let themer: ReturnType<typeof fakeThemer> | null = null;
	const app = themed(() => themer)(page());
	assert.equal(await (await ask(app)).text(), '<p>content</p>');
	themer = fakeThemer();
	assert.equal(await (await ask(app)).text(), '[theme]<p>content</p>[/theme]');
});

test('options that make no sense are refused', async () => {
	const { themed } = await import('../../../src/theme/http/index.ts');
	assert.throws(() => themed(() => null, { maxBytes: 0 }), RangeError);
	assert.throws(() => themed(() => null, { timeout: Number.NaN }), RangeError);
	assert.throws(() => themed(() => null, { defaultCharset: 'klingon' }), RangeError);
});
