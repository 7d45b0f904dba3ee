/** Answers no client should see (RFC 9112 sections 2.2, 5, 6 and 8): 502, and the upstream connection is given up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, gateway, get } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

const garbage: readonly (readonly [what: string, bytes: string])[] = [
	['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
	['a version of the future', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
	['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
	['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'],
	['a status below 100', 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'],
	['a status that is no number', 'HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n'],
	['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
	['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello'],
	['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nfine'],
	['an unknown coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
	['chunked that is not last', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
	['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
	['NUL in a value', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
	['a bare carriage return in a value', 'HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n'],
	['a name that is no token', 'HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 0\r\n\r\n'],
	['a head that never ends', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`],
	['a switch nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'],
];

for (const [what, bytes] of garbage) {
	test(`${what}: 502`, async (t) => {
		let bad = true;
		const g = await gateway(t, () => (bad ? bytes : ok('fine')));
		const { answer, client } = await exchange(g, get('/'));
		assert.equal(answer.status, 502);
		assert.match(answer.get('proxy-status') ?? '', /error=(http_[a-z_]+|connection_terminated)/);
		await (await g.origin.peer()).closed(2_000);
		bad = false;
		client.send(get('/'));
		assert.equal((await client.message()).body, 'fine', 'the next request goes on a new connection');
	});
}

for (const [what, bytes] of [
	['a bad chunk size', '4\r\nfine\r\nxx\r\n'],
	['a chunk without its ending', '4\r\nfineX0\r\n\r\n'],
	['a size beyond counting', '4\r\nfine\r\nfffffffffffffffff\r\n'],
	['a trailer that is no field', '4\r\nfine\r\n0\r\nnonsense\r\n\r\n'],
] as const) {
	test(`${what} in an answer under way: cut, and never completed`, async (t) => {
		const g = await gateway(t, (_request, peer) => {
			peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
			setTimeout(() => peer.send(bytes), 20);
		});
		const client = (await g.client()).send(get('/'));
		await client.closed(4_000);
		assert.match(client.received, /^HTTP\/1\.1 (200|502)/);
		if (client.received.startsWith('HTTP/1.1 200')) assert.doesNotMatch(client.received, /\r\n0\r\n\r\n$/);
		await (await g.origin.peer()).closed(2_000);
	});
}

for (const [what, fields] of [
	['white space before the colon', 'X-Odd : 1\r\n'],
	['a folded field', 'X-Odd: a\r\n b\r\n'],
] as const) {
	test(`${what} never reaches the client as it is`, async (t) => {
		const g = await gateway(t, () => ok('fine', fields));
		const { answer } = await exchange(g, get('/'));
		assert.ok(answer.status === 502 || answer.status === 200);
		assert.doesNotMatch(answer.raw, /X-Odd :|\r\n b/);
	});
}

test('a length given twice alike is one length', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nfine');
	const { answer } = await exchange(g, get('/'));
	assert.ok(answer.status === 200 || answer.status === 502);
	if (answer.status === 200) assert.deepEqual(answer.all('content-length'), ['4']);
});

test('an answer without framing runs until the close and reaches the client whole', async (t) => {
	const g = await gateway(t, (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\n\r\nuntil the close').finish();
	});
	const { answer, client } = await exchange(g, get('/'));
	assert.equal(answer.body, 'until the close');
	if (answer.get('transfer-encoding') === 'chunked') {
		client.send(get('/'));
		assert.equal((await client.message()).body, 'until the close');
	}
});

test('an HTTP/1.0 answer with Transfer-Encoding is faulty', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n\r\n');
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 502);
});
