/** A group on real sockets whose members are killed, hang, reset, send garbage: no client sees what a retry could have hidden. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import { type UpstreamSpec, type Upstreams, type UpstreamsOptions, upstreams } from '../../src/upstreams/index.ts';
import { listen, portOf } from '../support/engines.ts';
import type { Message } from '../support/message.ts';
import { connect } from '../support/raw-client.ts';
import { type Answer, ok, origin, type RawServer, rawServer, type Script } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';

interface Front {
	readonly group: Upstreams;
	readonly port: number;
	ask(request: string): Promise<Message>;
}

async function front(t: TestContext, of: readonly UpstreamSpec[], options: UpstreamsOptions = {}): Promise<Front> {
	const quiet = { log: () => {}, reverse: { name: 'turnabout', log: () => {}, ...options.reverse } };
	const group = upstreams(of, { ...options, ...quiet });
	const port = portOf(await listen(t, group as App, { log: () => {} }));
	t.after(() => group.close());
	const ask = async (request: string): Promise<Message> => {
		const client = await connect(t, port);
		const method = request.slice(0, request.indexOf(' '));
		let answer = await client.send(request).message(method);
		while (answer.status < 200) answer = await client.message(method);
		client.destroy();
		return answer;
	};
	return { group, port, ask };
}

const get = (target = '/'): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
const url = ({ port }: RawServer): string => `http://127.0.0.1:${port}`;

/** What a member may do to a request; each is a fault that another attempt hides. */
const faults: Readonly<Record<string, Script>> = {
	'closes at once': (peer) => {
		peer.destroy();
	},
	'resets at once': (peer) => {
		peer.reset();
	},
	'reads and closes': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		peer.destroy();
	},
	'reads and resets': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		peer.reset();
	},
	'sends garbage': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		peer.send('\x00\x01garbage\r\n\r\n');
	},
	'ends within its head': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		peer.send('HTTP/1.1 200 OK\r\nContent-Le').finish();
	},
	hangs: () => {},
	'sends its head slowly, and never all of it': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		for (const piece of ['HTTP', '/1.1', ' 200', ' OK\r', '\nA: ', 'b']) {
			peer.send(piece);
			await pause(40);
		}
	},
	'interim responses and then nothing': async (peer) => {
		await peer.when(() => peer.unread.length > 0, 'request');
		peer.send('HTTP/1.1 102 Processing\r\n\r\n').finish();
	},
};

for (const [what, script] of Object.entries(faults)) {
	test(`a member that ${what}: GET is answered by the other, and so is every one`, async (t) => {
		const bad = await rawServer(t, script);
		const good = await origin(t, () => ok('fine'));
		const f = await front(t, [url(bad), url(good)], { reverse: { timeouts: { firstByte: 150, connect: 500 } } });
		for (let at = 0; at < 8; at++) {
			const answer = await f.ask(get(`/${at}`));
			assert.deepEqual([answer.status, answer.body], [200, 'fine']);
		}
		const { members, retried } = f.group.statistics();
		assert.ok(retried >= 4, String(retried));
		assert.ok((members[url(bad)]?.failures ?? 0) >= 4);
		assert.equal(members[url(good)]?.failures, 0);
		await until(
			() => Object.values(f.group.statistics().members).every(({ active }) => active === 0),
			'nothing active',
		);
	});
}

test('a member where nobody listens is hidden for every method', async (t) => {
	const gone = await rawServer(t);
	const bad = url(gone);
	gone.close();
	const good = await origin(t, (request) => ok(`${request.method} ${request.body}`));
	const f = await front(t, [bad, url(good)]);
	for (let at = 0; at < 4; at++) {
		const answer = await f.ask('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody');
		assert.equal(answer.body, 'POST body');
	}
});

test('a POST that may have been acted on is not sent again unasked', async (t) => {
	const bad = await rawServer(t, faults['reads and closes'] as Script);
	const good = await origin(t, () => ok('fine'));
	const f = await front(t, [url(bad), url(good)]);
	const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody';
	const statuses = [await f.ask(post), await f.ask(post)].map(({ status }) => status).toSorted();
	assert.deepEqual(statuses, [200, 502]);
	const asked = await front(t, [url(bad), url(good)], { retries: { methods: ['POST'] } });
	assert.deepEqual([(await asked.ask(post)).status, (await asked.ask(post)).status], [200, 200]);
});

test('a PUT whose body was on its way is sent again, whole, up to the bound', async (t) => {
	const cutting: Script = async (peer) => {
		await peer.when(() => peer.received.length > 1_000, 'a part of the body');
		peer.reset();
	};
	const bad = await rawServer(t, cutting);
	const good = await origin(t, (request) => ok(String(request.body.length)));
	const body = 'x'.repeat(20_000);
	for (const framing of [
		`Content-Length: ${body.length}\r\n\r\n${body}`,
		`Transfer-Encoding: chunked\r\n\r\n4e20\r\n${body}\r\n0\r\n\r\n`,
	]) {
		const f = await front(t, [url(bad), url(good)]);
		const answer = await f.ask(`PUT / HTTP/1.1\r\nHost: a\r\n${framing}`);
		assert.deepEqual([answer.status, answer.body], [200, '20000']);
	}
	const small = await front(t, [url(bad), url(good)], { retries: { bodyBytes: 10_000 } });
	const answer = await small.ask(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /^turnabout;error=connection_terminated/);
});

