/** What somebody does with logins who means harm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { App } from '../../../src/convention/index.ts';
import { localPath } from '../../../src/middleware/oidc/local-path.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { appAt, asked, callback, logIn, page, who } from './login.ts';
import { type Answer, type StubProvider, stubProvider } from './stub-provider.ts';

/** Begins a login, and gives back its state. */
async function begin(app: App, stub: StubProvider, jar: CookieJar, path = '/'): Promise<string> {
	const query = asked(await jar.ask(app, path, page));
	stub.nonce = query.get('nonce') ?? '';
	return query.get('state') ?? '';
}

const elsewhere = [
	'//evil.example',
	'/\\evil.example',
	'\\\\evil.example',
	'/\t/evil.example',
	'/\n/evil.example',
	'/\r\n/evil.example',
	'///evil.example',
	'/ /evil.example',
	'https://evil.example',
	'https:evil.example',
	'javascript:alert(1)',
	'data:text/html,x',
	'evil.example',
	'@evil.example',
	'.evil.example',
	'/./\\evil.example',
	'/.//evil.example',
	'/x/..//evil.example',
	'/%0a\r\nSet-Cookie: a=b',
	'/\u0000',
	'/é',
	'',
	' /x',
	`/${'x'.repeat(3000)}`,
	'/login',
	'/login?back=/login',
	'/login/callback?code=x',
	'/logout',
];
for (const back of elsewhere) {
	test(`after a login nobody is sent to ${JSON.stringify(back.slice(0, 40))}`, async (t) => {
		const stub = await stubProvider(t);
		const app = appAt(stub);
		const jar = new CookieJar();
		const query = asked(await jar.ask(app, `/login?back=${encodeURIComponent(back)}`));
		stub.nonce = query.get('nonce') ?? '';
		const answer = await jar.ask(app, callback(stub, query.get('state')));
		assert.equal(answer.fields.get('location'), '/');
	});
}

test('a request whose target names another server goes back to the first page', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	for (const target of ['//evil.example/', 'http://evil.example/x', '/\\evil.example', '/x/..//evil.example']) {
		const jar = new CookieJar();
		const state = await begin(app, stub, jar, target);
		assert.equal((await jar.ask(app, callback(stub, state))).fields.get('location'), '/', target);
	}
});

test('no text at all leads to another server', () => {
	const odd = fc.string({
		unit: fc.constantFrom('/', '\\', '.', ':', '@', '\t', '\n', ' ', '%2f', '?', '#', 'a', '\u2028', 'ſ'),
	});
	fc.assert(
		fc.property(odd, (text) => {
			for (const path of [text, `/${text}`]) {
				const local = localPath(path);
				if (local === null) continue;
				const url = new URL(local, 'https://here.example/deep/page');
				assert.equal(url.origin, 'https://here.example');
				// And what it has become is no other server's address for who resolves it again.
				assert.equal(new URL(url.pathname + url.search, 'https://here.example').origin, 'https://here.example');
				assert.match(local, /^\/[!-~]*$/);
			}
		}),
		{ numRuns: 2000 },
	);
});

test('the time to judge a path grows with its length and no faster', () => {
	const began = performance.now();
	for (const text of ['/'.repeat(1e6), `/${'a/'.repeat(1e6)}\\`, `/${'%'.repeat(1e6)}`])
		assert.equal(localPath(text), null);
	assert.ok(performance.now() - began < 1000);
});

test('a login that another browser has begun ends nowhere: state is bound to the browser', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const attacker = new CookieJar();
	const state = await begin(app, stub, attacker);
	const victim = new CookieJar();
	await begin(app, stub, victim);
	const answer = await victim.ask(app, callback(stub, state));
	assert.equal(answer.status, 400);
	assert.match(await answer.text(), /not begun in this browser.*begin again at \/login/);
	assert.equal(stub.asked.length, 0);
	assert.deepEqual(await who(app, victim), { status: 401 });
});

test('a state is good once', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const path = callback(stub, await begin(app, stub, jar));
	assert.equal((await jar.ask(app, path)).status, 303);
	assert.equal((await jar.ask(app, path)).status, 400);
	assert.equal(stub.asked.length, 1);
});

test('a state is good for ten minutes', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const path = callback(stub, await begin(app, stub, jar));
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 601_000 });
	assert.equal((await jar.ask(app, path)).status, 400);
});

test('a state that is missing, empty, or named twice ends nowhere', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const state = await begin(app, stub, jar);
	for (const query of [
		'',
		'?',
		'?code=x',
		'?state=',
		'?state=constructor&code=x',
		`?code=x&state=${state}&state=${state}`,
	])
		assert.equal((await jar.ask(app, `/login/callback${query}`)).status, 400, query);
	assert.equal(stub.asked.length, 0);
});

test('mix-up: the answer of another provider ends nowhere (RFC 9207)', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const state = await begin(app, stub, jar);
	for (const iss of ['https://evil.example', `${stub.issuer}/`, ''])
		assert.equal((await jar.ask(app, callback(stub, state, { iss }))).status, 400, iss);
	assert.equal((await jar.ask(app, `/login/callback?code=x&state=${state}`)).status, 400);
	assert.equal(stub.asked.length, 0);
	assert.deepEqual(await who(app, jar), { status: 401 });
});

