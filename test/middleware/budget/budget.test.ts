/** Budgets: who has one, what is counted, and how attackers try to get more. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joined } from 'node:path';
import { test } from 'node:test';
import {
	bytesSource,
	collect,
	fromIterable,
	pipe,
	type Sink,
	type Source,
	type Tunnel,
} from '../../../src/bytes/index.ts';
import {
	type Address,
	type App,
	compositionOf,
	identity,
	lint,
	type Middleware,
	type Payload,
	raw,
	rawResponse,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { structured } from '../../../src/fields/index.ts';
import { type BudgetOptions, type BudgetStore, budget, memoryBudgets } from '../../../src/middleware/budget/index.ts';
import { errors } from '../../../src/middleware/errors/index.ts';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });
const hello: App = () => respond(200, null, 'hello');
let now = 0;
const layerOf = (options: Partial<BudgetOptions>) =>
	budget({ per: '1h', store: memoryBudgets({ clock: () => now }), ...options });
const as =
	(name: string): Middleware =>
	(next) =>
	(request, context) => {
		context.set(identity, { name, by: 'basic', claims: {} });
		return next(request, context, context);
	};
const from = (host: string, more: MemoryRequest = {}): MemoryRequest => ({ remote: ip(host), ...more });

test('the third of two requests is refused, with what is left and when there is more; then there is', async () => {
	now = 1_000;
	const app = layerOf({ requests: 2 })(hello) as App;
	const first = await ask(app, from('192.0.2.1'));
	assert.equal(first.status, 200);
	assert.equal(first.fields.get('ratelimit-policy'), '"budget-requests";q=2;w=3600');
	assert.equal(first.fields.get('ratelimit'), '"budget-requests";r=1;t=3600');
	now += 600_000;
	assert.equal((await ask(app, from('192.0.2.1'))).fields.get('ratelimit'), '"budget-requests";r=0;t=3000');
	const third = await ask(app, from('192.0.2.1'));
	assert.equal(third.status, 429);
	assert.equal(third.fields.get('retry-after'), '3000');
	assert.equal(third.fields.get('ratelimit'), '"budget-requests";r=0;t=3000');
	assert.match(await third.text(), /budget for 1h is used up\. Left: 0 of 2 requests\..* 3000 s/);
	assert.equal((await ask(app, from('192.0.2.2'))).status, 200, 'another client has its own');
	now += 2_999_999;
	assert.equal((await ask(app, from('192.0.2.1'))).status, 429);
	now += 1;
	assert.equal((await ask(app, from('192.0.2.1'))).status, 200);
});

test('what it writes are structured fields', async () => {
	const answer = await ask(
		layerOf({ requests: 5, bytes: 1_000, name: 'day', per: '1d' })(hello) as App,
		from('192.0.2.1'),
	);
	const items = (name: string) =>
		(structured.parseList(answer.fields.get(name) as string) as structured.Item[]).map(({ value, parameters }) => [
			value,
			Object.fromEntries(parameters),
		]);
	assert.deepEqual(items('ratelimit-policy'), [
		['day-requests', { q: 5, w: 86_400 }],
		['day-bytes', { q: 1_000, qu: 'content-bytes', w: 86_400 }],
	]);
	assert.deepEqual(
		items('ratelimit').map(([name]) => name),
		['day-requests', 'day-bytes'],
	);
});

test('the page is one of the errors layer, in JSON for those who like it', async () => {
	const app = stack(errors({ log: false }), layerOf({ requests: 1 }))(hello) as App;
	await ask(app, from('192.0.2.1'));
	const answer = await ask(app, from('192.0.2.1', { fields: { accept: 'application/problem+json' } }));
	assert.equal(answer.status, 429);
	assert.equal(answer.fields.get('content-type'), 'application/problem+json');
	assert.match(((await answer.json()) as { detail: string }).detail, /Left: 0 of 1 requests/);
	assert.equal(answer.fields.get('retry-after'), '3600');
});

test('a user has one budget wherever it comes from, and is not the address that it is called like', async () => {
	const layer = layerOf({ requests: 1 });
	const app = layer(hello) as App;
	assert.equal((await ask(as('ann')(app), from('192.0.2.1'))).status, 200);
	assert.equal((await ask(as('ann')(app), from('192.0.2.2'))).status, 429);
	assert.equal((await ask(as('bob')(app), from('192.0.2.1'))).status, 200);
	assert.equal((await ask(as('address:192.0.2.9')(app), from('192.0.2.1'))).status, 200);
	assert.equal((await ask(app, from('192.0.2.9'))).status, 200);
	const long = 'x'.repeat(100_000);
	assert.equal((await ask(as(long)(app), from('192.0.2.1'))).status, 200);
	assert.equal((await ask(as(`${long}y`)(app), from('192.0.2.1'))).status, 200);
	assert.equal((await ask(as(long)(app), from('192.0.2.1'))).status, 429);
});

test('one machine with all addresses of its /64 has one budget', async () => {
	const app = layerOf({ requests: 1 })(hello) as App;
	assert.equal((await ask(app, from('2001:db8::1'))).status, 200);
	assert.equal((await ask(app, from('2001:db8::ffff'))).status, 429);
	assert.equal((await ask(app, from('2001:db8:0:1::1'))).status, 200);
});

test('a key of one’s own decides, null is not limited, and anything else is a fault', async () => {
	const layer = layerOf({
		requests: 1,
		key: ({ method }) => (method === 'GET' ? null : method === 'PUT' ? (7 as never) : 'all'),
	});
	const app = layer(hello) as App;
	for (let i = 0; i < 3; i++) assert.equal((await ask(app, {})).status, 200);
	assert.equal((await ask(app, { method: 'POST' })).status, 200);
	assert.equal((await ask(app, from('192.0.2.9', { method: 'POST' }))).status, 429);
	assert.equal((await ask(app, { method: 'PUT' })).status, 500);
	assert.equal(layer.statistics().skipped, 3);
});

test('answers of every kind are counted, and the one that would not fit is refused, not cut', async (t) => {
	const folder = mkdtempSync(joined(tmpdir(), 'budget-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = joined(folder, 'file');
	writeFileSync(path, '0123456789');
	const payloads: (() => Payload)[] = [
		() => '0123456789',
		() => Buffer.from('0123456789'),
		() => bytesSource('0123456789'),
		() => ({ path, start: 0, length: 10 }),
	];
	for (const payload of payloads) {
		const layer = layerOf({ bytes: 25 });
		const app = lint(layer(lint(() => respond(200, null, payload()))) as App);
		assert.equal(await (await ask(app, from('192.0.2.1'))).text(), '0123456789');
		assert.equal(await (await ask(app, from('192.0.2.1'))).text(), '0123456789');
		const third = await ask(app, from('192.0.2.1'));
		assert.equal(third.status, 429);
		assert.match(await third.text(), /Left: 5 of 25 bytes/);
		assert.deepEqual([layer.statistics().cut, layer.statistics().refused], [0, 1]);
	}
});

test('HEAD costs no bytes', async () => {
	const app = layerOf({ bytes: 10 })(() => respond(200, { 'Content-Length': '10' }, '0123456789')) as App;
	for (let i = 0; i < 3; i++) assert.equal((await ask(app, from('192.0.2.1', { method: 'HEAD' }))).status, 200);
});

test('a body of unknown length is cut short where nothing is left, and never looks complete', async () => {
	const layer = layerOf({ bytes: 25 });
	let cancelled = false;
	const endless = function* () {
		try {
			for (;;) yield Buffer.from('0123456789');
		} finally {
			cancelled = true;
		}
	};
	const app = layer(() => respond(200, null, fromIterable(endless()))) as App;
	const answer = await ask(app, from('192.0.2.1'));
	assert.equal(answer.status, 200);
	await assert.rejects(answer.bytes(), /used up/);
	assert.ok(cancelled);
	assert.equal(layer.statistics().cut, 1);
	assert.equal((await ask(app, from('192.0.2.1'))).status, 429);
});

test('uploads are counted: one that says its length is refused at once, another one where nothing is left', async () => {
	const layer = layerOf({ bytes: 25 });
	let read = 0;
	const app = layer(async (request) => {
		const { payload } = raw(request);
		if (payload !== null) read += (await collect(payload)).length;
		return respond(204);
	}) as App;
	const post = (body: MemoryRequest['body']) => ask(app, from('192.0.2.1', { method: 'POST', body: body ?? null }));
	assert.equal((await post('x'.repeat(26))).status, 429);
	assert.equal(read, 0);
	assert.equal((await post('x'.repeat(20))).status, 204);
	const chunked = await post(fromIterable(['xxx', 'xxx', 'xxx'].map((one) => Buffer.from(one))));
	assert.equal(chunked.status, 429);
	assert.match(await chunked.text(), /Left: 0 of 25 bytes/);
	assert.equal(read, 20);
});

test('bodies that flow at the same time share what is left', async () => {
	const sinks: Sink[] = [];
	const source = (): Source => ({
		length: null,
		start: (sink) => void sinks.push(sink),
		resume: () => {},
		cancel: () => {},
	});
	const app = layerOf({ bytes: 20 })(() => respond(200, null, source())) as App;
	const open = () => exchange(app, from('192.0.2.1')).answer;
	const [one, two] = [await open(), await open()];
	const [first, second] = [one.bytes(), two.bytes()];
	sinks[0]?.write(Buffer.from('0123456789'));
	sinks[1]?.write(Buffer.from('0123456789'));
	sinks[0]?.write(Buffer.from('0'));
	await assert.rejects(first, /used up/);
	sinks[1]?.end();
	assert.equal((await second).length, 10);
});

/** A store that answers later, as one on another machine does. */
function slowStore(): BudgetStore & { readonly asked: [number, number][]; fail: boolean } {
	const inner = memoryBudgets({ clock: () => now });
	const store = {
		asked: [] as [number, number][],
		fail: false,
		add: async (key: string, requests: number, bytes: number, per: number) => {
			store.asked.push([requests, bytes]);
			await new Promise((resolve) => setImmediate(resolve));
			if (store.fail) throw new Error('no store');
			return inner.add(key, requests, bytes, per);
		},
	};
	return store;
}

