/** Limits in a real Redis, with both clients that people use: what is counted, in how many commands, and what happens without it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { App } from '../../src/convention/index.ts';
import { respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type RateLimitOptions, rateLimit, redisLimits } from '../../src/middleware/rate-limit/index.ts';
import type { RedisClient } from '../../src/middleware/redis-client.ts';
import { pause } from '../support/until.ts';
import { RedisServer, skip } from './redis-server.ts';

interface Connected {
	readonly client: RedisClient;
	/** One command, past the store. */
	command(...words: string[]): Promise<unknown>;
	close(): unknown;
}

const clients: Readonly<Record<string, (socket: string) => Promise<Connected>>> = {
	async redis(socket) {
		const client = createClient({ socket: { path: socket, tls: false }, disableOfflineQueue: false });
		client.on('error', () => {});
		await client.connect();
		return { client, command: (...words) => client.sendCommand(words), close: () => client.destroy() };
	},
	async ioredis(socket) {
		const client = new Redis({ path: socket, lazyConnect: true, enableAutoPipelining: true });
		client.on('error', () => {});
		await client.connect();
		return { client, command: (name = '', ...words) => client.call(name, ...words), close: () => client.disconnect() };
	},
};

const hello: App = () => respond(200, null, 'hello');

/** How often each command was called since the last `CONFIG RESETSTAT`. */
async function calls(connected: Connected): Promise<Map<string, number>> {
	const text = String(await connected.command('INFO', 'commandstats'));
	return new Map(
		[...text.matchAll(/cmdstat_(\w+).*?calls=(\d+)/g)].map(([, name = '', count]) => [name, Number(count)]),
	);
}

/** As `until`, for what is asked of a server. */
async function eventually(probe: () => Promise<boolean>): Promise<void> {
	for (let i = 0; !(await probe()); i++) {
		assert.ok(i < 600, 'it has not come about');
		await pause(10);
	}
}

for (const [name, connect] of Object.entries(clients))
	describe(`with ${name}`, { skip }, () => {
		const server = new RedisServer();
		let connected: Connected;
		let closing: () => unknown = () => {};
		before(async () => {
			await server.start();
			connected = await connect(server.socket);
			closing = () => connected.close();
		});
		after(async () => {
			closing();
			await server.remove();
		});
		const limited = (options: Partial<RateLimitOptions> = {}) =>
			rateLimit({ limit: '3/h', store: redisLimits(connected.client, { timeout: 30_000 }), ...options });
		const statuses = async (app: App, count: number): Promise<number[]> => {
			const found: number[] = [];
			for (let i = 0; i < count; i++) found.push((await ask(app, {})).status);
			return found;
		};

		test('two processes share a bucket, and other limits have others', async () => {
			const [one, two] = [
				limited({ key: () => 'shared' })(hello) as App,
				limited({ key: () => 'shared' })(hello) as App,
			];
			assert.deepEqual([...(await statuses(one, 2)), ...(await statuses(two, 2))], [200, 200, 200, 429]);
			assert.deepEqual(await statuses(limited({ key: () => 'shared', name: 'other' })(hello) as App, 1), [200]);
			const answer = await ask(one, {});
			assert.equal(answer.fields.get('ratelimit-policy'), '"default";q=3;w=3600');
			assert.match(answer.fields.get('ratelimit') ?? '', /^"default";r=0;t=1\d\d\d$/);
			assert.equal(answer.fields.get('retry-after'), /t=(\d+)/.exec(answer.fields.get('ratelimit') ?? '')?.[1]);
		});

		test('tokens come back by the server’s clock, and keys go with their buckets', async () => {
			const app = limited({ limit: { requests: 2, per: 300 }, key: () => 'soon' })(hello) as App;
			assert.deepEqual(await statuses(app, 2), [200, 200]);
			await eventually(async () => (await ask(app, {})).status === 200);
			await eventually(async () => Number(await connected.command('EXISTS', 'limit:default:soon')) === 0);
		});

		test('costs are taken whole, and a cost of none only looks', async () => {
			const store = redisLimits(connected.client, { prefix: 'p:' });
			const bucket = { name: 'costs', interval: 1e6, burst: 10, full: 1e7 };
			assert.equal((await store.take('a', 7, bucket)).remaining, 3);
			const refused = await store.take('a', 4, bucket);
			assert.deepEqual([refused.allowed, refused.remaining], [false, 3]);
			assert.ok(refused.retry > 0 && refused.retry <= 1e6);
			assert.equal((await store.take('a', 0, bucket)).remaining, 3);
			assert.equal((await store.take('a', 11, bucket)).retry, Number.POSITIVE_INFINITY);
			assert.equal(Number(await connected.command('EXISTS', 'p:costs:a')), 1);
		});

		test('a request is one command, and those of one turn are one batch', async () => {
			const app = limited({ limit: '1000/s' })(hello) as App;
			await ask(app, {});
			await connected.command('CONFIG', 'RESETSTAT');
			const answers = await Promise.all(Array.from({ length: 50 }, () => ask(app, {})));
			assert.ok(answers.every(({ status }) => status === 200));
			const counted = await calls(connected);
			assert.equal(counted.get('evalsha'), 50);
			assert.equal(counted.get('eval'), undefined);
			const reads = /total_reads_processed:(\d+)/.exec(String(await connected.command('INFO', 'stats')))?.[1];
			assert.ok(Number(reads) < 25, `Redis has read ${reads} times for 50 requests`);
		});

		test('a server that has forgotten the script is told it again', async () => {
			const app = limited({ key: () => 'forgotten', limit: '2/h' })(hello) as App;
			await ask(app, {});
			await connected.command('SCRIPT', 'FLUSH');
			assert.deepEqual(await statuses(app, 2), [200, 429]);
		});

		test('any text is a key and no command', async () => {
			const keys = ['a b\r\nFLUSHALL\r\n', '', '{x}', 'ключ', '"; return 1 --'];
			for (const key of keys) {
				assert.deepEqual(await statuses(limited({ limit: '1/h', key: () => key })(hello) as App, 2), [200, 429], key);
			}
		});

		test('a foreign value under its key is an error of the store, not of the request', async () => {
			await connected.command('LPUSH', 'limit:default:foreign', 'x');
			const lines: string[] = [];
			const app = limited({ key: () => 'foreign', log: ({ error }) => lines.push(String(error)) })(hello) as App;
			assert.deepEqual(await statuses(app, 2), [200, 200]);
			assert.equal(lines.length, 1);
			assert.match(lines[0] as string, /WRONGTYPE/);
		});

		test('a server that hangs is not waited for, and left alone for a while', async () => {
			const store = redisLimits(connected.client, { timeout: 50, pause: 60_000 });
			const app = limited({ store, log: () => {} })(hello) as App;
			server.freeze();
			try {
				assert.deepEqual(await statuses(app, 5), [200, 200, 200, 200, 200]);
			} finally {
				server.thaw();
			}
			assert.deepEqual(store.statistics(), { asked: 1, failed: 1, paused: 4 });
		});

		test('a server that is gone: open or closed, and it is asked again when it is back', async () => {
			const store = redisLimits(connected.client, { timeout: 200, pause: 0 });
			const open = limited({ store, key: () => 'gone', log: () => {} })(hello) as App;
			const closed = limited({ store, key: () => 'gone', whenStoreFails: 'closed', log: () => {} })(hello) as App;
			await server.stop();
			assert.deepEqual([...(await statuses(open, 1)), ...(await statuses(closed, 1))], [200, 503]);
			await server.start();
			await eventually(async () => (await ask(closed, {})).status === 200);
		});
	});
