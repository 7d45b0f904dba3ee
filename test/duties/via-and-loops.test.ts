/** Via (RFC 9110 section 7.6.3), loops (7.6) and Max-Forwards (7.6.2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { exchange, get, plainGateway } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';

test('Via is appended behind what is there', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'Via: 1.0 fred, 1.1 p.example (x, y)\r\nVia: 1.1 last\r\n'));
	assert.match(seen?.get('via') ?? '', /^1\.0 fred, 1\.1 p\.example \(x, y\), 1\.1 last, 1\.1 turnabout$/);
});

test('Via names the version that the request came in', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
	assert.equal(seen?.get('via'), '1.0 turnabout');
});

test('the pseudonym is an option', async (t) => {
	const g = await plainGateway(t, { reverse: { name: 'edge-1' } });
	const { seen } = await exchange(g, get('/', 'Via: 1.1 turnabout\r\n'));
	assert.equal(seen?.get('via'), '1.1 turnabout, 1.1 edge-1');
});

for (const via of ['1.1 turnabout', '1.0 fred, 1.1 turnabout (what a name), 1.1 other', 'HTTP/1.1 turnabout']) {
	test(`a request that has been here is a loop: Via: ${via}`, async (t) => {
		const g = await plainGateway(t);
		const { answer } = await exchange(g, get('/', `Via: ${via}\r\n`));
		assert.equal(answer.status, 502);
		assert.match(answer.get('proxy-status') ?? '', /error=proxy_loop_detected/);
		assert.equal(g.origin.peers.length, 0);
	});
}

for (const via of ['1.1 turnabout-2', '1.1 my.turnabout', '1.1 other (1.1 turnabout)']) {
	test(`another that has a name like ours is no loop: Via: ${via}`, async (t) => {
		const g = await plainGateway(t);
		assert.equal((await exchange(g, get('/', `Via: ${via}\r\n`))).answer.status, 200);
	});
}

test('a proxy that is its own upstream answers at once', async (t) => {
	const later: { proxy?: App } = {};
	let calls = 0;
	const front = await listen(t, (request, context) => {
		calls++;
		return (later.proxy as App)(request, context);
	});
	const looping = reverse(`http://127.0.0.1:${portOf(front)}`, { log: () => {} });
	t.after(() => looping.close());
	later.proxy = looping;
	const client = (await connect(t, portOf(front))).send(get('/'));
	assert.match((await client.message()).get('proxy-status') ?? '', /error=proxy_loop_detected/);
	assert.ok(calls <= 3, `${calls} calls`);
});

for (const method of ['OPTIONS', 'TRACE']) {
	const ask = (value: string, fields = '') =>
		`${method} /x HTTP/1.1\r\nHost: front.example\r\nMax-Forwards: ${value}\r\n${fields}\r\n`;

	test(`Max-Forwards counts down on ${method}`, async (t) => {
		const g = await plainGateway(t);
		assert.equal((await exchange(g, ask('1'))).seen?.get('max-forwards'), '0');
		assert.equal((await exchange(g, ask('007'))).seen?.get('max-forwards'), '6');
		const far = (await exchange(g, ask('99999999999999999999'))).seen?.get('max-forwards');
		assert.match(far ?? '', /^\d{1,10}$/, 'as far as we would let it go');
	});

	for (const value of ['-1', 'many', '1.5', '1, 2', '']) {
		test(`Max-Forwards that is no number says nothing on ${method}, and goes on as it came: "${value}"`, async (t) => {
			const g = await plainGateway(t);
			const { answer, seen } = await exchange(g, ask(value));
			assert.equal(answer.status, 200);
			assert.equal(seen?.get('max-forwards'), value);
		});
	}

	test(`Max-Forwards is not invented on ${method}`, async (t) => {
		const g = await plainGateway(t);
		const { seen } = await exchange(g, `${method} /x HTTP/1.1\r\nHost: front.example\r\n\r\n`);
		assert.equal(seen?.get('max-forwards'), null);
	});
}

test('Max-Forwards on other methods goes on as it came', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, get('/', 'Max-Forwards: 0\r\n'));
	assert.equal(seen?.get('max-forwards'), '0');
});

test('a TRACE answered here never echoes secrets', async (t) => {
	const g = await plainGateway(t);
	const secrets = 'Cookie: session=s3cret\r\nAuthorization: Basic s3cret\r\nProxy-Authorization: Basic s3cret\r\n';
	const { answer } = await exchange(
		g,
		`TRACE /x HTTP/1.1\r\nHost: front.example\r\nMax-Forwards: 0\r\nX-Seen: yes\r\n${secrets}\r\n`,
	);
	assert.doesNotMatch(answer.raw, /s3cret/);
	if (answer.status === 200) {
		assert.match(answer.get('content-type') ?? '', /^message\/http/);
		assert.match(answer.body, /^TRACE \/x HTTP\/1\.1\r\n[^]*X-Seen: yes/);
	}
});

test('an OPTIONS answered here has no body to doubt', async (t) => {
	const g = await plainGateway(t);
	const { answer, client } = await exchange(g, 'OPTIONS * HTTP/1.1\r\nHost: front.example\r\nMax-Forwards: 0\r\n\r\n');
	assert.ok(answer.status === 200 || answer.status === 204);
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
});
