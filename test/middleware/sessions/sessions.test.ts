import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, lint, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { session } from '../../../src/middleware/keys.ts';
import { memorySessions, sessions, sqliteSessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { appOf, SECRET, ways } from './sessions-apps.ts';

for (const [way, options] of Object.entries(ways)) {
	test(`in ${way}, values come back until they are deleted`, async () => {
		const app = lint(appOf(options()));
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		await jar.ask(app, '/set/cart/3');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
		await jar.ask(app, '/delete/user');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), 'nothing');
		assert.equal(await (await jar.ask(app, '/get/cart')).text(), '"3"');
	});

	test(`in ${way}, a session that has become empty is gone with its cookie`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		await jar.ask(app, '/delete/user');
		assert.equal(jar.cookies.size, 0);
	});

	test(`in ${way}, destroying forgets everything, and a new one may begin in the same answer`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		await jar.ask(app, '/renewed/note/bye');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), 'nothing');
		assert.equal(await (await jar.ask(app, '/get/note')).text(), '"bye"');
		await jar.ask(app, '/destroy');
		assert.equal(jar.cookies.size, 0);
	});

	test(`in ${way}, rotating keeps the values under another cookie`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		const before = jar.header;
		await jar.ask(app, '/rotate');
		assert.notEqual(jar.header, before);
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
	});

	test(`in ${way}, an app that throws has changed nothing`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		const answer = await jar.ask(app, '/throw/user/eve');
		assert.equal(answer.status, 500);
		assert.equal(answer.fields.has('set-cookie'), false);
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
	});

	test(`in ${way}, a session is over when it was not used for long enough, and lives on when it was`, async (t) => {
		t.mock.timers.enable({ apis: ['Date'], now: 1e12 });
		const app = appOf({ ...options(), idle: 100_000, absolute: 300_000 });
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		for (let i = 0; i < 3; i++) {
			t.mock.timers.tick(90_000);
			assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
		}
		// 270,000 have gone: it was used, but its whole life is over soon.
		t.mock.timers.tick(31_000);
		assert.equal(await (await jar.ask(app, '/get/user')).text(), 'nothing');

		await jar.ask(app, '/set/user/eve');
		t.mock.timers.tick(101_000);
		assert.equal(await (await jar.ask(app, '/get/user')).text(), 'nothing');
	});

	test(`in ${way}, a cookie is set only when it must be`, async () => {
		const app = appOf(options());
		const jar = new CookieJar();
		for (const path of ['/plain', '/get/user', '/delete/user', '/rotate', '/destroy'])
			assert.equal((await jar.ask(app, path)).fields.has('set-cookie'), false, path);
		await jar.ask(app, '/set/user/ada');
		for (const path of ['/plain', '/get/user'])
			assert.equal((await jar.ask(app, path)).fields.has('set-cookie'), false, path);
	});
}

test('what the app sees at once is what it has just set', async () => {
	const app = sessions({ secret: SECRET })(async (_request, context) => {
		const held = context.get(session);
		held.set('a', 1);
		assert.equal(await held.get('a'), 1);
		held.destroy();
		assert.equal(await held.get('a'), undefined);
		return respond(204);
	});
	assert.equal((await ask(app)).status, 204);
});

test('an app that never asks is answered in the same turn, and nothing is read', async () => {
	const store = { get: () => assert.fail('read'), set: () => assert.fail('written'), delete: () => {} };
	const inner: App = () => respond(200, null, 'x');
	const app = sessions({ store })(inner);
	let answer: Response | Promise<Response> | null = null;
	await ask((request, context) => (answer = app(request, context)), {
		fields: ['Cookie', `__Host-session=${'a'.repeat(43)}`],
	});
	assert.ok(!((answer as unknown) instanceof Promise));
});

