/** Where clients are sent, and that nobody else can choose where. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	type Address,
	type App,
	compositionFaults,
	compositionOf,
	mount,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import {
	type CanonicalHostOptions,
	canonicalHost,
	type HttpsRedirectOptions,
	httpsRedirect,
	type RedirectRules,
	redirect,
	trailingSlash,
} from '../../../src/middleware/redirect/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const hello: App = () => respond(200, null, 'hello');
const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });

/** `308 /new`, or the status alone. */
async function sent(app: App, request: MemoryRequest | string): Promise<string> {
	const answer = await ask(app, typeof request === 'string' ? { target: request } : request);
	const location = answer.fields.get('location');
	return location === null ? String(answer.status) : `${answer.status} ${location}`;
}

const cases: [what: string, rules: RedirectRules, from: string, to: string][] = [
	['a path', { '/old': '/new' }, '/old', '308 /new'],
	['no rule', { '/old': '/new' }, '/other', '200'],
	['the query stays', { '/old': '/new' }, '/old?a=%20&b', '308 /new?a=%20&b'],
	['or not', { '/old': { to: '/new', query: 'drop' } }, '/old?a', '308 /new'],
	['a status', { '/old': { to: '/new', status: 303 } }, '/old', '303 /new'],
	[
		'another host',
		{ '/old/*': 'https://Example.org:8443/new/*' },
		'/old/a/b?q',
		'308 https://example.org:8443/new/a/b?q',
	],
	['another host alone', { '/old': 'https://example.org' }, '/old', '308 https://example.org/'],
	['an address of IPv6', { '/old': 'http://[2001:DB8::1]/' }, '/old', '308 http://[2001:db8::1]/'],
	['a fragment', { '/old/:id': '/new?id=:id#tôp' }, '/old/7?x', '308 /new?id=7&x#t%C3%B4p'],
	['encoded as it came', { '/a/:id': '/b/:id' }, '/a/%C3%B6%252f', '308 /b/%C3%B6%252f'],
	[
		'the same place is no redirect',
		{ '/*rest': '/a/*rest', '/a/*rest': '/*rest', '/a/:x': { to: '/a/1' } },
		'/a/1',
		'200',
	],
	['a fragment in the query is none', { '/a': '/b' }, '/a?x#y', '308 /b?x%23y'],
	['in the path as well', { '/a/:id': '/b/:id' }, '/a/"<{x?y#', '308 /b/%22%3C%7Bx?y%23'],
	['what no URL has is encoded', { '/a': '/b' }, '/a?<script>"\xe9\\{}', '308 /b?%3Cscript%3E%22%E9%5C%7B%7D'],
];
for (const [what, rules, from, to] of cases)
	test(`${what}: ${from}`, async () => {
		assert.equal(await sent(redirect(rules)(hello) as App, from), to);
	});

test('a rule that leads a request to where it is lets it pass, also by a URL', async () => {
	const app = redirect({ '/*': 'http://example.org/*' })(hello) as App;
	assert.equal(await sent(app, { target: '/a?b', authority: 'www.example.org' }), '308 http://example.org/a?b');
	assert.equal(await sent(app, { target: '/a?b', authority: 'Example.org' }), '200');
	assert.equal(
		await sent(app, { target: '/a', authority: 'example.org', scheme: 'https' }),
		'308 http://example.org/a',
	);
});

const hostile = [
	'/old//evil.example',
	'/old///evil.example/%2f..',
	'/old/\\evil.example',
	'/old/%5cevil.example',
	'/old/%2f%2fevil.example',
	'/old/..//evil.example',
	'/old/%0d%0aSet-Cookie:a=b',
	'/old/%09//evil.example',
	'/old/@evil.example',
	'/old/http://evil.example',
	'/old/javascript:alert(1)',
	'/old?//evil.example',
	'/old//evil.example?/',
];
for (const from of hostile)
	test(`no open redirect by ${from}`, async () => {
		for (const to of ['/*', '/new/*']) {
			const answer = await ask(redirect({ '/old/*': to })(hello), { target: from });
			const location = answer.fields.get('location');
			assert.doesNotMatch(answer.fields.raw.join('\n'), /set-cookie/i);
			if (location === null) continue;
			for (const base of ['http://ours.example', 'https://ours.example/a/b'])
				assert.equal(new URL(location, base).host, 'ours.example', location);
		}
	});

