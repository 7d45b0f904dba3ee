/** What a limit lets pass, what it answers, and how attackers try to get round it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type Address,
	type App,
	compositionFaults,
	compositionOf,
	HttpError,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { structured } from '../../../src/fields/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import {
	type LimitStore,
	memoryLimits,
	type RateLimitOptions,
	rateLimit,
} from '../../../src/middleware/rate-limit/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const hello: App = () => respond(200, null, 'hello');
const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });
const clock = () => 1;
/** A limit whose clock stands still. */
const limited = (options: Partial<RateLimitOptions> = {}) =>
	rateLimit({ limit: '2/min', store: memoryLimits({ clock }), ...options });

async function statuses(app: App, requests: readonly MemoryRequest[]): Promise<number[]> {
	const found: number[] = [];
	for (const request of requests) found.push((await ask(app, request)).status);
	return found;
}

test('the third of two is refused, with when to come again and the fields of the draft', async () => {
	const app = limited()(hello) as App;
	const from = { remote: ip('192.0.2.1') };
	const first = await ask(app, from);
	assert.equal(first.status, 200);
	assert.equal(first.fields.get('ratelimit-policy'), '"default";q=2;w=60');
	assert.equal(first.fields.get('ratelimit'), '"default";r=1;t=30');
	await ask(app, from);
	const third = await ask(app, from);
	assert.equal(third.status, 429);
	assert.equal(third.fields.get('retry-after'), '30');
	assert.equal(third.fields.get('ratelimit'), '"default";r=0;t=30');
	assert.equal(third.fields.get('ratelimit-policy'), '"default";q=2;w=60');
	assert.equal(await third.text(), 'Too many requests\n');
	assert.equal((await ask(app, { remote: ip('192.0.2.2') })).status, 200, 'another client has a bucket of its own');
});

test('what it writes are structured fields, and two limits make lists of two', async () => {
	const app = stack(limited({ name: 'second' }), limited({ name: 'minute', limit: '50/min', burst: 5 }))(hello) as App;
	const answer = await ask(app, {});
	const items = (name: string) => {
		const list = structured.parseList(answer.fields.get(name) as string) as structured.Item[];
		return list.map(({ value, parameters }) => [value, Object.fromEntries(parameters)]);
	};
	assert.deepEqual(items('ratelimit-policy'), [
		['minute', { q: 5, w: 6 }],
		['second', { q: 2, w: 60 }],
	]);
	assert.deepEqual(items('ratelimit'), [
		['minute', { r: 4, t: 2 }],
		['second', { r: 1, t: 30 }],
	]);
});

test('without fields the answer is the app’s own', async () => {
	const own = respond(200, null, 'x');
	const answer = await ask(
		limited({ fields: false })(() => own),
		{},
	);
	assert.ok(!answer.fields.has('ratelimit') && !answer.fields.has('ratelimit-policy'));
});

test('an app that answers at once is answered at once, and errors of the app pass', () => {
	const running = exchange(limited()(hello), {});
	assert.ok(!(limited()(hello)(running.context.connection as never, running.context) instanceof Promise));
	const failing = limited()(() => {
		throw new HttpError(404);
	});
	assert.throws(() => failing(new Request('http://a/'), running.context), { status: 404 });
});

const spoofed = (value: string): MemoryRequest => ({
	remote: ip('203.0.113.1'),
	fields: { 'X-Forwarded-For': value, Forwarded: `for=${value}`, 'X-Real-IP': value, 'Client-IP': value },
});

test('without clientAddress no field changes who is counted', async () => {
	const app = limited()(hello) as App;
	assert.deepEqual(await statuses(app, ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map(spoofed)), [200, 200, 429]);
});

test('with clientAddress an untrusted peer is counted by its own address', async () => {
	const app = stack(clientAddress({ trust: ['10.0.0.0/8'], field: 'X-Forwarded-For' }), limited())(hello) as App;
	assert.deepEqual(await statuses(app, ['1.1.1.1', '2.2.2.2', '10.0.0.1'].map(spoofed)), [200, 200, 429]);
});

