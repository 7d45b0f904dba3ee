/** Sessions in a real Redis: the same rules with both clients. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { ask } from '../../src/engine/memory/index.ts';
import { redisSessions, type SessionStore } from '../../src/middleware/sessions/index.ts';
import { appOf } from '../middleware/sessions/sessions-apps.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import { RedisServer, skip } from './redis-server.ts';

let server: RedisServer;
before(async () => {
	if (skip !== false) return;
	server = new RedisServer();
	await server.ready();
});
after(async () => {
	if (skip === false) await server.stop();
});

interface Probe {
	readonly store: SessionStore;
	keys(): Promise<string[]>;
	ttl(key: string): Promise<number>;
	end(): unknown;
}

const clients: Readonly<Record<string, () => Promise<Probe>>> = {
	redis: async () => {
		const client = createClient({ socket: { path: server.socket, tls: false } });
		client.on('error', () => {});
		await client.connect();
		await client.flushAll();
		return {
			store: redisSessions(client),
			keys: () => client.keys('*'),
			ttl: (key) => client.pTTL(key),
			end: () => client.destroy(),
		};
	},
	ioredis: async () => {
		const client = new Redis(server.socket);
		client.on('error', () => {});
		await client.flushall();
		return {
			store: redisSessions(client),
			keys: () => client.keys('*'),
			ttl: (key) => client.pttl(key),
			end: () => client.disconnect(),
		};
	},
};

async function probe(t: TestContext, name: string): Promise<Probe> {
	const made = await (clients[name] as () => Promise<Probe>)();
	t.after(() => made.end());
	return made;
}

for (const name of Object.keys(clients)) {
	test(`${name}: entries are kept, replaced only when there, and deleted`, { skip }, async (t) => {
		const { store } = await probe(t, name);
		assert.equal(await store.get('a'), null);
		assert.equal(await store.set('a', 'one', 60_000, true), false);
		assert.equal(await store.set('a', 'one', 60_000, false), true);
		assert.equal(await store.set('a', 'two', 60_000, true), true);
		assert.equal(await store.get('a'), 'two');
		await store.delete('a');
		assert.equal(await store.get('a'), null);
	});

	test(`${name}: a session lives under the hash of its id, as long as it may`, { skip }, async (t) => {
		const { store, keys, ttl } = await probe(t, name);
		const app = appOf({ store, idle: 60_000 });
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
		const [key = ''] = await keys();
		assert.match(key, /^session:[\w-]{43}$/);
		assert.ok(!key.includes(jar.cookies.get('__Host-session') ?? ''));
		const left = await ttl(key);
		assert.ok(left > 0 && left <= 60_000);
		await jar.ask(app, '/destroy');
		assert.deepEqual(await keys(), []);
	});

	test(`${name}: what is over is gone`, { skip }, async (t) => {
		const { store, keys } = await probe(t, name);
		await store.set('a', 'one', 1, false);
		await new Promise((resolve) => setTimeout(resolve, 20));
		assert.equal(await store.get('a'), null);
		assert.deepEqual(await keys(), []);
	});

	test(`${name}: the cookie from before rotating is dead`, { skip }, async (t) => {
		const { store, keys } = await probe(t, name);
		const app = appOf({ store });
		const jar = new CookieJar();
		await jar.ask(app, '/set/user/ada');
		const cookie = jar.header;
		await jar.ask(app, '/rotate');
		assert.equal(await (await ask(app, { target: '/get/user', fields: { cookie } })).text(), 'nothing');
		assert.equal(await (await jar.ask(app, '/get/user')).text(), '"ada"');
		assert.equal((await keys()).length, 1);
	});

	test(`${name}: a client that has ended is an error of the exchange, not of the process`, { skip }, async (t) => {
		const { store, end } = await probe(t, name);
		await end();
		assert.equal((await ask(appOf({ store }), '/set/user/ada')).status, 500);
	});
}
