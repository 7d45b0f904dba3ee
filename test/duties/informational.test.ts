/** 1xx responses (RFC 9110 section 15.2, RFC 8297) and Expect (section 10.1.1) through the gateway. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, get, scripted } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

const upload = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n';

test('every informational response is relayed, in order, with its fields', async (t) => {
	const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n';
	const g = await gateway(
		t,
		() => `HTTP/1.1 102 Processing\r\n\r\n${early}${early}HTTP/1.1 199 Odd\r\nX: y\r\n\r\n${ok('fine')}`,
	);
	const client = (await g.client()).send(get('/'));
	const answers = [];
	do answers.push(await client.message());
	while ((answers.at(-1)?.status ?? 0) < 200);
	assert.deepEqual(
		answers.map((answer) => answer.status),
		[102, 103, 103, 199, 200],
	);
	assert.deepEqual(answers[1]?.all('link'), ['</a>', '</b>']);
	assert.equal(answers[3]?.get('x'), 'y');
});

test('an informational response arrives before the final one is sent', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
	});
	const client = (await g.client()).send(get('/'));
	assert.equal((await client.message()).status, 103);
	(await g.origin.peer()).send(ok('fine'));
	assert.equal((await client.message()).body, 'fine');
});

test('fields of the connection stop here in informational responses, too', async (t) => {
	const g = await gateway(
		t,
		() => `HTTP/1.1 103 Early Hints\r\nConnection: X-Secret\r\nX-Secret: 1\r\nLink: </a>\r\n\r\n${ok('fine')}`,
	);
	const client = (await g.client()).send(get('/'));
	const early = await client.message();
	assert.equal(early.status, 103);
	assert.equal(early.get('x-secret'), null);
	assert.equal(early.get('connection'), null);
});

test('an HTTP/1.0 client gets no informational response', async (t) => {
	const g = await gateway(t, () => `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${ok('fine')}`);
	const client = (await g.client()).send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
	const answer = await client.message();
	assert.equal(answer.status, 200);
	assert.equal(answer.body, 'fine');
});

test('endless informational responses do not go on for ever', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		for (let i = 0; i < 20_000 && !peer.over; i++) {
			peer.send('HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n');
			if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
		}
		peer.send(ok('fine'));
	});
	const client = (await g.client()).send(get('/'));
	await client.when(
		() => /\r\n\r\nfine$|HTTP\/1\.1 502/.test(client.received.slice(-4_000)) || client.over,
		'final answer',
	);
});

test("the origin's own 100 is relayed, and only then the body goes", async (t) => {
	const g = await scripted(t, async (peer) => {
		const head = await peer.head();
		assert.ok(head.fields.some(([name, value]) => name.toLowerCase() === 'expect' && value === '100-continue'));
		await new Promise((resolve) => setTimeout(resolve, 30));
		assert.equal(peer.unread, '');
		peer.send('HTTP/1.1 100 Continue\r\n\r\n');
		await peer.read('hello');
		peer.send(ok('fine'));
	});
	const client = (await g.client()).send(upload);
	assert.equal((await client.message()).status, 100);
	client.send('hello');
	assert.equal((await client.message()).body, 'fine');
});

test('a client is told 100 once', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 100 Continue\r\n\r\n');
		await peer.read('hello');
		peer.send(ok('fine'));
	});
	const client = (await g.client()).send(upload);
	await client.message();
	client.send('hello');
	await client.message();
	assert.equal(client.received.match(/HTTP\/1\.1 100/g)?.length, 1);
});

for (const status of ['417 Expectation Failed', '401 Unauthorized', '200 OK', '413 Content Too Large']) {
	test(`a final answer instead of 100 is relayed without the body: ${status}`, async (t) => {
		const g = await scripted(t, async (peer) => {
			await peer.head();
			peer.send(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\nfinal`);
		});
		const client = (await g.client()).send(upload);
		const answer = await client.message();
		assert.equal(answer.startLine, `HTTP/1.1 ${status}`);
		assert.equal(answer.body, 'final');
		assert.doesNotMatch((await g.origin.peer()).received, /\r\n\r\n./);
	});
}

test('after a final answer instead of 100 the upstream connection is not used again with a body owing', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.head();
		peer.send('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n');
		await peer.when(() => peer.unread !== '' || peer.over, 'next bytes or end').catch(() => {});
		if (peer.unread !== '') peer.send(ok('reused'));
	});
	const first = (await g.client()).send(upload);
	assert.equal((await first.message()).status, 417);
	const second = (await g.client()).send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
	assert.equal((await second.message()).status, 417, 'answered on a connection of its own');
});

test('a client that does not wait for 100 is served', async (t) => {
	const g = await gateway(t, (request) => ok(request.body));
	const client = (await g.client()).send(`${upload}hello`);
	let answer = await client.message();
	if (answer.status === 100) answer = await client.message();
	assert.equal(answer.body, 'hello');
});

test('an origin that says nothing to Expect gets the body when the client sends it', async (t) => {
	const g = await scripted(t, async (peer) => {
		peer.send(ok((await peer.message()).body));
	});
	const client = (await g.client()).send(upload);
	await (await g.origin.peer()).when(() => g.origin.received.includes('\r\n\r\n'), 'head');
	client.send('hello');
	let answer = await client.message();
	if (answer.status === 100) answer = await client.message();
	assert.equal(answer.body, 'hello');
});

test('Expect of an HTTP/1.0 client asks nothing of the origin', async (t) => {
	const g = await gateway(t, (request) => ok(request.body));
	const client = (await g.client()).send(
		'POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello',
	);
	const answer = await client.message();
	assert.equal(answer.status, 200);
	assert.equal(answer.body, 'hello');
});