test('whatever is asked, the client stays with us, or goes where the table says', async () => {
	const piece = fc.constantFrom(
		'/',
		'//',
		'\\',
		'%2f',
		'%5c',
		'@',
		':',
		'evil.example',
		'.',
		'..',
		'%2e',
		'?',
		'#',
		'%09',
		'%0a',
		';',
		'a',
		'%00',
		'\xa0',
		'&',
	);
	const layers = [
		redirect({ '/in/*': '/*', '/:a/:b': '/:b/:a', '/:a': '/x?to=:a' }),
		trailingSlash('add'),
		trailingSlash('remove'),
	].map((layer) => layer(hello) as App);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom('/', '/in/', '/in'), async (pieces, start) => {
			for (const app of layers) {
				const answer = await ask(app, { target: start + pieces.join('') });
				const location = answer.fields.get('location');
				if (location === null) continue;
				assert.match(location, /^\/(?!\/)[\x21-\x7e]*$/);
				assert.equal(new URL(location, 'https://ours.example/x').host, 'ours.example', location);
			}
		}),
		{ numRuns: 500 },
	);
});

test('below a mount the client is sent below it', async () => {
	const inner = redirect({ '/old/*': '/new/*' })(hello) as App;
	assert.equal(await sent(mount('/cms', inner)(hello) as App, '/cms/old/x?y'), '308 /cms/new/x?y');
	const slash = trailingSlash('remove')(hello) as App;
	assert.equal(await sent(mount('/cms', slash)(hello) as App, '/cms/a/?y'), '308 /cms/a?y');
});

test('to https, with the host of the request where it is ours', async () => {
	const app = httpsRedirect({ hosts: ['example.org', 'WWW.example.org'], except: ['/.well-known/acme-challenge/*'] })(
		hello,
	) as App;
	const by = (authority: string, target = '/a?b'): MemoryRequest => ({ target, authority });
	assert.equal(await sent(app, by('example.org')), '308 https://example.org/a?b');
	assert.equal(await sent(app, by('www.EXAMPLE.org.:8080')), '308 https://www.example.org/a?b');
	assert.equal(await sent(app, by('example.org', '//evil.example')), '308 https://example.org/evil.example');
	assert.equal(await sent(app, by('example.org', '/.well-known/acme-challenge/x')), '200');
	assert.equal(
		await sent(app, by('example.org', '/.well-known/acme-challenge/../../admin')),
		'308 https://example.org/.well-known/acme-challenge/../../admin',
	);
	assert.equal(await sent(app, { ...by('example.org'), scheme: 'https' }), '200');
	assert.equal(
		await sent(app, { target: 'http://example.org', form: 'absolute', authority: 'example.org' }),
		'308 https://example.org/',
	);
	const other = httpsRedirect({ hosts: ['example.org'], port: 8443, status: 307 })(hello) as App;
	assert.equal(await sent(other, { ...by('example.org'), method: 'POST' }), '307 https://example.org:8443/a?b');
});

test('a Host that is not ours is never sent back', async () => {
	const app = httpsRedirect({ hosts: ['example.org'] })(hello) as App;
	for (const authority of [
		'evil.example',
		'example.org.evil.example',
		'evil.example:80@example.org',
		'example.org,evil.example',
		'a.example.org',
		'',
		'example.org:99999',
	]) {
		const answer = await ask(app, { target: '/', authority });
		assert.equal(answer.status, 421, authority);
		assert.doesNotMatch((await answer.text()) + answer.fields.raw.join(), /evil/);
	}
});