test('the store is read once in an exchange, however often the app asks', async () => {
	const store = memorySessions();
	let reads = 0;
	const counted = {
		get: (key: string) => (reads++, store.get(key)),
		set: store.set.bind(store),
		delete: store.delete.bind(store),
	};
	const jar = new CookieJar();
	await jar.ask(appOf({ store: counted }), '/set/a/1');
	const app = sessions({ store: counted })(async (_request, context) => {
		const held = context.get(session);
		await Promise.all([held.get('a'), held.get('b'), held.get('a')]);
		return respond(204);
	});
	reads = 0;
	await jar.ask(app, '/');
	assert.equal(reads, 1);
});

test('requests at the same time lose nothing of each other where there is a store', async () => {
	for (const store of [memorySessions(), sqliteSessions(':memory:')]) {
		const gate = Promise.withResolvers<void>();
		const app = sessions({ store })(async (request, context) => {
			const held = context.get(session);
			const name = new URL(request.url).searchParams.get('name') ?? '';
			const had = await held.get(name);
			if (request.method === 'POST') {
				await gate.promise;
				held.set(name, 'x');
			}
			return respond(200, null, String(had));
		});
		const jar = new CookieJar();
		await jar.ask(appOf({ store }), '/set/first/1');
		const posts = ['a', 'b', 'c'].map((name) => jar.ask(app, `/?name=${name}`, { method: 'POST' }));
		gate.resolve();
		await Promise.all(posts);
		for (const name of ['a', 'b', 'c']) assert.equal(await (await jar.ask(app, `/?name=${name}`)).text(), 'x');
	}
});

test('values are those of JSON at the moment they are set, and frozen', async () => {
	const jar = new CookieJar();
	const list = [1];
	const set = sessions({ secret: SECRET })((_request, context) => {
		context.get(session).set('list', list);
		list.push(2);
		return respond(204);
	});
	await jar.ask(set, '/');
	const read = sessions({ secret: SECRET })(async (_request, context) => {
		const held = (await context.get(session).get('list')) as number[];
		assert.deepEqual(held, [1]);
		assert.throws(() => held.push(3), TypeError);
		return respond(204);
	});
	assert.equal((await jar.ask(read, '/')).status, 204);
});

test('what JSON cannot hold is refused where it is set', async () => {
	const circle: Record<string, unknown> = {};
	circle['self'] = circle;
	const app = sessions({ secret: SECRET })((_request, context) => {
		const held = context.get(session);
		for (const value of [undefined, () => 1, Symbol('x'), 1n, circle])
			assert.throws(() => held.set('a', value), TypeError);
		for (const name of ['', 'x'.repeat(257), 1 as unknown as string]) assert.throws(() => held.set(name, 1), TypeError);
		return respond(204);
	});
	assert.equal((await ask(app)).status, 204);
});

test('once the answer is on its way a session is read, and changed no more', async () => {
	let late: Promise<unknown> = Promise.resolve();
	const app = sessions({ secret: SECRET })((_request, context) => {
		const held = context.get(session);
		held.set('a', 1);
		late = context.finished.then(async () => {
			for (const change of [() => held.set('a', 2), () => held.delete('a'), () => held.rotate(), () => held.destroy()])
				assert.throws(change, /on its way/);
			return held.get('a');
		});
		return respond(204);
	});
	await ask(app);
	assert.equal(await late, 1);
});

test('a cookie that lasts is told how long, and is renewed with the session', async (t) => {
	t.mock.timers.enable({ apis: ['Date'], now: 1e12 });
	for (const way of Object.values(ways)) {
		const app = appOf({ ...way(), idle: 100_000, absolute: 150_000, cookie: { persistent: true } });
		const jar = new CookieJar();
		assert.match((await jar.ask(app, '/set/a/1')).fields.get('set-cookie') ?? '', /; Max-Age=100; Secure/);
		t.mock.timers.tick(90_000);
		assert.match((await jar.ask(app, '/get/a')).fields.get('set-cookie') ?? '', /; Max-Age=60; Secure/);
	}
});