test('a store that answers later holds nothing up, is asked for many chunks at once, and ends what goes beyond', async () => {
	const store = slowStore();
	const app = layerOf({ bytes: 10_000, store })(() =>
		respond(200, null, fromIterable(Array.from({ length: 5_000 }, () => Buffer.from('x')))),
	) as App;
	assert.equal((await (await ask(app, from('192.0.2.1'))).bytes()).length, 5_000);
	assert.ok(store.asked.length < 1_000, `${store.asked.length} questions`);
	await until(() => store.asked.reduce((sum, [, bytes]) => sum + bytes, 0) === 5_000, 'all bytes told');
	await (await ask(app, from('192.0.2.1'))).bytes().catch(() => {});
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.equal((await ask(app, from('192.0.2.1'))).status, 429);
});

test('what other exchanges have used ends this one, too, as soon as the store says so', async () => {
	const store = slowStore();
	const sinks: Sink[] = [];
	const source = (): Source => ({
		length: null,
		start: (sink) => void sinks.push(sink),
		resume: () => {},
		cancel: () => {},
	});
	const app = layerOf({ bytes: 15, store })(() => respond(200, null, source())) as App;
	const answers = [await ask(app, from('192.0.2.1')), await ask(app, from('192.0.2.1'))];
	const bodies = answers.map((answer) => answer.bytes());
	for (const sink of sinks) sink.write(Buffer.from('0123456789'));
	const settled = await Promise.race([
		Promise.allSettled(bodies).then(() => 'both'),
		Promise.any(bodies.map((one) => one.catch(() => 'one'))),
	]);
	assert.equal(settled, 'one');
});

