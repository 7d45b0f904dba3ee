/** Fragments from the app in this process: what it is asked, by whom, and what counts as an answer. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bytesSource } from '../../../src/bytes/index.ts';
import { type App, key, lint, type RawRequest, raw, respond } from '../../../src/convention/index.ts';
import { type FragmentOptions, Fragments, resolveIncludes, standing } from '../../../src/theme/includes/index.ts';
import { fragments, page, said } from './asking.ts';

const html = (text: string, fields: Record<string, string> = {}) =>
	respond(200, { 'Content-Type': 'text/html; charset=utf-8', ...fields }, text);

/** An app that answers with its target, and keeps what it was asked. */
function echo(): { app: App; asked: RawRequest[] } {
	const asked: RawRequest[] = [];
	const app: App = (request) => {
		asked.push(raw(request));
		return html(raw(request).target);
	};
	return { app: lint(app), asked };
}

/** What this app's answer to `/x` becomes. */
async function from(t: TestContext, app: App, options: FragmentOptions = {}): Promise<string> {
	return said(await page(t, fragments(t, { app, ...options })).fetch('/x'));
}

const targets: readonly (readonly [href: string, expected: string])[] = [
	['/cart', '/cart'],
	['cart?y=2#part', '/news/cart?y=2'],
	['../a/./b', '/a/b'],
	['?only=query', '/news/today?only=query'],
	['', '/news/today?x=1'],
	['  /spaced\n', '/spaced'],
	['/ü%C3%BC', '/%C3%BC%C3%BC'],
	['http://cms.internal:8080/p?q', '/p?q'],
	['http://cms.internal:8080/', '/'],
	['http://10.0.0.9/app/x', '/app/x'],
];
const nowhere: readonly (readonly [href: string, reason: string])[] = [
	['http://cms.internal/p', 'not-allowed'],
	['http://10.0.0.9/application', 'not-allowed'],
	['http://10.0.0.9/app/../x', 'not-allowed'],
	['http://10.0.0.9/app/%2e%2e/x', 'not-allowed'],
	['http://10.0.0.9/app/..%2fx', 'not-allowed'],
	['//cms.internal:8081/', 'not-allowed'],
	['\\\\evil.example/x', 'not-allowed'],
	['http://site.example/absolute', 'not-allowed'],
	['http://cms.internal:8080@evil.example/', 'bad-href'],
	['http://user:secret@cms.internal:8080/', 'bad-href'],
	['file:///etc/passwd', 'bad-href'],
	['data:text/html,x', 'bad-href'],
	['javascript:alert(1)', 'bad-href'],
	['http://[::1', 'bad-href'],
];

test('hrefs that lead to the app, and those that lead nowhere', async (t) => {
	const { app, asked } = echo();
	const one = fragments(t, { app, inProcess: ['http://cms.internal:8080/', 'http://10.0.0.9/app'] });
	for (const [href, expected] of targets) assert.equal(said(await page(t, one).fetch(href)), expected, href);
	assert.equal(asked.length, targets.length);
	for (const [href, reason] of nowhere) assert.equal(said(await page(t, one).fetch(href)), `!${reason}`, href);
	assert.equal(asked.length, targets.length);
});

test('without an app, relative hrefs lead nowhere', async (t) => {
	assert.equal(said(await page(t, fragments(t, {})).fetch('/x')), '!no-app');
});

const request = {
	url: 'https://site.example/page',
	method: 'POST',
	body: 'posted',
	fields: {
		Cookie: 'session=1',
		Authorization: 'Basic eDp5',
		'Accept-Language': 'de',
		'User-Agent': 'test',
		'X-Forwarded-For': '198.51.100.1',
		Range: 'bytes=0-1',
		'If-None-Match': '"x"',
		'Accept-Encoding': 'br',
		'X-Secret': 'x',
	},
};

test('the app is asked with GET, by the same authority, with the fields of the table', async (t) => {
	const { app, asked } = echo();
	await page(t, fragments(t, { app }), request).fetch('/x');
	await page(t, fragments(t, { app, credentials: 'none' }), request).fetch('/x');
	const [one, two] = asked as [RawRequest, RawRequest];
	assert.deepEqual([one.method, one.authority, one.scheme, one.payload], ['GET', 'site.example', 'https', null]);
	const common = {
		Host: 'site.example',
		'X-Forwarded-For': '198.51.100.1',
		'Accept-Language': 'de',
		'User-Agent': 'test',
		Accept: 'text/html',
		'Accept-Encoding': 'identity',
	};
	assert.deepEqual(Object.fromEntries(two.fields), common);
	assert.deepEqual(Object.fromEntries(one.fields), { ...common, Cookie: 'session=1', Authorization: 'Basic eDp5' });
});

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const typed = (type: string | null, body: string | Uint8Array, fields = {}): App => {
	return () => respond(200, { ...(type === null ? {} : { 'Content-Type': type }), ...fields }, body);
};