test('statuses are asked for again where that is wished, and the first answer is given up', async (t) => {
	const busy: Answer = () => 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy';
	const [bad, good] = [await origin(t, busy), await origin(t, () => ok('fine'))];
	const f = await front(t, [url(bad), url(good)], { retries: { statuses: [503] } });
	for (let at = 0; at < 6; at++) assert.equal((await f.ask(get())).body, 'fine');
	const alone = await front(t, [url(bad)], { retries: { statuses: [503], times: 1, pause: 1 } });
	assert.deepEqual([(await alone.ask(get())).status, alone.group.statistics().retried], [503, 1]);
});

test('when all fail the client is told of the last, with Proxy-Status', async (t) => {
	const closed = [await rawServer(t), await rawServer(t)];
	const urls = closed.map(url);
	for (const one of closed) one.close();
	const f = await front(t, urls, { retries: { pause: 1 } });
	const answer = await f.ask(get());
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /error=connection_refused/);
});

test('a member that fails is left alone, tried again by one request, and taken back', async (t) => {
	let well = false;
	const shaky = await origin(t, (_request, peer) => (well ? ok('shaky') : void peer.reset()));
	const good = await origin(t, () => ok('good'));
	const f = await front(t, [url(shaky), url(good)], { ejection: { failures: 2, pause: 100 } });
	const state = (): string | undefined => f.group.statistics().members[url(shaky)]?.state;
	for (let at = 0; at < 4; at++) assert.equal((await f.ask(get())).body, 'good');
	assert.equal(state(), 'ejected');
	const { length } = shaky.requests;
	for (let at = 0; at < 4; at++) assert.equal((await f.ask(get())).body, 'good');
	assert.equal(shaky.requests.length, length, 'nobody asks it');
	well = true;
	await until(() => state() === 'trial', 'a trial');
	const bodies = [await f.ask(get()), await f.ask(get()), await f.ask(get())].map(({ body }) => body);
	assert.ok(bodies.includes('shaky'), bodies.join());
	assert.equal(state(), 'up');
});

test('requests beyond the limit of one member go to the other, then wait, then are refused', async (t) => {
	const held: (() => void)[] = [];
	const slow: Answer = (_request, peer) =>
		new Promise((resolve) => held.push(() => resolve(void peer.send(ok('late')))));
	const servers = [await origin(t, slow), await origin(t, slow)];
	const f = await front(t, servers.map(url), { limits: { active: 1, queue: 1, queueTimeout: 400 } });
	const [one, two] = [f.ask(get('/1')), f.ask(get('/2'))];
	await until(() => held.length === 2, 'both busy');
	const waiting = f.ask(get('/3'));
	await until(() => f.group.statistics().queued === 1, 'one waits');
	const refused = await f.ask(get('/4'));
	assert.deepEqual([refused.status, refused.get('retry-after')], [503, '1']);
	assert.match(refused.get('proxy-status') ?? '', /error=connection_limit_reached/);
	held.shift()?.();
	await until(() => held.length === 2, 'the one that waited is asked');
	const impatient = await f.ask(get('/5'));
	assert.equal(impatient.status, 503, 'its time is up');
	for (const go of held) go();
	assert.deepEqual([(await one).status, (await two).status, (await waiting).status], [200, 200, 200]);
	assert.equal(f.group.statistics().queued, 0);
});

test('a client that leaves while it waits takes nobody’s place', async (t) => {
	const held: (() => void)[] = [];
	const server = await origin(
		t,
		(_request, peer) => new Promise((resolve) => held.push(() => resolve(void peer.send(ok('x'))))),
	);
	const f = await front(t, [url(server)], { limits: { active: 1 } });
	const first = f.ask(get('/1'));
	await until(() => held.length === 1, 'busy');
	const leaving = (await connect(t, f.port)).send(get('/2'));
	await until(() => f.group.statistics().queued === 1, 'one waits');
	leaving.destroy();
	await until(() => f.group.statistics().queued === 0, 'it has left');
	const next = f.ask(get('/3'));
	await until(() => f.group.statistics().queued === 1, 'another waits');
	held.shift()?.();
	await until(() => held.length === 1, 'it is asked');
	held.shift()?.();
	assert.deepEqual([(await first).status, (await next).status], [200, 200]);
	assert.equal(server.requests.length, 2);
});

test('members are apps: a group of groups, and any app of this process', async (t) => {
	const there = await origin(t, () => ok('there'));
	const inner = upstreams([url(there)], { log: () => {} });
	t.after(() => inner.close());
	const here: App = () => new Response('here');
	const f = await front(t, [
		{ app: inner, name: 'inner' },
		{ app: here, name: 'here' },
	]);
	assert.deepEqual([(await f.ask(get())).body, (await f.ask(get())).body], ['there', 'here']);
	assert.deepEqual(Object.keys(f.group.statistics().members), ['inner', 'here']);
});

test('an app that throws is the app’s error, counted, and not asked for again', async (t) => {
	let asked = 0;
	const broken: App = () => {
		asked++;
		throw new Error('a bug');
	};
	const f = await front(t, [{ app: broken, name: 'broken' }]);
	assert.equal((await f.ask(get())).status, 500);
	assert.deepEqual([asked, f.group.statistics().members['broken']?.failures], [1, 1]);
});

test('a WebSocket upgrade goes to one of them, and counts as long as it stands', async (t) => {
	const echo = await rawServer(t, async (peer) => {
		await peer.when(() => peer.received.includes('\r\n\r\n'), 'request');
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhello');
	});
	const f = await front(t, [url(echo)]);
	const client = await connect(t, f.port);
	client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	await client.read('hello');
	assert.equal(f.group.statistics().members[url(echo)]?.active, 1);
	client.reset();
	await until(() => f.group.statistics().members[url(echo)]?.active === 0, 'the tunnel is over');
});