for (const [whenStoreFails, status] of [
	['open', 200],
	['closed', 503],
] as const) {
	test(`a store that cannot be asked: ${whenStoreFails} is ${status}, and is told once`, async () => {
		const store = slowStore();
		store.fail = true;
		const log: string[] = [];
		const options = {
			per: 1_000,
			requests: 1,
			store,
			whenStoreFails,
			log: ({ message }: { message: string }) => log.push(message),
		};
		const layer = layerOf(options as BudgetOptions);
		for (let i = 0; i < 3; i++) assert.equal((await ask(layer(hello) as App, from('192.0.2.1'))).status, status);
		assert.equal(log.length, 1);
		assert.equal(layer.statistics().unasked, 3);
		const throwing = { add: () => assert.fail('no store') };
		assert.equal((await ask(layerOf({ ...options, store: throwing } as BudgetOptions)(hello) as App)).status, status);
	});
}

test('a tunnel’s bytes count both ways while they flow, and it ends where nothing is left', async (t) => {
	const there = await rawServer(t, (peer) => void peer.send('0123456789'));
	const layer = budget({ bytes: 100, per: '1d' });
	const p = await forwardProxy(t, { wrap: (app) => stack(errors({ log: false }), layer)(app) as App });
	const client = await p.client();
	assert.match(await tunnelTo(client, `127.0.0.1:${there.port}`), /^HTTP\/1\.1 200/);
	await client.read('0123456789');
	client.send('x'.repeat(60));
	const peer = await there.peer();
	await peer.read('x'.repeat(60));
	const second = await p.client();
	assert.match(await tunnelTo(second, `127.0.0.1:${there.port}`), /"budget-bytes";r=30/);
	client.send('y'.repeat(40));
	await client.closed();
	await until(() => peer.over, 'the end of the connection to the destination');
	assert.ok(!peer.received.includes('y'.repeat(40)));
	const third = await p.client();
	assert.match(await tunnelTo(third, `127.0.0.1:${there.port}`), /^HTTP\/1\.1 429 /);
	assert.ok(layer.statistics().cut >= 1);
	await until(() => p.proxy.statistics().tunnels.tunnels <= 1, 'no tunnel left behind');
});

