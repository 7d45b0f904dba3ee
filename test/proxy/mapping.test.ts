/** Paths on their way in, and references and cookies on their way back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mount, respond } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { exchange, type GatewayOptions, gateway, get, plainGateway, type ReverseOptions } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';

/** What the client asks for and what the upstream gets. */
const prefixes: [prefix: ReverseOptions['prefix'], base: string, asked: string, sent: string][] = [
	[{ strip: '/app' }, '', '/app/x?q=1', '/x?q=1'],
	[{ strip: '/app' }, '', '/app', '/'],
	[{ strip: '/app' }, '', '/app?q', '/?q'],
	[{ strip: '/app' }, '', '/app/', '/'],
	[{ strip: '/app' }, '', '/apple', '/apple'],
	[{ strip: '/app' }, '', '/app//x/../%2F', '//x/../%2F'],
	[{ strip: '/app/' }, '', '/app/x', '/x'],
	[{ strip: '/app' }, '', '/x/app/y', '/x/app/y'],
	[{ strip: '/app' }, '', '/%61pp/x', '/%61pp/x'],
	[{ add: '/base' }, '', '/x', '/base/x'],
	[{ add: '/base/' }, '', '/', '/base/'],
	[{ add: '/base' }, '', '/?q', '/base/?q'],
	[{ strip: '/app', add: '/base' }, '', '/app/x', '/base/x'],
	[{ strip: '/app', add: '/v2' }, '/site', '/app/x', '/site/v2/x'],
	[undefined, '/site/', '/x', '/site/x'],
	[undefined, '', '//x', '//x'],
];

for (const [prefix, base, asked, sent] of prefixes) {
	test(`prefix ${JSON.stringify(prefix ?? {})} before ${base || 'no path'}: ${asked} goes out as ${sent}`, async (t) => {
		const origin = await originOf(t, () => ok('fine'));
		const proxy = reverse(`http://127.0.0.1:${origin.port}${base}`, prefix === undefined ? {} : { prefix });
		t.after(() => proxy.close());
		const client = await connect(t, portOf(await listen(t, proxy)));
		await client.send(get(asked)).message();
		assert.equal(origin.requests[0]?.target, sent);
	});
}

test('a prefix without a slash in front is refused when the proxy is made', () => {
	assert.throws(() => reverse('http://a.example', { prefix: { strip: 'app' } }), {
		name: 'TypeError',
		message: /slash/,
	});
});

/** A reference in the upstream's answer and what the client gets; ORIGIN is the upstream's address. */
interface Reference {
	readonly what: string;
	readonly given: string;
	readonly got: string;
	readonly options?: ReverseOptions;
}

const references: Reference[] = [
	{ what: 'the upstream by its address', given: 'http://ORIGIN/a?b#c', got: 'http://front.example/a?b#c' },
	{ what: 'the upstream without a path', given: 'http://ORIGIN', got: 'http://front.example/' },
	{ what: 'the upstream with a query only', given: 'http://ORIGIN?q', got: 'http://front.example/?q' },
	{ what: 'the upstream without a scheme', given: '//ORIGIN/a', got: 'http://front.example/a' },
	{ what: 'a scheme in capitals', given: 'HTTP://ORIGIN/a', got: 'http://front.example/a' },
	{ what: 'a path', given: '/a/../b', got: '/a/../b' },
	{ what: 'something relative', given: 'next?page=2', got: 'next?page=2' },
	{ what: 'another host', given: 'http://other.example/a', got: 'http://other.example/a' },
	{ what: 'another port', given: 'http://127.0.0.1:1/a', got: 'http://127.0.0.1:1/a' },
	{ what: 'another scheme', given: 'https://ORIGIN/a', got: 'https://ORIGIN/a' },
	{ what: 'something that is no URL', given: 'mailto:a@b.example', got: 'mailto:a@b.example' },
	{ what: 'the name that we passed on', given: 'http://front.example/a', got: 'http://front.example/a' },
	{
		what: 'the name that we passed on, below the prefix that we add',
		given: 'http://front.example/base/a',
		got: 'http://front.example/a',
		options: { prefix: { add: '/base' } },
	},
	{
		what: 'the name that rewrite gave it',
		given: 'http://inner.example/a',
		got: 'http://front.example/a',
		options: {
			rewrite({ out }) {
				out.authority = 'inner.example';
			},
		},
	},
	{
		what: 'a path below the prefix that we add',
		given: '/base/a',
		got: '/a',
		options: { prefix: { add: '/base' } },
	},
	{
		what: 'a path beside the prefix that we add',
		given: '/based/a',
		got: '/based/a',
		options: { prefix: { add: '/base' } },
	},
	{
		what: 'a path where we strip a prefix',
		given: '/a',
		got: '/app/a',
		options: { prefix: { strip: '/app' } },
	},
	{
		what: 'a whole reference where we strip one prefix and add another',
		given: 'http://ORIGIN/base/a?q',
		got: 'http://front.example/app/a?q',
		options: { prefix: { strip: '/app', add: '/base' } },
	},
	{
		what: 'Host set to the upstream’s',
		given: 'http://ORIGIN/a',
		got: 'http://front.example/a',
		options: { host: 'upstream' },
	},
];

