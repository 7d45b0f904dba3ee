/** Logins under way live in cookies of their own: whoever only begins one leaves nothing here. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { compositionFaults, mount, respond, stack } from '../../../src/convention/index.ts';
import { oidc } from '../../../src/middleware/oidc/index.ts';
import { memorySessions, sessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { appAt, asked, callback, optionsFor, page, who } from './login.ts';
import { type StubProvider, stubProvider } from './stub-provider.ts';

/** Where a browser that holds these cookies ends with a state. */
async function ends(app: Parameters<CookieJar['ask']>[0], stub: StubProvider, jar: CookieJar, state: string | null) {
	const answer = await jar.ask(app, callback(stub, state));
	return answer.status === 303 ? answer.fields.get('location') : answer.status;
}

test('visitors who are sent to log in, or come back with nothing, put nothing into the store', async (t) => {
	const stub = await stubProvider(t);
	const store = memorySessions();
	const app = appAt(stub, {}, { store });
	for (let i = 0; i < 50; i++) {
		const jar = new CookieJar();
		asked(await jar.ask(app, i % 2 === 0 ? '/' : '/login', page));
		assert.deepEqual(
			[...jar.cookies.keys()].map((name) => name.replace(/-[\w-]+$/, '')),
			['__Host'],
		);
		assert.equal(await ends(app, stub, jar, 'unknown'), 400);
	}
	assert.equal(store.statistics().entries, 0);
});

test('the cookie of a login under way is sealed, short-lived, and for this host alone', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const answer = await new CookieJar().ask(app, '/page', page);
	const query = asked(answer);
	const [line = '', ...more] = answer.fields.all('set-cookie');
	assert.deepEqual(more, []);
	const [pair = '', ...attributes] = line.split('; ');
	assert.match(pair, /^__Host-login-[\w-]{8}-[\w-]{16}=[\w-]{100,400}$/);
	assert.deepEqual(attributes, ['Path=/', 'Max-Age=600', 'Secure', 'HttpOnly', 'SameSite=Lax']);
	const plain = Buffer.from(pair.slice(pair.indexOf('=') + 1), 'base64url').toString('latin1');
	for (const secret of [query.get('state'), query.get('nonce'), '/page']) assert.ok(!plain.includes(secret ?? ''));
	assert.ok(!line.includes(query.get('state') ?? ''));
});

test('over http the cookie is not Secure, which browsers would not take', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const request = { ...page, scheme: 'http' } as const;
	const jar = new CookieJar();
	const answer = await jar.ask(app, '/x', request);
	assert.match(answer.fields.get('set-cookie') ?? '', /^login-[^;]*; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
	const query = asked(answer);
	stub.nonce = query.get('nonce') ?? '';
	const back = await jar.ask(app, callback(stub, query.get('state')), { scheme: 'http' });
	assert.equal(back.fields.get('location'), '/x');
});

test('a browser that opens many pages at once can log in from each of them', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	// None of them sees what the others are given.
	const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => new CookieJar().ask(app, `/${i}`, page)));
	for (const answer of answers) jar.take(answer.fields.all('set-cookie'));
	for (const [i, answer] of answers.entries()) {
		const query = asked(answer);
		stub.nonce = query.get('nonce') ?? '';
		assert.equal(await ends(app, stub, jar, query.get('state')), `/${i}`);
	}
	// And each has taken its cookie with it.
	assert.deepEqual([...jar.cookies.keys()], ['__Host-session']);
});

test('a browser keeps a few at most: the oldest goes', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const jar = new CookieJar();
	const states: (string | null)[] = [];
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
	for (let i = 0; i < 7; i++) {
		const query = asked(await jar.ask(app, `/${i}`, page));
		states.push(query.get('state'));
		t.mock.timers.tick(1000);
	}
	assert.equal(jar.cookies.size, 5);
	const [first, second] = states;
	for (const state of [first, second]) assert.equal(await ends(app, stub, jar, state ?? null), 400);
});

test('what a browser cannot have from us is taken away, in bounded number', async (t) => {
	const stub = await stubProvider(t);
	const app = appAt(stub);
	const real = new CookieJar();
	await real.ask(app, '/', page);
	const [name = '', value = ''] = [...real.cookies][0] ?? [];
	const jar = new CookieJar();
	for (let i = 0; i < 200; i++) jar.cookies.set(`${name.slice(0, -3)}${i + 100}`, value);
	const answer = await jar.ask(app, '/', page);
	asked(answer);
	assert.equal(answer.fields.all('set-cookie').length, 17);
});