test('within a forward proxy it counts what the policy has let through, tunnels among them', async (t) => {
	const there = await rawServer(t, () => {});
	const inner = layerOf({ requests: 1 });
	const p = await forwardProxy(t, { forward: { inner }, wrap: errors({ log: false }) as (app: App) => App });
	const one = await p.client();
	assert.match(await tunnelTo(one, `127.0.0.1:${there.port}`), / 200 /);
	const two = await p.client();
	assert.match(await tunnelTo(two, `127.0.0.1:${there.port}`), / 429 /);
	assert.equal(there.peers.length, 1);
});

test('a tunnel keeps its pauses, its half-closes and its failures when it is counted', async () => {
	const told: string[] = [];
	let reading: Sink | null = null;
	const inner: Tunnel = {
		readable: {
			length: null,
			start: (sink) => void (reading = sink),
			resume: () => told.push('resume'),
			cancel: () => told.push('cancel'),
		},
		writable: {
			ondrain: null,
			write: (chunk) => (told.push(Buffer.from(chunk).toString()), false),
			end: () => told.push('end'),
			fail: () => told.push('fail'),
		},
		destroy: () => told.push('destroy'),
	};
	const app = layerOf({ bytes: 1_000 })(() =>
		respond(101, null, null, { tunnel: (client) => pipe(client.readable, client.writable) }),
	) as App;
	const response = exchange(
		(request, context) => {
			rawResponse(app(request, context, context) as Response).tunnel?.(inner);
			return respond(204);
		},
		{ offers: ['echo'], remote: ip('192.0.2.1') },
	);
	await response.answer;
	assert.equal((reading as unknown as Sink).write(Buffer.from('some')), false);
	inner.writable.ondrain?.();
	(reading as unknown as Sink).end();
	assert.deepEqual(told, ['some', 'resume', 'end']);
});