const answers: readonly (readonly [what: string, app: App, expected: string])[] = [
	['HTML in UTF-8', typed('text/html', 'ü'), 'ü'],
	['HTML in latin1', typed('Text/HTML; Charset="ISO-8859-1"', bytes('\xfc')), 'ü'],
	['an unknown charset is UTF-8', typed('text/html; charset=nonsense', 'ü'), 'ü'],
	['a byte order mark is dropped', typed('text/html', '\ufeffx'), 'x'],
	['no type at all', typed(null, bytes('<p>')), '<p>'],
	['JavaScript', typed('text/javascript', 'a("</script><!--")'), '<script>a("<\\/script><\\!--")</script>'],
	['CSS', typed('text/css', 'a{b:"</STYLE>"}'), '<style>a{b:"<\\/STYLE>"}</style>'],
	['plain text', typed('text/plain', '<b>&'), '&lt;b&gt;&amp;'],
	['an image', typed('image/png', bytes('\x89PNG')), '!type'],
	['JSON', typed('application/json', '{}'), '!type'],
	['gzip that nobody asked for', typed('text/html', gzipSync('coded'), { 'Content-Encoding': 'gzip' }), 'coded'],
	['broken gzip', typed('text/html', bytes('no gzip'), { 'Content-Encoding': 'gzip' }), '!failed'],
	['an unknown coding', typed('text/html', bytes('x'), { 'Content-Encoding': 'magic' }), '!coding'],
	['a bomb', typed('text/html', gzipSync('0'.repeat(2_000_000)), { 'Content-Encoding': 'gzip' }), '!too-large'],
	['too large', typed('text/html', '0'.repeat(1_048_577)), '!too-large'],
	['just as large as allowed', typed('text/html', bytes('')), ''],
	['404', () => respond(404, null, 'not here'), '!status'],
	['204', () => respond(204), '!status'],
	['206', () => respond(206, { 'Content-Type': 'text/html' }, 'part'), '!status'],
	['302', () => respond(302, { Location: '/other' }), '!redirect'],
	['an app that throws', () => Promise.reject(new Error('broken')), '!failed'],
	['an app that answers nothing', (() => undefined) as unknown as App, '!failed'],
	['a native response', async () => new Response('<p>', { headers: { 'content-type': 'text/html' } }), '<p>'],
];

for (const [what, app, expected] of answers) {
	test(`an answer: ${what}`, async (t) => assert.equal(await from(t, app), expected));
}

test('a file that the app serves is read', async (t) => {
	const app: App = () =>
		respond(200, { 'Content-Type': 'text/plain' }, { path: import.meta.filename, start: 0, length: 7 });
	assert.equal(await from(t, app), '/** Fra');
});

test('redirects are followed as far as it is allowed, within the app under its public name, too', async (t) => {
	const app: App = (asked) => {
		const { target } = raw(asked);
		if (target === '/x') return respond(302, { Location: 'http://localhost/y?z' });
		return target === '/y?z' ? respond(307, { Location: '/end' }) : html(target);
	};
	assert.equal(await from(t, app, { maxRedirects: 2 }), '/end');
	assert.equal(await from(t, app, { maxRedirects: 1 }), '!redirect');
	const away: App = () => respond(302, { Location: 'http://169.254.169.254/' });
	assert.equal(await from(t, away, { maxRedirects: 2 }), '!not-allowed');
});

test('the same href is fetched once for a page, and again for the next', async (t) => {
	const { app, asked } = echo();
	const one = fragments(t, { app });
	const { fetch } = page(t, one);
	const [a, b, c] = await Promise.all([fetch('/x'), fetch('/x#y'), fetch('../x')]);
	assert.deepEqual([a, a], [b, c]);
	await fetch('/x');
	assert.equal(asked.length, 1);
	await page(t, one).fetch('/x');
	assert.equal(asked.length, 2);
	const { begun, active, shared } = one.statistics();
	assert.deepEqual({ begun, active, shared }, { begun: 2, active: 0, shared: 3 });
});