test('the cookie is as its options say', async () => {
	const cookie = { secure: false, sameSite: 'Strict', path: '/app' } as const;
	const line = (await ask(appOf({ secret: SECRET, cookie }), '/set/a/1')).fields.get('set-cookie') ?? '';
	assert.match(line, /^session=[\w-]+; Path=\/app; HttpOnly; SameSite=Strict$/);
	const usual = (await ask(appOf({ secret: SECRET }), '/set/a/1')).fields.get('set-cookie') ?? '';
	assert.match(usual, /^__Host-session=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
	const wide = (await ask(appOf({ secret: SECRET, cookie: { domain: 'a.example' } }), '/set/a/1')).fields;
	assert.match(wide.get('set-cookie') ?? '', /^__Secure-session=[\w-]+; Domain=a\.example; Path=\/; Secure/);
});

const caching: readonly [string | null, string][] = [
	[null, 'no-store'],
	['no-store', 'no-store'],
	['private, max-age=60', 'private, max-age=60'],
	['public, max-age=60, s-maxage=600', 'private, max-age=60'],
	['max-age=60', 'private, max-age=60'],
	['private="x-user", max-age=1', 'private, max-age=1'],
];
for (const [said, sent] of caching) {
	test(`an answer that sets the cookie, with Cache-Control ${said}, goes out with ${sent}`, async () => {
		const app = sessions({ secret: SECRET })((_request, context) => {
			context.get(session).set('a', 1);
			return respond(200, said === null ? {} : { 'cache-control': said, 'cdn-cache-control': 'max-age=9' }, 'x');
		});
		const { fields } = await ask(app);
		assert.equal(fields.get('cache-control'), sent);
		assert.equal(fields.get('vary'), 'Cookie');
		assert.equal(fields.has('cdn-cache-control'), false);
	});
}

test('an answer made from a session is private, and one that had none to look at only varies', async () => {
	const app = appOf({ secret: SECRET });
	const jar = new CookieJar();
	const before = (await jar.ask(app, '/get/a')).fields;
	assert.deepEqual([before.get('cache-control'), before.get('vary')], [null, 'Cookie']);
	await jar.ask(app, '/set/a/1');
	assert.equal((await jar.ask(app, '/get/a')).fields.get('cache-control'), 'private');
	const plain = (await jar.ask(app, '/plain')).fields;
	assert.deepEqual([plain.get('cache-control'), plain.get('vary')], [null, null]);
});

test('one answer given to everybody never carries the cookie of another', async () => {
	const shared = respond(200, FieldList.empty(), 'hello');
	const app = sessions({ secret: SECRET })((_request, context) => {
		context.get(session).set('a', 1);
		return shared;
	});
	await ask(app);
	await ask(app);
	assert.equal(shared.fields.has('set-cookie'), false);
	assert.equal((await ask(app)).fields.all('set-cookie').length, 1);
});

test('trailers, reason and native responses pass', async () => {
	const app = sessions({ secret: SECRET })((request, context) => {
		context.get(session).set('a', 1);
		if (request.url.endsWith('/native')) return new Response('native', { status: 201 });
		return respond(200, {}, 'x', { reason: 'Fine', trailing: () => FieldList.of({ 'x-sum': '1' }) });
	});
	const answer = await ask(app);
	assert.equal(answer.reason, 'Fine');
	assert.equal(await answer.text(), 'x');
	assert.equal((await answer.trailers)?.get('x-sum'), '1');
	const native = await ask(app, '/native');
	assert.deepEqual([native.status, await native.text(), native.fields.has('set-cookie')], [201, 'native', true]);
});

test('the tunnel of an upgrade carries the cookie on its 101', async () => {
	const app = sessions({ secret: SECRET })((_request, context) => {
		context.get(session).set('a', 1);
		return respond(101, { upgrade: 'x' }, null, { tunnel: (stream) => stream.writable.end() });
	});
	const answer = await ask(app, { fields: { upgrade: 'x', connection: 'upgrade' } });
	assert.equal(answer.status, 101);
	assert.match(answer.fields.get('set-cookie') ?? '', /^__Host-session=/);
	assert.equal(answer.fields.has('vary'), false);
	answer.tunnel?.destroy();
});
