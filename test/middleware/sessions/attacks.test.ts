/** What somebody does with sessions who means harm. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { session } from '../../../src/middleware/keys.ts';
import { memorySessions, sessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { appOf, deeds, SECRET, ways } from './sessions-apps.ts';

const NAME = '__Host-session';
const withCookie = (value: string, name = NAME): { target: string; fields: Record<string, string> } => ({
	target: '/get/user',
	fields: { cookie: `${name}=${value}` },
});

/** The cookie of a session in which user is ada. */
async function adas(app: ReturnType<typeof appOf>): Promise<string> {
	const jar = new CookieJar();
	await jar.ask(app, '/set/user/ada');
	return jar.cookies.get(NAME) ?? '';
}

test('a cookie that was changed anywhere is no session', async () => {
	const layer = sessions({ secret: SECRET });
	const app = layer(deeds);
	const cookie = await adas(app);
	assert.equal(await (await ask(app, withCookie(cookie))).text(), '"ada"');
	let tried = 0;
	for (let i = 0; i < cookie.length; i++) {
		for (const char of ['A', 'B', '-', '_', '!', '']) {
			const forged = cookie.slice(0, i) + char + cookie.slice(i + 1);
			if (forged === cookie) continue;
			tried++;
			const answer = await ask(app, withCookie(forged));
			assert.equal(await answer.text(), 'nothing', `at ${i}`);
			assert.equal(answer.fields.has('set-cookie'), false);
		}
	}
	assert.equal(layer.statistics().refused, tried);
});

test('a cookie that was cut, grown or made up is no session', async () => {
	const app = appOf({ secret: SECRET });
	const cookie = await adas(app);
	const forgeries = [cookie.slice(0, -1), `${cookie}A`, cookie + cookie, cookie.slice(0, 38), 'A', `${cookie}=`];
	for (const forged of forgeries) assert.equal(await (await ask(app, withCookie(forged))).text(), 'nothing');
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
			const forged = Buffer.from(bytes).toString('base64url');
			return (await (await ask(app, withCookie(forged))).text()) === 'nothing';
		}),
	);
});

test('a cookie of one name is nothing under another, though the secret is the same', async () => {
	const cookie = await adas(appOf({ secret: SECRET }));
	const other = appOf({ secret: SECRET, cookie: { name: '__Host-admin' } });
	assert.equal(await (await ask(other, withCookie(cookie, '__Host-admin'))).text(), 'nothing');
});

test('a cookie of another secret is no session; of an old one it is, until that is taken away', async () => {
	const fresh = randomBytes(32);
	const cookie = await adas(appOf({ secret: SECRET }));
	assert.equal(await (await ask(appOf({ secret: fresh }), withCookie(cookie))).text(), 'nothing');
	const both = appOf({ secret: [fresh, SECRET] });
	assert.equal(await (await ask(both, withCookie(cookie))).text(), '"ada"');
	const jar = new CookieJar();
	jar.cookies.set(NAME, cookie);
	await jar.ask(both, '/set/more/1');
	assert.equal(await (await jar.ask(appOf({ secret: fresh }), '/get/user')).text(), '"ada"');
});

test('what a cookie says cannot be read, and the same session never looks the same', async () => {
	const app = appOf({ secret: SECRET });
	const [one, other] = [await adas(app), await adas(app)];
	assert.notEqual(one, other);
	assert.ok(!Buffer.from(one, 'base64url').toString('latin1').includes('ada'));
});

test('a session too large for a cookie is an error that says so, and no cookie', async () => {
	const jar = new CookieJar();
	const app = sessions({ secret: SECRET })((_request, context) => {
		context.get(session).set('much', 'x'.repeat(4000));
		return respond(200, null, 'x');
	});
	const answer = await jar.ask(app, '/');
	assert.equal(answer.status, 500);
	assert.match(
		String(answer.error),
		/cookie of 5\d{3} octets, and browsers take 4096: keep less in it, or give sessions a store/,
	);
	assert.equal(jar.cookies.size, 0);
});