test('the memory store forgets nobody in a window, whoever else comes, up to its bound', () => {
	let clock = 0;
	const store = memoryBudgets({ keys: 100, clock: () => clock });
	store.add('ann', 1, 0, 1_000);
	for (let i = 0; i < 49; i++) store.add(`other ${i}`, 1, 0, 1_000);
	assert.equal(store.add('ann', 1, 0, 1_000).requests, 2);
	for (let i = 0; i < 10_000; i++) store.add(`stranger ${i}`, 1, 0, 1_000);
	assert.ok(store.statistics().keys <= 100);
	assert.ok(store.statistics().forgotten > 0);
	clock = 999;
	const late = store.add('late', 1, 5, 1_000);
	assert.deepEqual(late, { requests: 1, bytes: 5, reset: 1_000 });
	clock = 1_500;
	assert.equal(store.add('late', 1, 0, 1_000).requests, 2, 'a turn of generations in between takes nothing away');
	clock = 1_999;
	assert.deepEqual(store.add('late', 0, 0, 1_000), { requests: 0, bytes: 0, reset: 1_000 });
});

test('explain says whose budget it is, and spends nothing', async () => {
	const layer = layerOf({ requests: 1, bytes: 10 });
	const explained: string[] = [];
	const app = layer(hello) as App;
	await ask((request, context) => {
		const note = compositionOf(app)?.note;
		for (let i = 0; i < 3; i++) explained.push(JSON.stringify(note?.explain?.(raw(request), context)));
		return respond(204);
	}, from('192.0.2.1'));
	assert.match(explained[2] as string, /budget of \\"budget:address:192\.0\.2\.1\\": 1 requests and 10 bytes in 1h/);
	assert.equal((await ask(app, from('192.0.2.1'))).status, 200);
	assert.equal(compositionOf(app)?.note.name, 'budget');
});

test('without fields the answer is the app’s own, and a response given to everybody stays as it was', async () => {
	const own = respond(200, null, 'x');
	await ask(layerOf({ requests: 5 })(() => own) as App, from('192.0.2.1'));
	assert.ok(!own.fields.has('ratelimit'));
	const bare = await ask(layerOf({ requests: 5, bytes: 100, fields: false })(() => own) as App, from('192.0.2.1'));
	assert.ok(!bare.fields.has('ratelimit') && !bare.fields.has('ratelimit-policy'));
});

for (const [options, reason] of [
	[null, /the options are no object/],
	[{ per: '1h' }, /requests or bytes is needed/],
	[{ requests: 0, per: '1h' }, /requests must be a whole number/],
	[{ requests: 1.5, per: '1h' }, /requests must be a whole number/],
	[{ bytes: Number.POSITIVE_INFINITY, per: '1h' }, /bytes must be a whole number.*Infinity/],
	[{ bytes: '1GB', per: '1h' }, /bytes must be a whole number/],
	[{ requests: 1 }, /per must be like 1h/],
	[{ requests: 1, per: 'hour' }, /per must be like 1h/],
	[{ requests: 1, per: '0h' }, /per must be like 1h/],
	[{ requests: 1, per: '1 h' }, /per must be like 1h/],
	[{ requests: 1, per: '1constructor' }, /per must be like 1h/],
	[{ requests: 1, per: 0 }, /per must be from 1 ms/],
	[{ requests: 1, per: '9000d' }, /per must be from 1 ms/],
	[{ requests: 1, per: Number.NaN }, /per must be from 1 ms/],
	[{ requests: 1, per: '1h', key: 'x' }, /key must be a function/],
	[{ requests: 1, per: '1h', store: {} }, /store must be a store/],
	[{ requests: 1, per: '1h', name: 'a"b' }, /name must be/],
	[{ requests: 1, per: '1h', fields: 1 }, /fields must be true or false/],
	[{ requests: 1, per: '1h', whenStoreFails: 'x' }, /whenStoreFails must be/],
	[{ requests: 1, per: '1h', log: 1 }, /log must be a function/],
	[{ request: 1, per: '1h' }, /request: no such option; .*did you mean requests\?/],
] as const) {
	test(`refused at the start: ${JSON.stringify(options)}`, () => {
		assert.throws(() => budget(options as never), reason);
	});
}

for (const options of [{ keys: 1 }, { keys: 'x' }, { clock: 1 }, { key: 1 }]) {
	test(`memoryBudgets refuses ${JSON.stringify(options)}`, () => {
		assert.throws(() => memoryBudgets(options as never), /memoryBudgets/);
	});
}
