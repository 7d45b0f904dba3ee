/** Forwarded (RFC 7239) and X-Forwarded-*: chains from strangers are dropped, chains from trusted peers are continued. */
import assert from 'node:assert/strict';
import { connect as connectSocket } from 'node:net';
import { test } from 'node:test';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { exchange, get, plainGateway } from '../support/gateway.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';

/** Elements of a Forwarded value as sorted lower-case pairs; enough for values without quoted commas. */
function elements(value: string | null | undefined): string[][] {
	return (value ?? '').split(',').map((element) =>
		element
			.split(';')
			.map((pair) => pair.trim().toLowerCase())
			.sort(),
	);
}

const lie =
	'Forwarded: for=6.6.6.6;proto=https\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: liar.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nX-Forwarded-Prefix: /liar\r\nX-Real-IP: 6.6.6.6\r\n';

test('the origin learns who asked, for what host, by which scheme', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/'));
	const [element, ...others] = elements(seen?.get('forwarded'));
	assert.deepEqual(others, []);
	for (const pair of ['for=127.0.0.1', 'host=front.example', 'proto=http'])
		assert.ok(element?.includes(pair), `${pair} in ${String(element)}`);
	assert.equal(seen?.get('x-forwarded-for'), '127.0.0.1');
	assert.equal(seen?.get('x-forwarded-host'), 'front.example');
	assert.equal(seen?.get('x-forwarded-proto'), 'http');
});

test('nobody is trusted by default: a chain from outside is dropped', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', lie));
	assert.doesNotMatch(seen?.raw ?? 'nothing came: 6.6.6.6', /6\.6\.6\.6|liar|X-Forwarded-Proto: https/i);
	assert.equal(seen?.get('x-forwarded-for'), '127.0.0.1');
	assert.deepEqual(seen?.all('forwarded').length, 1);
});

for (const trust of [1, ['127.0.0.0/8']] as const) {
	test(`a trusted peer's chain is continued: trust ${JSON.stringify(trust)}`, async (t) => {
		const g = await plainGateway(t, { reverse: { forwarded: { trust } } });
		const chain =
			'Forwarded: for=1.2.3.4;proto=https, for=unknown\r\nX-Forwarded-For: 1.2.3.4, unknown\r\nX-Forwarded-Host: www.example\r\nX-Forwarded-Proto: https\r\n';
		const { seen } = await exchange(g, get('/', chain));
		const list = elements(seen?.get('forwarded'));
		assert.equal(list.length, 3);
		assert.deepEqual(list[0], ['for=1.2.3.4', 'proto=https']);
		assert.ok(list[2]?.includes('for=127.0.0.1'));
		assert.equal(seen?.get('x-forwarded-for'), '1.2.3.4, unknown, 127.0.0.1');
		assert.equal(seen?.get('x-forwarded-host'), 'www.example');
		assert.equal(seen?.get('x-forwarded-proto'), 'https');
	});
}

test('a peer outside the trusted networks is a stranger', async (t) => {
	const g = await plainGateway(t, { reverse: { forwarded: { trust: ['10.0.0.0/8', '::1/128'] } } });
	const { seen } = await exchange(g, get('/', lie));
	assert.doesNotMatch(seen?.raw ?? '6.6.6.6', /6\.6\.6\.6|liar/);
});

test('a malformed chain from a trusted peer does not break the one we send', async (t) => {
	const g = await plainGateway(t, { reverse: { forwarded: { trust: 1 } } });
	const { seen, answer } = await exchange(g, get('/', 'Forwarded: for="unclosed, ;;;=\r\n'));
	assert.ok(answer.status === 200 || answer.status === 400);
	if (answer.status === 200) assert.match(seen?.get('forwarded') ?? '', /for=127\.0\.0\.1[^"]*$/);
});

test('a host that needs quoting is quoted', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'GET / HTTP/1.1\r\nHost: front.example:8080\r\n\r\n');
	assert.match(seen?.get('forwarded') ?? '', /host="front\.example:8080"/);
});

test('an IPv6 client is quoted and bracketed', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${origin.port}`, { log: () => {} });
	t.after(() => proxy.close());
	let front: Awaited<ReturnType<typeof listen>>;
	try {
		front = await listen(t, proxy, {}, { host: '::1', port: 0 });
	} catch (error) {
		return t.skip(`no IPv6 here: ${(error as Error).message}`);
	}
	const socket = connectSocket({ host: '::1', port: portOf(front) });
	t.after(() => socket.destroy());
	const client = new RawPeer(socket).send(get('/'));
	assert.equal((await client.message()).status, 200);
	assert.match(origin.requests[0]?.get('forwarded') ?? '', /for="\[::1\]"/);
	assert.equal(origin.requests[0]?.get('x-forwarded-for'), '::1');
});

test('an IPv4 client on a dual-stack listener is an IPv4 client', async (t) => {
	const origin = await originOf(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${origin.port}`, { forwarded: { trust: ['127.0.0.1/32'] } });
	t.after(() => proxy.close());
	let front: Awaited<ReturnType<typeof listen>>;
	try {
		front = await listen(t, proxy, {}, { host: '::', port: 0 });
	} catch (error) {
		return t.skip(`no IPv6 here: ${(error as Error).message}`);
	}
	const socket = connectSocket({ host: '127.0.0.1', port: portOf(front) });
	t.after(() => socket.destroy());
	await new RawPeer(socket).send(get('/', 'X-Forwarded-For: 1.2.3.4\r\n')).message();
	assert.equal(origin.requests[0]?.get('x-forwarded-for'), '1.2.3.4, 127.0.0.1');
});
