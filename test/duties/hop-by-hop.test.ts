/** RFC 9110 section 7.6.1: what belongs to one connection stops at it. Section 11.7: proxy credentials stop here, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, gateway, get, plainGateway } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

for (const field of [
	'Keep-Alive: timeout=5',
	'Proxy-Connection: keep-alive',
	'TE: gzip',
	'Upgrade: h2c',
	'HTTP2-Settings: AAMAAABkAAQAAP',
]) {
	const name = field.slice(0, field.indexOf(':'));

	test(`${name} of a request stops here`, async (t) => {
		const g = await plainGateway(t);
		const { seen } = await exchange(g, get('/', `${field}\r\nX-After: 1\r\n`));
		assert.equal(seen?.get(name), null);
		assert.equal(seen?.get('x-after'), '1');
	});
}

for (const field of [
	'Keep-Alive: timeout=5',
	'Proxy-Connection: keep-alive',
	'Proxy-Authenticate: Basic realm="x"',
	'Upgrade: h2c',
]) {
	const name = field.slice(0, field.indexOf(':'));

	test(`${name} of a response stops here`, async (t) => {
		const g = await gateway(t, () => ok('fine', `${field}\r\nX-After: 1\r\n`));
		const { answer } = await exchange(g, get('/'));
		assert.equal(answer.get(name), null);
		assert.equal(answer.get('x-after'), '1');
	});
}

test('every option of every Connection line is obeyed, in any case', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(
		g,
		get(
			'/',
			'connection: x-one ,, X-TWO\r\nX-One: 1\r\nx-two: 2\r\nX-Two: 2\r\nCONNECTION: X-Three\r\nX-Three: 3\r\nX-Four: 4\r\n',
		),
	);
	assert.deepEqual(
		['x-one', 'x-two', 'x-three', 'x-four'].map((name) => seen?.get(name)),
		[null, null, null, '4'],
	);
});

test('a nominated field is removed from trailers, too', async (t) => {
	const g = await gateway(
		t,
		() =>
			'HTTP/1.1 200 OK\r\nConnection: X-Secret\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Secret: 1\r\nX-Sum: 2\r\n\r\n',
	);
	const { answer, seen } = await exchange(
		g,
		'POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, X-Secret\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Secret: 1\r\nX-Sum: 2\r\n\r\n',
	);
	assert.deepEqual([seen?.trailer('x-secret'), seen?.trailer('x-sum')], [null, '2']);
	assert.deepEqual([answer.trailer('x-secret'), answer.trailer('x-sum')], [null, '2']);
});

test('Connection cannot take the framing or the authority from a request', async (t) => {
	const g = await plainGateway(t, { reverse: { host: 'keep' } });
	const { seen } = await exchange(
		g,
		'POST / HTTP/1.1\r\nHost: front.example\r\nConnection: Host, Content-Length\r\nContent-Length: 5\r\n\r\nhello',
	);
	assert.equal(seen?.get('host'), 'front.example');
	assert.equal(seen?.body, 'hello');
});

test('a client that closes does not close the upstream connection', async (t) => {
	const g = await plainGateway(t);
	const { answer, client } = await exchange(g, get('/', 'Connection: close\r\n'));
	assert.equal(answer.get('connection'), 'close');
	assert.equal(await client.closed(), 'finished');
	await exchange(g, get('/'));
	assert.equal(g.origin.peers.length, 1);
	assert.doesNotMatch(g.origin.requests[0]?.get('connection') ?? '', /close/i);
});

test('an upstream that closes does not close the client connection', async (t) => {
	const g = await gateway(t, (_request, peer) => {
		peer.send(ok('fine', 'Connection: close\r\n')).finish();
	});
	const { answer, client } = await exchange(g, get('/1'));
	assert.equal(answer.get('connection'), null);
	client.send(get('/2'));
	assert.equal((await client.message()).body, 'fine');
	assert.equal(g.origin.peers.length, 2);
});

test('TE: trailers goes on, announced in Connection; other codings do not', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'TE: gzip, trailers;q=0.5\r\nConnection: TE\r\n'));
	if (seen?.get('te') !== null) {
		assert.equal(seen?.get('te'), 'trailers');
		assert.match(seen?.get('connection') ?? '', /\bTE\b/i);
	}
	const other = await exchange(g, get('/', 'TE: gzip\r\nConnection: TE\r\n'));
	assert.doesNotMatch(other.seen?.get('te') ?? '', /gzip/);
});

test('our own version goes both ways', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.0 200 Fine\r\nContent-Length: 4\r\n\r\nfine');
	const { answer, seen } = await exchange(g, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
	assert.match(seen?.startLine ?? '', / HTTP\/1\.1$/);
	assert.equal(answer.startLine, 'HTTP/1.1 200 Fine');
});

test('every unknown field goes on, with its order, case and duplicates', async (t) => {
	const lines =
		'X-B: 1\r\nx-a: 2\r\nX-B: 3\r\nX-Empty: \r\nX-Latin: caf\xe9\r\nReferer: http://front.example/x\r\nX-b: 4\r\n';
	const g = await gateway(t, () => ok('fine', lines));
	const { answer, seen } = await exchange(g, get('/', lines));
	const expected = [
		['X-B', '1'],
		['x-a', '2'],
		['X-B', '3'],
		['X-Empty', ''],
		['X-Latin', 'caf\xe9'],
		['Referer', 'http://front.example/x'],
		['X-b', '4'],
	];
	const ours = (pairs: readonly (readonly [string, string])[]) =>
		pairs.filter(([name]) => /^(x-(a|b|empty|latin)|referer)$/i.test(name));
	assert.deepEqual(ours(seen?.fields ?? []), expected);
	assert.deepEqual(ours(answer.fields), expected);
});

test('copies of Client-Cert from outside are removed', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'Client-Cert: :AAAA:\r\nClient-Cert-Chain: :AAAA:\r\n'));
	assert.equal(seen?.get('client-cert'), null);
	assert.equal(seen?.get('client-cert-chain'), null);
});
