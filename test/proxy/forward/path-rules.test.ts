/** Rules by paths: what can be read in several ways is allowed by none it might not fit, and gets round none that denies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allow, deny, firstOf, type PolicyQuestion } from '../../../src/proxy/forward/index.ts';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { ok, origin } from '../../support/raw-server.ts';

function question(path: string | null, scheme = 'https'): PolicyQuestion {
	return { method: 'GET', destination: { scheme, host: 'a.example', port: 443, path } } as unknown as PolicyQuestion;
}

const allows = (path: string | null, ...paths: string[]): boolean => allow({ paths })(question(path)) !== null;
const denies = (path: string | null, ...paths: string[]): boolean => deny({ paths })(question(path)) !== null;

for (const [path, prefix] of [
	['/admin', '/admin'],
	['/admin/', '/admin'],
	['/admin?q=/', '/admin'],
	['/admin/x/y', '/admin'],
	['/%61dmin/x', '/admin'],
	['/admin/%7euser', '/admin/~user'],
	['/admin/x', '/admin/'],
	['/anything', '/'],
	['/@scope%2fname', '/@scope%2Fname'],
] as const) {
	test(`${path} is ${prefix} or below, whoever reads it`, () => {
		assert.deepEqual([allows(path, prefix), denies(path, prefix)], [true, true]);
	});
}

for (const path of ['/administration', '/', '/x/admin', '/x?/admin', '/Admin', '*', '']) {
	test(`${path} is not /admin`, () => {
		assert.deepEqual([allows(path, '/admin'), denies(path, '/admin')], [false, false]);
	});
}

for (const path of [
	'//admin',
	'/./admin',
	'/x/../admin',
	'/x/%2e%2e/admin',
	'/x/%2E./admin',
	'/x/..%2fadmin',
	'/x/..;/admin',
	'/x/..;a=b/admin',
	'/x/%252e%252e/admin',
	'/x%2f..%2fadmin',
	'/x//../admin',
	'/x\\..\\admin',
	'/x/..%5cadmin',
	'/%2fadmin',
	'/admin;x=1',
	'/admin%00.png',
	'/%2561dmin',
	'/admin%2fx',
	'/admin/../x',
	'/x/./../admin/.',
] as const) {
	test(`${path} might be /admin: a deny is not walked around, and an allow not walked into`, () => {
		assert.deepEqual([allows(path, '/admin'), denies(path, '/admin')], [false, true]);
		assert.equal(denies(path, '/elsewhere'), false);
	});
}

test('what leads out of what is allowed is not allowed', () => {
	for (const path of ['/v1/../admin', '/v1/%2e%2e/admin', '/v1/..%2fadmin', '/v1/..;/admin', '/v1/%252e%252e/admin']) {
		assert.equal(allows(path, '/v1'), false, path);
	}
	for (const path of ['/v1//x', '/v1/x;y=1', '/v1/./x', '/v1/x/..', '/v1/a%20b', '/v1/100%']) {
		assert.equal(allows(path, '/v1'), true, path);
	}
});

test('a rule that surely fits possibly fits, and any spelling of a denied path is denied', () => {
	const piece = fc.constantFrom('/', '//', '.', '..', 'a', 'b', ';', '%2e', '%2f', '%5c', '\\', '%25', '%00', '?', 'x');
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('/a', '/a/b', '/'), (pieces, prefix) => {
			const path = `/${pieces.join('')}`;
			assert.ok(!allows(path, prefix) || denies(path, prefix), path);
			// What a browser or a server by RFC 3986 makes of it.
			const { pathname } = new URL(`http://h${path}`);
			const isBelow = pathname === prefix || pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
			if (isBelow) assert.ok(denies(path, prefix), `${path} is ${pathname}`);
			else assert.ok(!allows(path, prefix), `${path} is ${pathname}`);
		}),
		{ numRuns: 2_000 },
	);
});

test('a long path of odd segments is read without stalling', () => {
	for (const text of ['/..', '/%2e', '//', ';', '\\', '%25'] as const) {
		const path = `/${text.repeat(5_000)}`;
		assert.equal(typeof denies(path, '/admin'), 'boolean');
	}
});

test('a tunnel has no path: no rule by paths speaks of it', async (t) => {
	assert.deepEqual([allows(null, '/'), denies(null, '/')], [false, false]);
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t, { forward: { policy: allow({ paths: ['/'] }) } });
	assert.match(await tunnelTo(await p.client(), `127.0.0.1:${there.port}`), /^HTTP\/1\.1 403 /);
});

test('rules by paths decide on the wire, byte for byte, and are named', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const policy = firstOf(deny({ paths: ['/admin'] }), allow({ paths: ['/'] }));
	const p = await forwardProxy(t, { forward: { policy } });
	const client = await p.client();
	const ask = async (path: string) => {
		client.send(`GET http://127.0.0.1:${there.port}${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
		return client.message('GET');
	};
	assert.equal((await ask('/x//y?z=/admin')).status, 200);
	assert.equal((await ask('/x/%2e%2e/%61dmin')).status, 403);
	const refused = await ask('//admin?x');
	assert.equal(refused.status, 403);
	assert.equal(refused.get('proxy-status'), 'turnabout;error=http_request_denied;details="deny all below /admin"');
	assert.equal(there.requests.length, 1);
	assert.equal(there.requests[0]?.target, '/x//y?z=/admin');
});
