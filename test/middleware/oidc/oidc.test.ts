import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { mount, respond, stack } from '../../../src/convention/index.ts';
import { oidc } from '../../../src/middleware/oidc/index.ts';
import { memorySessions, sessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { appAt, asked, callback, logIn, optionsFor, page, SECRET, who } from './login.ts';
import { stubProvider } from './stub-provider.ts';

for (const [where, kept] of [
	['a store', () => ({ store: memorySessions() })],
	['the cookie', () => ({ secret: randomBytes(32) })],
] as const) {
	test(`a login goes to the provider and back to the page, with the session in ${where}`, async (t) => {
		const stub = await stubProvider(t);
		const app = appAt(stub, { parameters: { prompt: 'login' } }, kept());
		const jar = new CookieJar();
		const query = asked(await jar.ask(app, '/deep/page?x=1&y=%2F', page));
		assert.equal(query.get('response_type'), 'code');
		assert.equal(query.get('client_id'), 'client');
		assert.equal(query.get('redirect_uri'), 'https://localhost/login/callback');
		assert.equal(query.get('scope'), 'openid profile email');
		assert.equal(query.get('code_challenge_method'), 'S256');
		assert.equal(query.get('prompt'), 'login');

		stub.nonce = query.get('nonce') ?? '';
		const back = await jar.ask(app, callback(stub, query.get('state')));
		assert.equal(back.status, 303);
		assert.equal(back.fields.get('location'), '/deep/page?x=1&y=%2F');
		assert.equal(back.fields.get('cache-control'), 'no-store');
		const [form] = stub.asked;
		assert.equal(form?.get('redirect_uri'), 'https://localhost/login/callback');
		const challenge = createHash('sha256')
			.update(form?.get('code_verifier') ?? '')
			.digest('base64url');
		assert.equal(challenge, query.get('code_challenge'));
		assert.deepEqual(await who(app, jar), { who: 'ada', claims: { iss: stub.issuer, sub: 'ada' }, token: 'access-1' });
	});
}

test('tokens and the secret never reach the browser', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, {}, { secret: randomBytes(32) });
	const jar = await logIn(app, stub);
	assert.ok(!/access-|refresh-|eyJ/.test(jar.header));
	const query = asked(await new CookieJar().ask(app, '/', page));
	assert.ok(!query.toString().includes(encodeURIComponent(SECRET)));
});

const unauthenticated: readonly [what: string, status: number, request: Parameters<CookieJar['ask']>[2]][] = [
	['a page by Accept', 303, page],
	['a navigation by Sec-Fetch-Mode', 303, { fields: { 'sec-fetch-mode': 'navigate' } }],
	['a script that asks for HTML', 401, { fields: { 'sec-fetch-mode': 'cors', accept: 'text/html' } }],
	['an API', 401, { fields: { accept: 'application/json' } }],
	['nothing said', 401, {}],
	['a form', 401, { method: 'POST', fields: { accept: 'text/html' }, body: 'x' }],
	['a WebSocket', 401, { fields: { accept: 'text/html', upgrade: 'websocket', connection: 'upgrade' } }],
	['a WebSocket to the login', 401, { fields: { upgrade: 'websocket', connection: 'upgrade' } }],
	['a CONNECT', 401, { method: 'CONNECT', form: 'authority' }],
];
for (const [what, status, request] of unauthenticated) {
	test(`without a login, ${what} gets ${status}`, async (t) => {
		const stub = await stubProvider(t);
		const target = what === 'a CONNECT' ? 'a.example:443' : what.endsWith('the login') ? '/login' : '/x';
		const answer = await new CookieJar().ask(appAt(stub), target, request);
		assert.equal(answer.status, status);
		// RFC 9110 section 15.5.2.
		if (status === 401) assert.equal(answer.fields.get('www-authenticate'), 'OIDC login="/login"');
	});
}