test('the largest session that fits is kept', async () => {
	let fits = 0;
	for (let size = 2900; size < 3100; size++) {
		const jar = new CookieJar();
		const app = sessions({ secret: SECRET })((_request, context) => {
			context.get(session).set('much', 'x'.repeat(size));
			return respond(204);
		});
		if ((await jar.ask(app, '/')).status !== 204) break;
		fits = size;
		assert.ok(NAME.length + (jar.cookies.get(NAME)?.length ?? 0) <= 4096);
	}
	assert.ok(fits > 2900 && fits < 3099);
});

test('a cookie larger than any of ours is not even decoded', async () => {
	const layer = sessions({ secret: SECRET });
	const answer = await ask(layer(deeds), withCookie('A'.repeat(60_000)));
	assert.equal(await answer.text(), 'nothing');
});

test('an entry too large for a store is an error', async () => {
	const store = memorySessions();
	const app = sessions({ store })((_request, context) => {
		context.get(session).set('much', 'x'.repeat(70_000));
		return respond(204);
	});
	assert.match(String((await ask(app)).error), /65536 are kept at most/);
	assert.equal(store.statistics().entries, 0);
});

test('an id that a client has made up is never taken over', async () => {
	const asked: string[] = [];
	const store = memorySessions();
	const watched = {
		get: (key: string) => (asked.push(key), store.get(key)),
		set: store.set.bind(store),
		delete: store.delete.bind(store),
	};
	const app = appOf({ store: watched });
	const jar = new CookieJar();
	const planted = randomBytes(32).toString('base64url');
	jar.cookies.set(NAME, planted);
	await jar.ask(app, '/set/user/ada');
	assert.notEqual(jar.cookies.get(NAME), planted);
	assert.equal(await (await ask(app, withCookie(planted))).text(), 'nothing');
	assert.deepEqual([...new Set(asked)], [createHash('sha256').update(planted).digest('base64url')]);
});

test('a store is not asked for what has not the form of an id', async () => {
	const store = {
		get: () => assert.fail('asked'),
		set: () => assert.fail('set'),
		delete: () => assert.fail('deleted'),
	};
	const app = appOf({ store });
	for (const id of ['', 'x', '../../etc/passwd', "' OR 1=1 --", 'A'.repeat(44), `${'A'.repeat(42)}%`])
		assert.equal(await (await ask(app, withCookie(id))).text(), 'nothing');
});

test('who reads the store has no id, and with a secret no value either', async () => {
	for (const secret of [undefined, SECRET]) {
		const kept = new Map<string, string>();
		const store = {
			get: (key: string) => kept.get(key) ?? null,
			set: (key: string, entry: string) => (kept.set(key, entry), true),
			delete: (key: string) => void kept.delete(key),
		};
		const id = await adas(appOf(secret === undefined ? { store } : { store, secret }));
		const all = JSON.stringify([...kept]);
		assert.ok(!all.includes(id));
		assert.equal(all.includes('ada'), secret === undefined);
	}
});

test('an encrypted entry is nothing under the key of another', async () => {
	const kept = new Map<string, string>();
	const store = {
		get: (key: string) => kept.get(key) ?? null,
		set: (key: string, entry: string) => (kept.set(key, entry), true),
		delete: (key: string) => void kept.delete(key),
	};
	const app = appOf({ store, secret: SECRET });
	const eve = new CookieJar();
	await eve.ask(app, '/set/user/eve');
	const [evesKey = ''] = kept.keys();
	await adas(app);
	kept.set(evesKey, [...kept.values()].at(-1) ?? '');
	assert.equal(await (await eve.ask(app, '/get/user')).text(), 'nothing');
});