const twists: readonly [string, (name: string, value: string) => [string, string]][] = [
	['of another name', (name, value) => [`${name.slice(0, -1)}${name.endsWith('A') ? 'B' : 'A'}`, value]],
	[
		'with a bit turned',
		(name, value) => [name, `${value.slice(0, -4)}${value.at(-4) === 'A' ? 'B' : 'A'}${value.slice(-3)}`],
	],
	['cut short', (name, value) => [name, value.slice(0, -1)]],
	['that is empty', (name) => [name, '']],
	['that is long', (name, value) => [name, value.repeat(20)]],
	['without its prefix', (name, value) => [name.slice('__Host-'.length), value]],
];
for (const [what, twist] of twists) {
	test(`a cookie ${what} ends no login`, async (t) => {
		const stub = await stubProvider(t);
		const app = appAt(stub);
		const jar = new CookieJar();
		const query = asked(await jar.ask(app, '/', page));
		const [name = '', value = ''] = [...jar.cookies][0] ?? [];
		const other = new CookieJar();
		other.cookies.set(...twist(name, value));
		assert.equal(await ends(app, stub, other, query.get('state')), 400);
		assert.equal(stub.asked.length, 0);
	});
}

test('a login ends where it was begun: not with another client, nor below another mount', async (t) => {
	const stub = await stubProvider(t);
	const secret = randomBytes(32);
	const inner = (clientId: string) =>
		stack(sessions({ store: memorySessions() }), oidc({ ...optionsFor(stub), clientId, secret }))(() => respond(200));
	const app = mount(
		'/one',
		inner('client'),
	)(mount('/two', inner('client'))(mount('/three', inner('other'))(() => respond(404))));
	for (const place of ['/two', '/three']) {
		const jar = new CookieJar();
		const query = asked(await jar.ask(app, '/one/x', page));
		const [value = ''] = jar.cookies.values();
		const theirs = new CookieJar();
		asked(await theirs.ask(app, `${place}/x`, page));
		for (const name of [...theirs.cookies.keys(), ...jar.cookies.keys()]) theirs.cookies.set(name, value);
		const answer = await theirs.ask(app, place + callback(stub, query.get('state')));
		assert.equal(answer.status, 400, place);
	}
	assert.equal(stub.asked.length, 0);
});

test('processes with one secret end each other’s logins; without one, a login ends in the process that it began in', async (t) => {
	const stub = await stubProvider(t);
	const [old, fresh] = [randomBytes(32), randomBytes(32)];
	const long = 'a secret of the client that has 32 characters';
	const pairs: readonly [object, object, unknown][] = [
		[{ secret: old }, { secret: old }, '/x'],
		[{ secret: old }, { secret: [fresh, old] }, '/x'],
		[{ secret: [fresh, old] }, { secret: old }, 400],
		[{ clientSecret: long }, { clientSecret: long }, '/x'],
		[{}, {}, 400],
	];
	for (const [one, other, end] of pairs) {
		const jar = new CookieJar();
		const query = asked(await jar.ask(appAt(stub, one), '/x', page));
		stub.nonce = query.get('nonce') ?? '';
		assert.equal(await ends(appAt(stub, other), stub, jar, query.get('state')), end);
	}
});

test('a session sealed by the same secret is no login under way, and the other way round', async (t) => {
	const stub = await stubProvider(t);
	const secret = randomBytes(32);
	const app = appAt(stub, { secret }, { secret });
	const jar = new CookieJar();
	const query = asked(await jar.ask(app, '/', page));
	stub.nonce = query.get('nonce') ?? '';
	const [name = '', value = ''] = [...jar.cookies][0] ?? [];
	assert.equal(await ends(app, stub, jar, query.get('state')), '/');
	const mixed = new CookieJar();
	mixed.cookies.set('__Host-session', value);
	assert.deepEqual(await who(app, mixed), { status: 401 });
	mixed.cookies.set(name, jar.cookies.get('__Host-session') ?? '');
	assert.equal(await ends(app, stub, mixed, query.get('state')), 400);
});

test('sessions whose cookie is Strict are refused at the start: the page behind a login would be without them', () => {
	const options = { issuer: 'https://id.example', clientId: 'c' };
	const app = (sameSite: 'Strict' | 'Lax') =>
		stack(sessions({ store: memorySessions(), cookie: { sameSite } }), oidc(options))(() => respond(200));
	assert.match(compositionFaults(app('Strict')).join(), /^oidc: sessions has cookie\.sameSite: 'Strict'.*Take 'Lax'/);
	assert.deepEqual(compositionFaults(app('Lax')), []);
});