for (const { what, given, got, options } of references) {
	test(`Location is mapped: ${what}: ${given} to ${got}`, async (t) => {
		const origin = await originOf(t, () => {
			const value = given.replace('ORIGIN', `127.0.0.1:${origin.port}`);
			return ok('', `Location: ${value}\r\nContent-Location: ${value}\r\n`);
		});
		const proxy = reverse(`http://127.0.0.1:${origin.port}`, { location: 'map', ...options });
		t.after(() => proxy.close());
		const client = await connect(t, portOf(await listen(t, proxy)));
		const answer = await client.send(get('/')).message();
		const expected = got.replace('ORIGIN', `127.0.0.1:${origin.port}`);
		assert.equal(answer.get('location'), expected);
		assert.equal(answer.get('content-location'), expected);
	});
}

test('Location is left alone unless asked', async (t) => {
	const g = await gateway(t, () => ok('', 'Location: http://127.0.0.1/x\r\n'));
	assert.equal((await exchange(g, get('/'))).answer.get('location'), 'http://127.0.0.1/x');
});

test('below a mount, references lead below the mount', async (t) => {
	const origin = await originOf(t, (request) =>
		ok('', `Location: http://127.0.0.1:${origin.port}/login\r\nContent-Location: ${request.target}\r\n`),
	);
	const proxy = reverse(`http://127.0.0.1:${origin.port}`, { location: 'map' });
	t.after(() => proxy.close());
	const outer = mount('/shop', proxy)(() => respond(404));
	const client = await connect(t, portOf(await listen(t, outer)));
	const answer = await client.send(get('/shop/cart?x')).message();
	assert.equal(origin.requests[0]?.target, '/cart?x');
	assert.equal(origin.requests[0]?.get('x-forwarded-prefix'), '/shop');
	assert.equal(answer.get('location'), 'http://front.example/shop/login');
	assert.equal(answer.get('content-location'), '/shop/cart?x');
});

const cookies: [what: string, mapping: NonNullable<ReverseOptions['cookies']>, given: string, got: string][] = [
	['a domain', { domain: 'front.example' }, 'a=1; Domain=inner.example; Path=/', 'a=1; Domain=front.example; Path=/'],
	['no domain', { domain: null }, 'a=1; Domain=.inner.example; Secure', 'a=1; Secure'],
	['a domain where there is none', { domain: 'front.example' }, 'a=1; HttpOnly', 'a=1; HttpOnly'],
	['capitals', { domain: 'front.example' }, 'a=1; DOMAIN=INNER', 'a=1; Domain=front.example'],
	['a path', { path: { '/app': '/shop' } }, 'a=1; Path=/app/cart', 'a=1; Path=/shop/cart'],
	['a whole path', { path: { '/app': '/shop' } }, 'a=1; path=/app', 'a=1; Path=/shop'],
	['a path beside', { path: { '/app': '/shop' } }, 'a=1; Path=/apple', 'a=1; Path=/apple'],
	['the root', { path: { '/': '/shop' } }, 'a=1; Path=/', 'a=1; Path=/shop/'],
	['below the root', { path: { '/': '/shop' } }, 'a=1; Path=/x', 'a=1; Path=/shop/x'],
	['to the root', { path: { '/app': '/' } }, 'a=1; Path=/app', 'a=1; Path=/'],
	['the longest prefix', { path: { '/a': '/1', '/a/b': '/2' } }, 'a=1; Path=/a/b/c', 'a=1; Path=/2/c'],
	['a path with an equals sign', { path: { '/app': '/shop' } }, 'a=1; Path=/app/x=y', 'a=1; Path=/shop/x=y'],
	['a value with anything', { domain: null }, 'a="x=1;y"; Domain=d', 'a="x=1;y"'],
];

for (const [what, mapping, given, got] of cookies) {
	test(`Set-Cookie is mapped: ${what}`, async (t) => {
		const options: GatewayOptions = { reverse: { cookies: mapping } };
		const g = await gateway(t, () => ok('', `Set-Cookie: ${given}\r\nSet-Cookie: second=2\r\n`), options);
		const { answer } = await exchange(g, get('/'));
		assert.deepEqual(answer.all('set-cookie'), [got, 'second=2']);
	});
}

test('what the client sends in Cookie is not touched by any mapping', async (t) => {
	const g = await plainGateway(t, { reverse: { cookies: { domain: null, path: { '/': '/x' } } } });
	const { seen } = await exchange(g, get('/', 'Cookie: a=1; b="2"\r\n'));
	assert.equal(seen?.get('cookie'), 'a=1; b="2"');
});