for (const [way, options] of Object.entries(ways)) {
	const inStore = options().store !== undefined;
	test(`in ${way}, the cookie from before the login ${inStore ? 'is dead' : 'does not learn of it'}`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/cart/3');
		const planted = jar.cookies.get(NAME) ?? '';
		await jar.ask(app, '/rotate');
		await jar.ask(app, '/set/user/ada');
		assert.equal(await (await ask(app, withCookie(planted))).text(), 'nothing');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
	});

	test(`in ${way}, the cookie of a destroyed session ${inStore ? 'is dead' : 'lives until it expires, as the page says'}`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		const stolen = jar.cookies.get(NAME) ?? '';
		await jar.ask(app, '/destroy');
		assert.equal(await (await ask(app, withCookie(stolen))).text(), inStore ? 'nothing' : '"ada"');
	});

	test(`in ${way}, names of the prototype are names like any other`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		for (const name of ['constructor', 'toString', '__proto__'])
			assert.equal(await (await jar.ask(app, `/get/${name}`)).text(), 'nothing');
		await jar.ask(app, '/set/__proto__/polluted');
		assert.equal(await (await jar.ask(app, '/get/__proto__')).text(), '"polluted"');
		assert.equal(await (await jar.ask(app, '/get/polluted')).text(), 'nothing');
	});
}

test('__proto__ inside of a value is left out, so that a copy of it pollutes nothing', async () => {
	const jar = new CookieJar();
	const set = sessions({ secret: SECRET })((_request, context) => {
		context
			.get(session)
			.set('form', JSON.parse('{"__proto__":{"admin":true},"deep":{"__proto__":{"admin":true},"ok":1}}'));
		return respond(204);
	});
	await jar.ask(set, '/');
	const read = sessions({ secret: SECRET })(async (_request, context) => {
		const form = (await context.get(session).get('form')) as { deep: object };
		assert.deepEqual(JSON.stringify(form), '{"deep":{"ok":1}}');
		assert.equal(({ ...form } as Record<string, unknown>)['admin'], undefined);
		return respond(204);
	});
	assert.equal((await jar.ask(read, '/')).status, 204);
});

test('a slow request does not bring back a session that was destroyed meanwhile', async () => {
	const store = memorySessions();
	const gate = Promise.withResolvers<void>();
	const layer = sessions({ store });
	const slow = layer(async (_request, context) => {
		const held = context.get(session);
		await held.get('user');
		await gate.promise;
		held.set('late', 1);
		return respond(204);
	});
	const jar = new CookieJar();
	await jar.ask(appOf({ store }), '/set/user/ada');
	const cookie = jar.cookies.get(NAME) ?? '';
	const late = ask(slow, { fields: { cookie: `${NAME}=${cookie}` } });
	await new Promise(setImmediate);
	await jar.ask(appOf({ store }), '/destroy');
	gate.resolve();
	const answer = await late;
	assert.equal(answer.fields.has('set-cookie'), false);
	assert.equal(store.statistics().entries, 0);
	assert.equal(layer.statistics().dropped, 1);
});

test('what a store says amiss is no session', async () => {
	for (const entry of ['', '{', '[]', '[1,2,"odd"]', '["a","b"]', '[1,2,3,4]', '{"began":1}', 'null']) {
		const app = appOf({ store: { get: () => entry, set: () => true, delete: () => {} } });
		assert.equal(await (await ask(app, withCookie('A'.repeat(43)))).text(), 'nothing', entry);
	}
});

test('a store that fails is an error, and its words stay inside', async () => {
	const broken = async (): Promise<never> => {
		throw new Error('redis://:password@host refused');
	};
	const app = appOf({ store: { get: broken, set: broken, delete: broken } });
	for (const request of [withCookie('A'.repeat(43)), { target: '/set/a/1' }]) {
		const answer = await ask(app, request);
		assert.equal(answer.status, 500);
		assert.ok(!(await answer.text()).includes('password'));
		assert.equal(answer.fields.has('set-cookie'), false);
	}
});