test('behind a proxy that ends TLS, https is what the proxy says, and not the client', async () => {
	const app = stack(
		clientAddress({ trust: ['10.0.0.1'], field: 'X-Forwarded-For' }),
		httpsRedirect({ hosts: ['example.org'] }),
	)(hello) as App;
	const fields = { 'X-Forwarded-For': '203.0.113.1', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'example.org' };
	const request = { target: '/a', authority: 'example.org', fields };
	assert.equal(await sent(app, { ...request, remote: ip('10.0.0.1') }), '200');
	assert.equal(await sent(app, { ...request, remote: ip('203.0.113.1') }), '308 https://example.org/a');
	const plain = { ...fields, 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'evil.example' };
	assert.equal(await sent(app, { ...request, fields: plain, remote: ip('10.0.0.1') }), '421');
});

test('to the one host, whatever host was asked for', async () => {
	const app = canonicalHost('example.org')(hello) as App;
	const by = (authority: string, more: MemoryRequest = {}): MemoryRequest => ({ target: '/a?b', authority, ...more });
	assert.equal(await sent(app, by('www.example.org')), '308 http://example.org/a?b');
	assert.equal(await sent(app, by('evil.example', { scheme: 'https' })), '308 https://example.org/a?b');
	assert.equal(await sent(app, by('not a host')), '308 http://example.org/a?b');
	assert.equal(await sent(app, by('EXAMPLE.org:8080')), '200');
	assert.equal(await sent(app, by('example.org', { method: 'OPTIONS', target: '*' })), '200');
	const ported = canonicalHost('example.org:8080')(hello) as App;
	assert.equal(await sent(ported, by('example.org')), '308 http://example.org:8080/a?b');
	assert.equal(await sent(ported, by('example.org:8080')), '200');
	const some = canonicalHost('example.org', { from: ['www.example.org'], except: ['/health'], status: 301 })(
		hello,
	) as App;
	assert.equal(await sent(some, by('www.example.org')), '301 http://example.org/a?b');
	assert.equal(await sent(some, by('api.example.org')), '200');
	assert.equal(await sent(some, by('www.example.org', { target: '/health' })), '200');
});

const slashes: [mode: 'add' | 'remove', from: string, to: string][] = [
	['remove', '/a/?b=/', '308 /a?b=/'],
	['remove', '/a//', '308 /a'],
	['remove', '/', '200'],
	['remove', '/a', '200'],
	['remove', '//evil.example/', '308 /evil.example'],
	['remove', '/%2e%2e/', '200'],
	['add', '/a?b', '308 /a/?b'],
	['add', '/a.d/b', '308 /a.d/b/'],
	['add', '/a/b.html', '200'],
	['add', '/', '200'],
	['add', '//evil', '308 /evil/'],
	['add', '/\\evil', '200'],
	['add', '/keep', '200'],
];
for (const [mode, from, to] of slashes)
	test(`${mode} the slash of ${from}`, async () => {
		assert.equal(await sent(trailingSlash(mode, { except: ['/keep'] })(hello) as App, from), to);
	});