test('on sockets, an upgrade without a login gets 401, and with one its 101', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = await logIn(app, stub);
	const port = portOf(await listen(t, app));
	for (const [cookie, status] of [
		['', '401'],
		[`Cookie: ${jar.header}\r\n`, '101'],
	]) {
		const peer = await connect(t, port);
		peer.send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n${cookie}\r\n`);
		assert.match(await peer.read('\r\n'), new RegExp(`^HTTP/1.1 ${status} `));
	}
});

test('with a login that is optional everybody passes, and who is logged in has an identity', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, { optional: true });
	const jar = new CookieJar();
	assert.deepEqual(await who(app, jar), { who: null });
	const query = asked(await jar.ask(app, '/login?back=/me'));
	stub.nonce = query.get('nonce') ?? '';
	assert.equal((await jar.ask(app, callback(stub, query.get('state')))).fields.get('location'), '/me');
	assert.equal((await who(app, jar))['who'], 'ada');
});

test('logging out ends the session here, and asks the provider to end its own', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, { afterLogout: '/bye' });
	const jar = await logIn(app, stub);
	const stolen = jar.header;
	for (const method of ['GET', 'HEAD', 'PUT']) {
		const answer = await jar.ask(app, '/logout', { method });
		assert.deepEqual([answer.status, answer.fields.get('allow')], [405, 'POST']);
	}
	assert.equal((await who(app, jar))['who'], 'ada');
	const url = new URL((await jar.ask(app, '/logout', { method: 'POST' })).fields.get('location') ?? '');
	assert.equal(url.pathname, '/end');
	assert.equal(url.searchParams.get('post_logout_redirect_uri'), 'https://localhost/bye');
	assert.match(url.searchParams.get('id_token_hint') ?? '', /^eyJ/);
	assert.equal(jar.cookies.size, 0);
	const thief = new CookieJar();
	thief.take([stolen]);
	assert.deepEqual(await who(app, thief), { status: 401 });
	assert.equal((await jar.ask(app, '/logout', { method: 'POST' })).fields.get('location'), '/bye');
});

test('where the provider has no logout, the browser stays here', async (t) => {
	const stub = await stubProvider(t);
	stub.extra = { end_session_endpoint: undefined };
	const app = appAt(stub);
	const jar = await logIn(app, stub);
	assert.equal((await jar.ask(app, '/logout', { method: 'POST' })).fields.get('location'), '/');
	assert.deepEqual(await who(app, jar), { status: 401 });
});

test('tokens are renewed before they expire, once for all who ask at the same time', async (t) => {
	for (const kept of [{ store: memorySessions() }, { secret: randomBytes(32) }]) {
		const stub = await stubProvider(t);
		const app = appAt(stub, {}, kept);
		stub.answer = { expiresIn: 30 };
		const jar = await logIn(app, stub);
		stub.answer = {};
		const gate = Promise.withResolvers<void>();
		stub.gate = gate.promise;
		const old = new CookieJar();
		old.take([jar.header]);
		const all = Promise.all([who(app, jar), who(app, jar), who(app, jar)]);
		gate.resolve();
		assert.deepEqual(new Set((await all).map(({ token }) => token)), new Set(['access-2']));
		assert.deepEqual(
			stub.asked.map((form) => form.get('grant_type')),
			['authorization_code', 'refresh_token'],
		);
		// One that was on its way with the old cookie asks nobody either.
		assert.equal((await who(app, old))['token'], 'access-2');
		assert.equal(stub.asked.length, 2);
	}
});

test('a login that the provider has ended is over here', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	stub.answer = { expiresIn: 30 };
	const jar = await logIn(app, stub);
	stub.answer = { status: 400, body: { error: 'invalid_grant' } };
	assert.deepEqual(await who(app, jar), { status: 401 });
	asked(await jar.ask(app, '/', page));
});

test('while a token is good a provider that is down hurts nobody; afterwards it is 503', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	stub.answer = { expiresIn: 30 };
	const jar = await logIn(app, stub);
	stub.down = true;
	assert.equal((await who(app, jar))['who'], 'ada');
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 });
	const answer = await jar.ask(app, '/me');
	assert.deepEqual([answer.status, answer.fields.get('retry-after')], [503, '5']);
	stub.down = false;
	assert.equal((await who(app, jar))['token'], 'access-2');
});

test('a provider that cannot be found is asked again, but not by everybody at once', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	stub.down = true;
	const jar = new CookieJar();
	for (let i = 0; i < 3; i++) {
		const answer = await jar.ask(app, '/', page);
		assert.deepEqual([answer.status, answer.fields.get('retry-after')], [503, '5']);
		assert.equal(await answer.text(), 'The service that logs in cannot be reached\n');
	}
	stub.down = false;
	assert.equal((await jar.ask(app, '/', page)).status, 503);
	await new Promise((resolve) => setTimeout(resolve, 1050));
	asked(await jar.ask(app, '/', page));
	asked(await jar.ask(app, '/', page));
	assert.equal(stub.discoveries, 1);
});

test('below a mount all paths are those that the browser knows', async (t) => {
	const stub = await stubProvider(t);
	const login = oidc(optionsFor(stub));
	const inner = stack(sessions({ store: memorySessions() }), login)(() => respond(200, null, 'in'));
	const app = mount('/cms', inner)(() => respond(404));
	const jar = new CookieJar();
	const query = asked(await jar.ask(app, '/cms/page?x', page));
	assert.equal(query.get('redirect_uri'), 'https://localhost/cms/login/callback');
	stub.nonce = query.get('nonce') ?? '';
	const back = await jar.ask(app, `/cms${callback(stub, query.get('state'))}`);
	assert.equal(back.fields.get('location'), '/cms/page?x');
	assert.equal(await (await jar.ask(app, '/cms/x')).text(), 'in');
});

test('claims of userinfo come where they are asked for, and name the user', async (t) => {
	const stub = await stubProvider(t);
	stub.userInfo = { sub: 'ada', email: 'ada@example.com', nonce: 'x' };
	const app = appAt(stub, { userInfo: true, nameClaim: 'email' });
	const jar = await logIn(app, stub);
	assert.deepEqual(await who(app, jar), {
		who: 'ada@example.com',
		claims: { iss: stub.issuer, sub: 'ada', email: 'ada@example.com' },
		token: 'access-1',
	});
});

test('logins in several tabs of one browser do not disturb each other', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const first = asked(await jar.ask(app, '/first', page));
	asked(await jar.ask(app, '/second', page));
	stub.nonce = first.get('nonce') ?? '';
	assert.equal((await jar.ask(app, callback(stub, first.get('state')))).fields.get('location'), '/first');
});

test('many logins that are begun keep the cookies few and small', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, {}, { secret: randomBytes(32) });
	const jar = new CookieJar();
	for (let i = 0; i < 20; i++) asked(await jar.ask(app, `/${'x'.repeat(i * 100)}`, page));
	assert.ok(jar.header.length < 3500, String(jar.header.length));
	await logIn(app, stub, jar);
});

test('a page whose path is too long to be kept is left for the first one', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const query = asked(await jar.ask(app, `/${'x'.repeat(3000)}`, page));
	stub.nonce = query.get('nonce') ?? '';
	assert.equal((await jar.ask(app, callback(stub, query.get('state')))).fields.get('location'), '/');
});

test('the origin of an option stands in for what the request says', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub, { origin: 'https://public.example' });
	const query = asked(await new CookieJar().ask(app, '/', { ...page, authority: 'internal:8080', scheme: 'http' }));
	assert.equal(query.get('redirect_uri'), 'https://public.example/login/callback');
});