test('with clientAddress what the client puts to the left changes nothing', async () => {
	const app = stack(clientAddress({ trust: ['10.0.0.0/8'], field: 'X-Forwarded-For' }), limited())(hello) as App;
	const through = (said: string, client: string): MemoryRequest => ({
		remote: ip('10.0.0.1'),
		fields: { 'X-Forwarded-For': `${said}, ${client}`, Forwarded: `for=${said}` },
	});
	const same = ['1.1.1.1', '10.0.0.7', '"', '::ffff:9.9.9.9'].map((said) => through(said, '203.0.113.1'));
	assert.deepEqual(await statuses(app, same), [200, 200, 429, 429]);
	assert.equal((await ask(app, through('1.1.1.1', '203.0.113.2'))).status, 200);
	assert.equal((await ask(app, through('1.1.1.1', '::ffff:203.0.113.1'))).status, 429, 'the same in IPv6 clothes');
});

test('the addresses of one /64 are one client', async () => {
	const app = limited()(hello) as App;
	const from = (host: string): MemoryRequest => ({ remote: ip(host) });
	assert.deepEqual(
		await statuses(app, [from('2001:db8:1:2::1'), from('2001:db8:1:2:ffff::9'), from('2001:db8:1:2:a:b:c:d')]),
		[200, 200, 429],
	);
	assert.equal((await ask(app, from('2001:db8:1:3::1'))).status, 200);
	assert.deepEqual(
		await statuses(app, [from('192.0.2.1'), from('::ffff:192.0.2.1'), from('::ffff:c000:201')]),
		[200, 200, 429],
	);
});

test('all who come by a unix socket are one, and so are those without an address', async () => {
	const app = limited()(hello) as App;
	const unix: MemoryRequest = { remote: { kind: 'unix', path: '/s' } };
	assert.deepEqual(await statuses(app, [unix, unix, unix, {}, {}, {}]), [200, 200, 429, 200, 200, 429]);
});

test('a key of one’s own; null is not limited', async () => {
	const app = limited({ key: (request) => request.fields.get('x-api-key') })(hello) as App;
	const by = (key: string): MemoryRequest => ({ fields: { 'X-Api-Key': key } });
	assert.deepEqual(
		await statuses(app, [by('a'), by('a'), by('a'), by('b'), {}, {}, {}]),
		[200, 200, 429, 200, 200, 200, 200],
	);
	const long = 'k'.repeat(7000);
	assert.deepEqual(
		await statuses(app, [by(`${long}1`), by(`${long}1`), by(`${long}1`), by(`${long}2`)]),
		[200, 200, 429, 200],
	);
});

test('of a long key its digest is kept', async () => {
	const keys: string[] = [];
	const store: LimitStore = {
		take(key) {
			keys.push(key);
			return { allowed: true, remaining: 1, reset: 0, retry: 0 };
		},
	};
	await ask(limited({ store, key: () => 'x'.repeat(65) })(hello), {});
	await ask(limited({ store, key: () => '__proto__' })(hello), {});
	assert.match(keys[0] as string, /^sha256:[\w+/]{43}=$/);
	assert.equal(keys[1], '__proto__');
});

test('a key or a cost that makes no sense is an error, not a free pass', async () => {
	assert.equal((await ask(limited({ key: (() => undefined) as never })(hello), {})).status, 500);
	for (const cost of [Number.NaN, -1, Number.POSITIVE_INFINITY, '1' as never])
		assert.equal((await ask(limited({ cost: () => cost })(hello), {})).status, 500);
});

test('costs, and what is skipped', async () => {
	const app = limited({
		limit: '10/min',
		cost: (request) => (request.method === 'POST' ? 5 : 1),
		skip: (request) => request.target === '/health',
	})(hello) as App;
	const post: MemoryRequest = { method: 'POST' };
	assert.deepEqual(await statuses(app, [post, post, post, {}, { target: '/health' }]), [200, 200, 429, 429, 200]);
	const never = await ask(limited({ cost: () => 3 })(hello), {});
	assert.equal(never.status, 429);
	assert.equal(never.fields.get('retry-after'), null, 'there is no time at which it would pass');
});

const tunnelling: App = (request, context) => {
	const status = context.offers.includes('connect') ? 200 : 101;
	const echo = (stream: { readable: { start(sink: object): void }; writable: { end(): void } }): void =>
		stream.readable.start({ write: () => true, end: () => stream.writable.end(), fail() {} });
	return respond(status, status === 101 ? { upgrade: 'echo' } : null, null, { tunnel: echo as never });
};
const UPGRADE: MemoryRequest = { fields: { Connection: 'upgrade', Upgrade: 'echo' } };
const CONNECT: MemoryRequest = { method: 'CONNECT', target: 'a.example:443', form: 'authority' };