test('on a socket: what is sent is one field, and the method is kept', async (t) => {
	const listener = await listen(t, redirect({ '/old/*': '/new/*' })(hello));
	const peer = await connect(t, portOf(listener));
	const message = await peer.send('POST /old/%0d%0ax HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n').message();
	assert.equal(message.status, 200, 'an encoded line end matches nothing');
	const upgrade = await peer
		.send('GET /old/a?b HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
		.message();
	assert.equal(upgrade.status, 308);
	assert.deepEqual(
		upgrade.fields.filter(([name]) => name.toLowerCase() === 'location'),
		[['Location', '/new/a?b']],
	);
});

const refused: [what: string, make: () => unknown, message: RegExp][] = [
	['no rules', () => redirect(null as never), /^redirect: give it a table/],
	['an empty table', () => redirect({}), /^redirect: there is no rule/],
	[
		'a status that is none',
		() => redirect({ '/a': { to: '/b', status: 304 as never } }),
		/^redirect: "\/a": status must be 301/,
	],
	[
		'an unknown name',
		() => redirect({ '/a': { to: '/b', code: 301 } as never }),
		/^redirect: "\/a": code: no such option/,
	],
	['itself', () => redirect({ '/a/*': '/a/*' }), /^redirect: "\/a\/\*": it leads to itself/],
	['two slashes', () => redirect({ '/a': '//evil.example' }), /another host/],
	['a host from the request', () => redirect({ '/a/:h': 'https://:h/' }), /a host has no parameters/],
	['a part of a host', () => redirect({ ':t.example.org/*': 'https://:t.example.com/*' }), /a host has no parameters/],
	['a user', () => redirect({ '/a': 'https://user@example.org/' }), /is no host/],
	['a script', () => redirect({ '/a': 'javascript://x/%0aalert(1)' }), /only http and https/],
	['a scheme without slashes', () => redirect({ '/a': 'javascript:alert(1)' }), /a path begins with "\/"/],
	['no hosts', () => httpsRedirect({} as HttpsRedirectOptions), /^httpsRedirect: hosts must be a list/],
	['every host', () => httpsRedirect({ hosts: ['*'] }), /^httpsRedirect: hosts: "\*" is no host/],
	['a host with a port', () => httpsRedirect({ hosts: ['example.org:80'] }), /has a port/],
	['a port that is none', () => httpsRedirect({ hosts: ['a.example'], port: 0 }), /^httpsRedirect: port must be/],
	['another name', () => httpsRedirect({ host: 'a' } as never), /host: no such option; .*did you mean hosts\?/],
	['a pattern that is none', () => httpsRedirect({ hosts: ['a'], except: ['x'] }), /^httpsRedirect: except: "x"/],
	['no host', () => canonicalHost('https://example.org'), /^canonicalHost: host: .* is no host/],
	[
		'the same host',
		() => canonicalHost('a.example', { from: ['A.example'] }),
		/^canonicalHost: from has a\.example itself/,
	],
	[
		'another name',
		() => canonicalHost('a.example', { form: [] } as CanonicalHostOptions),
		/form: no such option; .*did you mean from\?/,
	],
	['another mode', () => trailingSlash('strip' as never), /^trailingSlash: mode must be 'add' or 'remove'/],
	['another status', () => trailingSlash('add', { status: 200 as never }), /^trailingSlash: status must be/],
];
for (const [what, make, message] of refused)
	test(`refused at start: ${what}: ${message.source}`, () => {
		assert.throws(make, (error: Error) => {
			assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
			assert.match(error.message, message);
			return true;
		});
	});

test('composition and explain', async () => {
	const layered = redirect({ '/a/:id': '/b/:id' })(hello) as App;
	assert.deepEqual(compositionFaults(layered), []);
	const inside = stack(
		httpsRedirect({ hosts: ['a.example'] }),
		clientAddress({ trust: ['unix'], field: 'Forwarded' }),
	)(hello) as App;
	assert.match(compositionFaults(inside)[0] ?? '', /clientAddress: put it around httpsRedirect/);
	const app: App = (request, context) =>
		respond(200, null, JSON.stringify(compositionOf(layered)?.note.explain?.(raw(request), context)));
	assert.deepEqual(await (await ask(app, '/a/1')).json(), {
		does: ['Sends the client to /b/1.'],
		fields: [{ what: 'adds', name: 'Location', value: '/b/1', on: 'response', source: 'RFC 9110 section 10.2.2' }],
		answers: '308 Permanent Redirect',
	});
	assert.deepEqual(await (await ask(app, '/c')).json(), {
		does: ['Sends this request nowhere else.', 'Passes the request on as it is.'],
	});
});
