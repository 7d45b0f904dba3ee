/** Failures upstream, each with its status and its error type (RFC 9209 section 2.3). */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { exchange, gateway, get, plainGateway, scripted } from '../support/gateway.ts';
import type { Message } from '../support/message.ts';
import { connect } from '../support/raw-client.ts';
import { ok } from '../support/raw-server.ts';

function errorOf(answer: Message): string | undefined {
	return /;\s*error=([a-z_]+)/.exec(answer.get('proxy-status') ?? '')?.[1];
}

test('an answer that went well carries no Proxy-Status error', async (t) => {
	const g = await plainGateway(t);
	assert.equal(errorOf((await exchange(g, get('/'))).answer), undefined);
});

test('what upstream proxies reported is kept, in front of ours', async (t) => {
	const g = await gateway(t, () => ok('fine', 'Proxy-Status: inner; error=dns_timeout\r\n'));
	const { answer } = await exchange(g, get('/'));
	assert.match(answer.get('proxy-status') ?? '', /^inner; error=dns_timeout/);
});

test('an error of the origin is relayed as it is, and is not ours', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\ntheir');
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 502);
	assert.equal(answer.body, 'their');
	assert.equal(errorOf(answer), undefined);
});

test('Proxy-Status can be turned off', async (t) => {
	const g = await plainGateway(t, { reverse: { proxyStatus: false } });
	g.origin.close();
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 502);
	assert.equal(answer.get('proxy-status'), null);
});

test('the page of a failure is plain and tells no internals', async (t) => {
	const g = await plainGateway(t);
	const port = g.origin.port;
	g.origin.close();
	const { answer } = await exchange(g, get('/'));
	assert.match(answer.get('content-type') ?? '', /^text\/(plain|html)/);
	assert.ok(answer.body.length > 20);
	assert.doesNotMatch(answer.body, new RegExp(`${port}|ECONNREFUSED|127\\.0\\.0\\.1|at .*\\.ts`));
});

test('a failure leaves the client connection usable', async (t) => {
	let attempts = 0;
	const g = await gateway(t, (_request, peer) => {
		if (attempts++ > 0) return ok('fine');
		peer.reset();
		return undefined;
	});
	const { answer, client } = await exchange(g, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
	assert.equal(answer.status, 502);
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
});

const never = () => new Promise<string>(() => {});

test('an origin that does not begin to answer in time: 504', async (t) => {
	const g = await gateway(t, never, { reverse: { timeouts: { firstByte: 150 } } });
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 504);
	assert.equal(errorOf(answer), 'http_response_timeout');
	await (await g.origin.peer()).closed(2_000);
});

test('an exchange that takes too long in all: 504', async (t) => {
	const g = await gateway(t, never, { reverse: { timeouts: { total: 150 } } });
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 504);
	assert.match(errorOf(answer) ?? '', /^(http_response_timeout|connection_timeout)$/);
});

test('an origin that stalls in its head: 504', async (t) => {
	const g = await gateway(t, (_request, peer) => void peer.send('HTTP/1.1 200 OK\r\nX: '), {
		reverse: { timeouts: { firstByte: 150, idle: 150 } },
	});
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 504);
});

test('an origin that stalls in its body: the client sees it cut', async (t) => {
	const g = await gateway(t, (_request, peer) => void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'), {
		reverse: { timeouts: { idle: 150 } },
	});
	const client = (await g.client()).send(get('/'));
	await client.read('half');
	await client.closed(4_000);
	await (await g.origin.peer()).closed(2_000);
});

for (const [what, bytes] of [
	['before its head', ''],
	['in its head', 'HTTP/1.1 200 OK\r\nContent-Le'],
	['behind an informational response', 'HTTP/1.1 102 Processing\r\n\r\n'],
] as const) {
	for (const way of ['finish', 'reset'] as const) {
		test(`an origin that is gone ${what} (${way}): 502`, async (t) => {
			const g = await scripted(t, async (peer) => {
				await peer.message();
				peer.send(bytes);
				await new Promise((resolve) => setTimeout(resolve, 20));
				peer[way]();
			});
			const client = (await g.client()).send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
			let answer = await client.message();
			while (answer.status < 200) answer = await client.message();
			assert.equal(answer.status, 502);
			assert.match(errorOf(answer) ?? '', /^(connection_terminated|http_response_incomplete)$/);
			assert.equal(g.origin.peers.length, 1, 'a POST is not sent again');
		});
	}
}

/** A port that takes no connection: its process never accepts, and its queue is full. */
async function silentPort(t: TestContext): Promise<number> {
	const script =
		"const s=require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},()=>{require('fs').writeSync(1,String(s.address().port)+'\\n');Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)})";
	const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
	t.after(() => child.kill('SIGKILL'));
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	const port = Number(line.toString());
	for (let i = 0; i < 6; i++) {
		const filler = connectSocket({ host: '127.0.0.1', port });
		filler.on('error', () => {});
		t.after(() => filler.destroy());
	}
	await new Promise((resolve) => setTimeout(resolve, 50));
	return port;
}

test('an upstream that does not take the connection in time: 504', {
	skip: process.platform !== 'linux' && 'fills the queue as Linux keeps it',
}, async (t) => {
	const proxy = reverse(`http://127.0.0.1:${await silentPort(t)}`, { timeouts: { connect: 200 }, log: () => {} });
	t.after(() => proxy.close());
	const client = (await connect(t, portOf(await listen(t, proxy)))).send(get('/'));
	const answer = await client.message();
	assert.equal(answer.status, 504);
	assert.equal(errorOf(answer), 'connection_timeout');
});

test('an upstream name that does not exist: 502', async (t) => {
	const proxy = reverse('http://no-such-host.invalid', { timeouts: { connect: 4_000 }, log: () => {} });
	t.after(() => proxy.close());
	const client = (await connect(t, portOf(await listen(t, proxy)))).send(get('/'));
	const answer = await client.message();
	assert.match(errorOf(answer) ?? '', /^dns_(error|timeout)$/);
	assert.equal(answer.status, errorOf(answer) === 'dns_timeout' ? 504 : 502);
});