test('an upgrade and a CONNECT take tokens like any request', async () => {
	const app = limited()(tunnelling) as App;
	assert.deepEqual(await statuses(app, [UPGRADE, CONNECT, UPGRADE, CONNECT]), [101, 200, 429, 429]);
	assert.equal((await ask(limited()(tunnelling), UPGRADE)).fields.get('ratelimit'), '"default";r=1;t=30');
});

test('so many exchanges at once and no more, on a socket, until tunnels end or clients leave', async (t) => {
	const limit = rateLimit({ limit: '1000/s', concurrent: 2 });
	const listener = await listen(t, limit(tunnelling));
	const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
	const peers = await Promise.all([1, 2, 3].map(() => connect(t, portOf(listener))));
	const [one, two, three] = peers as [Peer, Peer, Peer];
	assert.match((await one.send(upgrade).head()).startLine, / 101 /);
	assert.match((await two.send(upgrade).head()).startLine, / 101 /);
	const refused = await three.send(upgrade).message();
	assert.equal(refused.status, 429);
	assert.equal(limit.statistics().open, 2);
	assert.equal(limit.statistics().crowded, 1);
	one.finish();
	await until(() => limit.statistics().open === 1, 'the end of the tunnel');
	two.destroy();
	await until(() => limit.statistics().open === 0, 'the client that left');
	const again = await connect(t, portOf(listener));
	assert.match((await again.send(upgrade).head()).startLine, / 101 /);
});
type Peer = Awaited<ReturnType<typeof connect>>;

test('a refusal and an error release what they held', async () => {
	const limit = limited({ concurrent: 1 });
	const app = limit((request) => {
		if (raw(request).target === '/throw') throw new HttpError(404);
		return respond(200);
	}) as App;
	assert.deepEqual(await statuses(app, [{ target: '/throw' }, {}, {}, {}]), [404, 200, 429, 429]);
	assert.equal(limit.statistics().open, 0);
	assert.deepEqual(limit.statistics(), {
		passed: 2,
		limited: 2,
		crowded: 0,
		skipped: 0,
		unasked: 0,
		open: 0,
		store: { keys: 1, forgotten: 0 },
	});
});

const broken: LimitStore = { take: () => Promise.reject(new Error('no connection')) };

test('a store that fails lets requests pass, and says so once', async () => {
	const lines: string[] = [];
	const limit = limited({
		store: broken,
		log: ({ message, limit, error }) => lines.push(`${limit}: ${message}: ${String(error)}`),
	});
	const app = limit(hello) as App;
	assert.deepEqual(await statuses(app, [{}, {}, {}]), [200, 200, 200]);
	assert.deepEqual(lines, ['default: the store cannot be asked, requests pass without a limit: Error: no connection']);
	assert.equal(limit.statistics().unasked, 3);
});

test('or nobody, where it is said to be closed; one that throws at once is no different', async () => {
	for (const store of [
		broken,
		{
			take: () => {
				throw new Error('no connection');
			},
		},
	] satisfies LimitStore[]) {
		const answer = await ask(limited({ store, whenStoreFails: 'closed', log: () => {} })(hello), {});
		assert.equal(answer.status, 503);
		assert.equal(answer.fields.get('retry-after'), '1');
		assert.ok(!(await answer.text()).includes('connection'));
	}
});

test('clientAddress within a limit is refused', () => {
	const inside = stack(limited(), clientAddress({ trust: ['unix'], field: 'Forwarded' }))(hello) as App;
	assert.match(compositionFaults(inside)[0] ?? '', /clientAddress: put it around rateLimit/);
	assert.deepEqual(compositionFaults(limited()(hello)), []);
});

test('explain says whose bucket it is, and takes nothing', async () => {
	const limit = limited({ concurrent: 3 });
	const layered = limit(hello) as App;
	const app: App = (request, context) => {
		const explained = compositionOf(layered)?.note.explain?.(raw(request), context);
		assert.ok(explained !== undefined && !(explained instanceof Promise));
		assert.deepEqual(explained.does, [
			'Takes a token out of the bucket of "2001:db8:0:1::/64": it holds 2, and one comes back every 30000 ms.',
			'Answers 429 Too Many Requests when there are too few, or 3 exchanges of that key are open.',
			'Passes the request on as it is.',
		]);
		assert.deepEqual(
			explained.fields?.map(({ name }) => name),
			['RateLimit-Policy', 'RateLimit', 'Retry-After'],
		);
		return respond(204);
	};
	assert.equal((await ask(app, { remote: ip('2001:db8:0:1::5') })).status, 204);
	assert.deepEqual(limit.statistics().store, { keys: 0, forgotten: 0 });
});