test('what the provider says of an error stays inside', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const state = await begin(app, stub, jar);
	const query = new URLSearchParams({ state, iss: stub.issuer, error: 'access_denied', error_description: '<script>' });
	const answer = await jar.ask(app, `/login/callback?${query.toString()}`);
	assert.equal(answer.status, 403);
	assert.equal(await answer.text(), 'The login was refused\n');
});

const none = (header: object, claims: object): string =>
	`${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

const lies: readonly [what: string, status: number, answer: (stub: StubProvider) => Answer][] = [
	['a code that was used', 400, () => ({ status: 400, body: { error: 'invalid_grant' } })],
	['a secret that is wrong', 502, () => ({ status: 401, body: { error: 'invalid_client' } })],
	['a nonce of another login', 400, () => ({ claims: { nonce: 'other' } })],
	['a token for another client', 400, () => ({ claims: { aud: 'other' } })],
	['a token of another issuer', 400, () => ({ claims: { iss: 'https://evil.example' } })],
	['a forged signature', 400, () => ({ forged: true })],
	[
		'alg: none',
		400,
		(stub) => {
			const now = Math.floor(Date.now() / 1000);
			const claims = { iss: stub.issuer, sub: 'eve', aud: 'client', nonce: stub.nonce, iat: now, exp: now + 60 };
			return { idToken: none({ alg: 'none' }, claims) };
		},
	],
	['no ID token', 400, () => ({ body: { id_token: undefined } })],
	['an ID token that is none', 400, () => ({ idToken: 'x' })],
];
for (const [what, status, answer] of lies) {
	test(`${what} logs nobody in: ${status}`, async (t) => {
		const stub = await stubProvider(t);
		const app = appAt(stub);
		const jar = new CookieJar();
		const path = callback(stub, await begin(app, stub, jar));
		stub.answer = answer(stub);
		const back = await jar.ask(app, path);
		assert.equal(back.status, status);
		assert.match(await back.text(), /^(?:This login|The login|The provider|5)[\w ]*\n$/);
		assert.deepEqual(await who(app, jar), { status: 401 });
	});
}

test('userinfo of somebody else logs nobody in', async (t) => {
	const stub = await stubProvider(t);
	stub.userInfo = { sub: 'eve', email: 'ada@example.com' };
	const app = appAt(stub, { userInfo: true });
	const jar = new CookieJar();
	assert.equal((await jar.ask(app, callback(stub, await begin(app, stub, jar)))).status, 400);
});

test('a renewal that speaks of somebody else ends the login', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	stub.answer = { expiresIn: 30 };
	const jar = await logIn(app, stub);
	stub.sub = 'eve';
	assert.deepEqual(await who(app, jar), { status: 401 });
});

test('fixation: the cookie from before the login is worth nothing after it', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, { optional: true });
	// The attacker has begun the session, and planted its cookie with the victim.
	const attacker = new CookieJar();
	await attacker.ask(app, '/keep/bait');
	assert.equal(attacker.cookies.size, 1);
	const victim = new CookieJar();
	victim.take([attacker.header]);
	const state = await begin(app, stub, victim, '/login');
	assert.equal((await victim.ask(app, callback(stub, state))).status, 303);
	assert.notEqual(victim.header, attacker.header);
	assert.equal((await who(app, victim))['who'], 'ada');
	assert.equal((await who(app, attacker))['who'], null);
});

test('the next user of a browser finds nothing of the one before; the same one finds it all', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = await logIn(app, stub);
	await jar.ask(app, '/keep/secret');
	const again = async (): Promise<void> => {
		const query = asked(await jar.ask(app, '/login'));
		stub.nonce = query.get('nonce') ?? '';
		assert.equal((await jar.ask(app, callback(stub, query.get('state')))).status, 303);
	};
	await again();
	assert.equal((await who(app, jar))['kept'], 'secret');
	stub.sub = 'eve';
	await again();
	const eve = await who(app, jar);
	assert.deepEqual([eve['who'], eve['kept']], ['eve', undefined]);
});

test('claims pollute nothing', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, { nameClaim: 'toString' });
	stub.answer = {
		claims: JSON.parse(
			'{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"deep":{"__proto__":{"admin":true}}}',
		),
	};
	const jar = await logIn(app, stub);
	const { who: name, claims } = await who(app, jar);
	assert.equal(name, 'ada');
	assert.deepEqual((claims as Record<string, unknown>)['deep'], {});
	assert.equal(({} as Record<string, unknown>)['admin'], undefined);
	assert.equal(Object.hasOwn(claims as object, '__proto__'), false);
});

test('a Host that is another is told to the provider, which knows ours; one that is none is refused', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const query = asked(await new CookieJar().ask(app, '/', { ...page, authority: 'evil.example' }));
	assert.equal(query.get('redirect_uri'), 'https://evil.example/login/callback');
	for (const authority of ['', 'a@evil.example', 'a/b', 'a?b'])
		assert.equal((await new CookieJar().ask(app, '/', { ...page, authority })).status, 400, authority);
});
