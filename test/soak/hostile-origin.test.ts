/** Origins that do what they must not: the client gets an answer or sees the end, and the proxy goes on. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Gateway, get, scripted } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { SEED, Seeded } from './seeded.ts';

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const OFFER = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

function watchStray(t: TestContext): unknown[] {
	const stray: unknown[] = [];
	const keep = (error: unknown) => stray.push(error);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	return stray;
}

async function assertNothingLeft(g: Gateway, stray: readonly unknown[]): Promise<void> {
	await until(() => g.front.statistics().connections === 0, 'no client is left');
	assert.equal(g.front.statistics().active, 0);
	await g.proxy.close();
	const open = () => Object.values(g.proxy.statistics()).map(({ connections, queued }) => connections + queued);
	await until(() => open().every((count) => count === 0), 'no connection to the origin is left');
	assert.deepEqual(stray, []);
}

const early: Readonly<Record<string, string>> = {
	'a body of known length': `${OFFER}Content-Length: 10\r\n\r\npart`,
	'a chunked body': `${OFFER}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n`,
	'a body that waits for 100': `${OFFER}Expect: 100-continue\r\nContent-Length: 10\r\n\r\n`,
};

for (const [name, rest] of Object.entries(early)) {
	test(`an origin that switches protocols before the end of ${name}`, async (t) => {
		const stray = watchStray(t);
		const g = await scripted(t, async (peer) => {
			await peer.head();
			peer.send(`${SWITCH}early`);
		});
		const client = (await g.client()).send(`GET / HTTP/1.1\r\nHost: front.example\r\n${rest}`);
		const answer = await client.message();
		assert.equal(answer.status, 502);
		assert.match(answer.get('proxy-status') ?? '', /error=http_upgrade_failed/);
		client.destroy();
		await assertNothingLeft(g, stray);
	});
}

test('an origin that accepts CONNECT in the name of another method, or switches unasked', async (t) => {
	const stray = watchStray(t);
	const g = await scripted(t, async (peer) => {
		await peer.head();
		peer.send(`${SWITCH}early`);
	});
	const client = (await g.client()).send(get('/'));
	assert.equal((await client.message()).status, 502);
	client.destroy();
	await assertNothingLeft(g, stray);
});

const responses: readonly string[] = [
	ok('fine'),
	ok('', 'Connection: close\r\n'),
	'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n4;a=b\r\nfine\r\n0\r\nX: y\r\n\r\n',
	'HTTP/1.1 200 OK\r\n\r\nuntil the end',
	'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
	'HTTP/1.0 304 Not Modified\r\nETag: "1"\r\nContent-Length: 5\r\n\r\n',
	SWITCH,
	'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0, 0\r\n\r\n',
];

/** A few bytes changed, taken out, doubled or put in; and then cut off at times. */
function mutated(random: Seeded, text: string): string {
	let bytes = text;
	for (let change = random.below(4); change >= 0; change--) {
		const at = random.below(bytes.length + 1);
		const to = at + random.below(6);
		const piece = random.one([
			'',
			'\r',
			'\n',
			'\r\n',
			' ',
			':',
			'\0',
			'ffffffffffff',
			'-1',
			bytes.slice(at, to).repeat(2),
		]);
		bytes = bytes.slice(0, at) + (random.chance(0.3) ? random.bytes(random.below(8)) : piece) + bytes.slice(to);
	}
	return random.chance(0.3) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes;
}

test('origins that answer with damaged responses', { timeout: 60_000 }, async (t) => {
	const stray = watchStray(t);
	const random = new Seeded(SEED);
	const g = await scripted(
		t,
		async (peer) => {
			for (;;) {
				await peer.head();
				peer.send(mutated(random, random.one(responses)));
				if (random.chance(0.5)) peer.finish();
				else if (random.chance(0.2)) peer.reset();
			}
		},
		{ reverse: { timeouts: { firstByte: 200, idle: 200, tunnelIdle: 200 } }, engine: { log: () => {} } },
	);
	const ask = async (): Promise<void> => {
		const client = await g.client();
		client.send(get('/', random.chance(0.3) ? OFFER : ''));
		await client.when(() => client.over || /\r\n\r\n/.test(client.unread), 'answer or end');
		if (random.chance(0.5)) client.send(get('/again'));
		client.finish();
		await client.closed();
		client.destroy();
	};
	const lane = async (): Promise<void> => {
		for (let round = 0; round < 100; round++) await ask();
	};
	await Promise.all([lane(), lane(), lane(), lane()]);
	await assertNothingLeft(g, stray);
});

const requests: readonly string[] = [
	get('/'),
	get('/', OFFER),
	'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody',
	'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX: y\r\n\r\n',
	'PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody',
	'OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n',
	'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\nhello',
	'HEAD http://a/b?c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
];

test('clients that send damaged requests', { timeout: 60_000 }, async (t) => {
	const stray = watchStray(t);
	const random = new Seeded(SEED + 1);
	const g = await scripted(
		t,
		async (peer) => {
			for (;;) {
				const message = await peer.message();
				peer.send(message.method === 'HEAD' ? ok('').replace(' 0\r\n', ' 4\r\n') : ok('fine'));
			}
		},
		{ engine: { log: () => {}, timeouts: { header: 200, bodyIdle: 200, keepAlive: 200 } } },
	);
	const send = async (): Promise<void> => {
		const client = await g.client();
		const bytes = mutated(random, random.one(requests) + random.one(requests));
		let from = 0;
		for (const cut of [...random.cuts(bytes.length, 2), bytes.length]) {
			client.send(bytes.slice(from, cut));
			from = cut;
			await new Promise((resolve) => setImmediate(resolve));
		}
		if (random.chance(0.5)) client.finish();
		await client.closed();
		client.destroy();
	};
	const lane = async (): Promise<void> => {
		for (let round = 0; round < 60; round++) await send();
	};
	await Promise.all(Array.from({ length: 8 }, lane));
	await assertNothingLeft(g, stray);
});
