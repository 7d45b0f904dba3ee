/** What a group does besides hiding faults: health checks, clients that stay, slow starts, and options that cannot be meant. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, explain, lint, partsOf, respond } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { type UpstreamSpec, type Upstreams, type UpstreamsOptions, upstreams } from '../../src/upstreams/index.ts';
import { ok, origin, type RawServer, rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

const url = ({ port }: RawServer): string => `http://127.0.0.1:${port}`;

function quiet(t: TestContext, of: readonly UpstreamSpec[], options: UpstreamsOptions = {}): Upstreams {
	const group = upstreams(of, { log: () => {}, reverse: { log: () => {} }, ...options });
	t.after(() => group.close());
	return group;
}

const says =
	(text: string): App =>
	() =>
		respond(200, null, text);

test('health checks take an upstream out that is not well, and take it in again', async (t) => {
	let well = true;
	const seen: string[] = [];
	const shaky = await origin(t, (request) => {
		seen.push(`${request.method} ${request.target} ${request.get('host')} ${request.get('user-agent')}`);
		return request.target !== '/health' || well ? ok('shaky') : 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n';
	});
	const good = await origin(t, () => ok('good'));
	const log: string[] = [];
	const group = quiet(t, [{ url: `${url(shaky)}/base`, name: 'shaky' }, url(good)], {
		health: { path: '/health', host: 'shop.example', interval: 30, down: 2, up: 2 },
		log: ({ message, upstream }) => log.push(`${upstream} ${message}`),
	});
	await group.start();
	const state = (): string => group.statistics().members['shaky']?.state ?? '';
	await until(() => seen.length > 0, 'a look');
	assert.equal(seen[0], 'GET /health shop.example turnabout-health');
	well = false;
	await until(() => state() === 'down', 'down');
	assert.equal(group.statistics().members['shaky']?.health, 'status 500');
	for (let at = 0; at < 4; at++) assert.equal(await (await ask(group, '/')).text(), 'good');
	well = true;
	await until(() => state() === 'up', 'up');
	assert.deepEqual(log, ['shaky is down: status 500', 'shaky is up again']);
	const looks = seen.length;
	await group.close();
	assert.ok(seen.length <= looks + 1, 'nobody looks any more');
});

test('the first look decides alone, and tcp needs nothing but a connection', async (t) => {
	const silent = await rawServer(t);
	const gone = await rawServer(t);
	const closed = url(gone);
	gone.close();
	const group = quiet(t, [url(silent), closed], { health: { path: 'tcp', interval: 20 } });
	await group.start();
	const { members } = group.statistics();
	assert.ok(members[closed] !== undefined);
	await until(() => group.statistics().members[closed]?.state === 'down', 'down');
	await until(() => group.statistics().members[url(silent)]?.health === 'well', 'well');
	assert.equal(group.statistics().members[url(silent)]?.state, 'up');
});

test('when none is up they are asked all the same, or not at all', async (t) => {
	const server = await origin(t, (request) =>
		request.target === '/health' ? 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n' : ok('up'),
	);
	for (const whenNoneIsUp of ['try', 'refuse'] as const) {
		const group = quiet(t, [url(server)], { health: { path: '/health', interval: 20 }, whenNoneIsUp });
		await group.start();
		await until(() => group.statistics().members[url(server)]?.state === 'down', 'down');
		const answer = await ask(group, '/');
		assert.equal(answer.status, whenNoneIsUp === 'try' ? 200 : 503);
		assert.equal(group.statistics().refused, whenNoneIsUp === 'try' ? 0 : 1);
	}
});

test('clients stay with whoever has answered them, as long as that one is up', async (t) => {
	let broken = false;
	const a: App = () => (broken ? respond(503) : respond(200, null, 'a'));
	const members = [
		{ app: a, name: 'a' },
		{ app: says('b'), name: 'b' },
	];
	const group = quiet(t, members, { sticky: { cookie: 'node', seconds: 60, secure: true }, ejection: { failures: 1 } });
	const first = await ask(group, '/');
	const set = first.fields.get('set-cookie') ?? '';
	assert.match(set, /^node=[a-z0-9]+; Path=\/; Max-Age=60; Secure; HttpOnly; SameSite=Lax$/);
	const cookie = set.slice(0, set.indexOf(';'));
	for (let at = 0; at < 4; at++) {
		const again = await ask(group, { target: '/', fields: { cookie } });
		assert.deepEqual([await again.text(), again.fields.get('set-cookie')], ['a', null]);
	}
	const others = [await (await ask(group, '/')).text(), await (await ask(group, '/')).text()];
	assert.deepEqual(others.toSorted(), ['a', 'b'], 'others are balanced as ever');
	broken = true;
	await ask(group, { target: '/', fields: { cookie } });
	const moved = await ask(group, { target: '/', fields: { cookie } });
	assert.equal(await moved.text(), 'b');
	assert.notEqual(moved.fields.get('set-cookie')?.split(';')[0], cookie);
	const forged = await ask(group, { target: '/', fields: { cookie: 'node=whatever' } });
	assert.equal(forged.status, 200);
});

test('weight 0 is for those alone whose cookie says so', async (t) => {
	const group = quiet(t, [
		{ app: says('old'), name: 'old', weight: 0 },
		{ app: says('new'), name: 'new' },
	]);
	for (let at = 0; at < 5; at++) assert.equal(await (await ask(group, '/')).text(), 'new');
});

test('an upstream that comes back is asked little at first', async (t) => {
	let well = false;
	const shaky = await origin(t, (request) =>
		request.target === '/health' && !well ? 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n' : ok('shaky'),
	);
	const good = await origin(t, () => ok('good'));
	const group = quiet(t, [{ url: url(shaky), name: 'shaky' }, url(good)], {
		health: { path: '/health', interval: 20, up: 1 },
		slowStart: 100_000,
	});
	await group.start();
	const state = (): string => group.statistics().members['shaky']?.state ?? '';
	await until(() => state() === 'down', 'down');
	well = true;
	await until(() => state() === 'up', 'up');
	let asked = 0;
	for (let at = 0; at < 44; at++) if ((await (await ask(group, '/')).text()) === 'shaky') asked++;
	assert.ok(asked >= 3 && asked <= 5, `${asked} of 44`);
});

test('a hash keeps a key with one of them, and moves it when that one fails', async (t) => {
	const broken = new Set<string>();
	const member = (name: string) => ({
		name,
		app: (() => respond(broken.has(name) ? 503 : 200, null, name)) as App,
	});
	for (const by of ['maglev', 'rendezvous'] as const) {
		broken.clear();
		const group = quiet(t, ['a', 'b', 'c'].map(member), {
			balance: { hash: (request) => request.fields.get('x-user'), by },
			retries: { statuses: [503] },
			ejection: false,
		});
		const asks = async (user: string): Promise<string> =>
			(await ask(group, { target: '/', fields: { 'x-user': user } })).text();
		const home = await asks('ann');
		for (let at = 0; at < 5; at++) assert.equal(await asks('ann'), home);
		broken.add(home);
		const refuge = await asks('ann');
		assert.notEqual(refuge, home);
		assert.equal(await asks('ann'), refuge);
	}
});

test('it keeps the convention, and explains itself without asking anybody', async (t) => {
	const failures: unknown[] = [];
	const group = quiet(t, [{ app: says('a'), name: 'a' }]);
	const answer = await ask(lint(group, { report: (error) => failures.push(error) }), {
		target: '/',
		method: 'POST',
		body: 'x',
	});
	assert.equal(await answer.text(), 'a');
	assert.deepEqual(failures, []);
});

for (const [of, options, reason] of [
	[[], {}, /upstreams: there are none; give a list/],
	['http://a', {}, /upstreams: there are none; give a list/],
	[[7], {}, /an upstream is a URL, \{ url \} or \{ app, name \}, not 7/],
	[['ftp://a'], {}, /ftp/],
	[['http://a', 'http://a'], {}, /http:\/\/a is listed twice/],
	[[{ app: says('a') }], {}, /name must be text for an app/],
	[[{ url: 'http://a', weight: -1 }], {}, /weight must be a number from 0 up, not -1/],
	[['http://a'], { balance: 'random' }, /balance must be one of round-robin, least-active, two-choices, latency/],
	[['http://a'], { balance: { hash: () => null, by: 'ring' } }, /balance\.by must be "maglev" or "rendezvous"/],
	[['http://a'], { retries: { time: 1 } }, /retries\.time: no such option; .*did you mean times/],
	[['http://a'], { retries: { times: -1 } }, /retries\.times must be a number from 0 up/],
	[['http://a'], { retries: { statuses: '503' } }, /retries\.statuses must be a list/],
	[['http://a'], { ejection: { pause: 'long' } }, /ejection\.pause must be a number/],
	[['http://a'], { health: 'health' }, /health\.path must be a path that begins with \/, "tcp", "grpc"/],
	[['http://a'], { health: { path: '/', interval: 0 } }, /health\.interval must be a number from 1 up/],
	[['http://a'], { limits: { activ: 1 } }, /limits\.activ: no such option/],
	[['http://a'], { whenNoneIsUp: 'wait' }, /whenNoneIsUp must be "try" or "refuse"/],
	[['http://a'], { slowStart: Number.NaN }, /slowStart must be a number from 0 up/],
	[['http://a'], { reverse: { hots: 'keep' } }, /reverse: hots: no such option/],
	[['http://a'], { ballance: 'latency' }, /ballance: no such option; .*did you mean balance/],
] as const) {
	test(`refused: ${JSON.stringify(of)} with ${JSON.stringify(options)}`, () => {
		assert.throws(() => upstreams(of as never, options as never), reason);
	});
}

test('a member that answers with what is no response is its own error, and nothing is left behind', async (t) => {
	const group = quiet(t, [
		{ app: (() => 7) as never, name: 'wrong' },
		{ app: (async () => null) as never, name: 'worse' },
	]);
	for (let at = 0; at < 4; at++) assert.equal((await ask(group, '/')).status, 500);
	assert.deepEqual(
		Object.values(group.statistics().members).map(({ active }) => active),
		[0, 0],
	);
});

test('what an app of this process needs begins and ends with the group; explain goes on with one that is up', async () => {
	const app = says('here');
	const group = upstreams([{ app, name: 'here' }, 'http://127.0.0.1:9']);
	assert.deepEqual(
		[...partsOf(group)].map((part) => part.app),
		[group, app],
	);
	const { request, context } = exchange(() => respond(204), { target: '/a' });
	const far = upstreams(['http://127.0.0.1:9']);
	const steps = await explain(far, request, context);
	assert.deepEqual(
		steps.map(({ name }) => name),
		['upstreams', 'reverse'],
	);
	assert.ok(steps[1]?.explanation?.fields?.some(({ name }) => name === 'Via'));
	await Promise.all([group.close(), far.close()]);
});

test('a log that throws ends no discovery', async (t) => {
	const lists = async function* (): AsyncGenerator<readonly UpstreamSpec[]> {
		yield [{ app: says('one'), name: 'one' }];
		yield [{ app: says('two'), name: 'two' }];
	};
	const group = upstreams(lists(), {
		log: () => {
			throw new Error('full');
		},
	});
	t.after(() => group.close());
	await group.start();
	await until(() => Object.keys(group.statistics().members).join() === 'two', 'the second list');
});