test('fetches of a page run side by side, as many as are allowed', async (t) => {
	const waiting: (() => void)[] = [];
	const begun: string[] = [];
	const app: App = async (asked) => {
		begun.push(raw(asked).target);
		await new Promise<void>((resolve) => waiting.push(resolve));
		return html(raw(asked).target);
	};
	const { fetch } = page(t, fragments(t, { app, concurrency: 2 }));
	const all = Promise.all(['/1', '/2', '/3', '/4'].map((href) => fetch(href)));
	assert.deepEqual(begun, ['/1', '/2']);
	waiting[1]?.();
	await fetch('/2');
	assert.deepEqual(begun, ['/1', '/2', '/3']);
	for (const at of [0, 2]) waiting[at]?.();
	await fetch('/3');
	waiting[3]?.();
	assert.deepEqual((await all).map(said), ['/1', '/2', '/3', '/4']);
});

test('a client that leaves ends what runs and what waits', async (t) => {
	const heard: unknown[] = [];
	const begun: string[] = [];
	let cancelled = 0;
	const app: App = (asked, context) => {
		begun.push(raw(asked).target);
		context.closed.addEventListener('abort', () => heard.push('signal'));
		context.onClosed({ exchangeClosed: () => heard.push('listener') });
		if (raw(asked).target === '/1') return new Promise<Response>(() => {});
		const source = { length: null, start: () => {}, resume: () => {}, cancel: () => void cancelled++ };
		return respond(200, { 'Content-Type': 'text/html' }, source);
	};
	const one = fragments(t, { app, concurrency: 2 });
	const { fetch, exchange } = page(t, one);
	const all = Promise.all(['/1', '/2', '/3'].map((href) => fetch(href)));
	await new Promise((resolve) => setImmediate(resolve));
	exchange.abort();
	assert.deepEqual((await all).map(said), ['!cancelled', '!cancelled', '!cancelled']);
	assert.deepEqual(begun, ['/1', '/2']);
	assert.deepEqual(heard, ['signal', 'listener', 'signal', 'listener']);
	assert.equal(cancelled, 1);
	assert.equal(said(await fetch('/4')), '!cancelled');
	assert.deepEqual(one.statistics().failed, { cancelled: 4 });
	assert.equal(one.statistics().active, 0);
});

test('state that a fragment sets is its own; the page is read', async (t) => {
	const name = key<string>('name');
	const read: (string | undefined)[] = [];
	const app: App = (_asked, context) => {
		read.push(context.get(name));
		context.set(name, 'of the fragment');
		read.push(context.get(name));
		assert.deepEqual([context.offers, context.can.inform, context.can.tunnel], [[], false, false]);
		return html('');
	};
	const { fetch, context } = page(t, fragments(t, { app }));
	context.set(name, 'of the page');
	await Promise.all([fetch('/1'), fetch('/2')]);
	assert.deepEqual(read, ['of the page', 'of the fragment', 'of the page', 'of the fragment']);
	assert.equal(context.get(name), 'of the page');
});

test('pages within pages of the app end at maxDepth instead of waiting for each other', async (t) => {
	const asked: string[] = [];
	const app: App = async (request, context) => {
		asked.push(raw(request).target);
		const fetch = one.forPage(raw(request), context);
		return html(await resolveIncludes('(<esi:include src="/x"/>)', fetch, { esi: true, ssi: false }));
	};
	const one: Fragments = fragments(t, { app, concurrency: 1 });
	assert.equal(said(await page(t, one).fetch('/x')), '((()))');
	assert.deepEqual(asked, ['/x', '/x', '/x']);
	assert.deepEqual(one.statistics().failed, { 'too-deep': 1 });
});

test('what stands where a fragment is missing', async (t) => {
	const fragment = await page(t, fragments(t, {})).fetch('/x');
	assert.equal(standing(fragment, '/x', 'keep', 'kept'), 'kept');
	assert.equal(standing(fragment, '/x', 'remove', 'kept'), '');
	assert.equal(standing(fragment, '/x', { html: '<hr>' }, 'kept'), '<hr>');
	assert.throws(() => standing(fragment, '/x', 'fail', 'kept'), { name: 'HttpError', status: 502, expose: false });
	assert.throws(() => standing({ ok: false, reason: 'timeout', detail: '' }, '/x', 'fail', ''), { status: 504 });
});

test('what is no URL prefix is refused when it is made', () => {
	for (const url of ['/x', 'cms.internal:8080', 'ftp://x/', 'http://a:b@c/', 'http://a/?q', 'http://a/#x', '*']) {
		assert.throws(() => new Fragments({ allow: [url] }), TypeError, url);
		assert.throws(() => new Fragments({ inProcess: [url] }), TypeError, url);
	}
});

test('a payload in pieces is put together before it is decoded', async (t) => {
	const app: App = () => respond(200, { 'Content-Type': 'text/html' }, bytesSource(bytes('\xc3\xbc')));
	assert.equal(await from(t, app), 'ü');
});
