/** `rewrite` and `onResponse`: what they see, what they may change, and what comes of their mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RawResponse, rawResponse, respond } from '../../src/convention/index.ts';
import { exchange, gateway, get, plainGateway, scripted } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';

test('rewrite sees both requests, stripped and marked, and changes the one that goes out', async (t) => {
	let given: string[] = [];
	const g = await plainGateway(t, {
		reverse: {
			rewrite({ in: request, out, context }) {
				given = [request.target, out.target, out.method, out.authority, String(out.fields.get('x-hop')), context.mount];
				out.method = 'PUT';
				out.target = '/other?x=1';
				out.authority = 'inner.example';
				out.fields.set('X-Added', 'yes');
				out.fields.delete('x-dropped');
			},
		},
	});
	const fields = 'X-Dropped: 1\r\nConnection: X-Hop\r\nX-Hop: 1\r\n';
	const { seen } = await exchange(g, get('/here?a=b', fields));
	assert.deepEqual(given, ['/here?a=b', '/here?a=b', 'GET', 'front.example', 'null', '']);
	assert.equal(seen?.startLine, 'PUT /other?x=1 HTTP/1.1');
	assert.deepEqual(seen?.all('host'), ['inner.example']);
	assert.equal(seen?.get('x-added'), 'yes');
	assert.equal(seen?.get('x-dropped'), null);
	assert.equal(seen?.get('x-forwarded-host'), 'front.example', 'which says whom the client asked');
});

test('a Host that rewrite sets as a field is the only one', async (t) => {
	const g = await plainGateway(t, { reverse: { rewrite: ({ out }) => out.fields.set('Host', 'mine.example') } });
	const { seen } = await exchange(g, get('/'));
	assert.deepEqual(seen?.all('host'), ['mine.example']);
});

test('framing fields that rewrite sets are not believed', async (t) => {
	const g = await plainGateway(t, {
		reverse: {
			rewrite({ out }) {
				out.fields.set('Content-Length', '9999');
				out.fields.set('Transfer-Encoding', 'gzip');
			},
		},
	});
	const { seen } = await exchange(g, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody');
	assert.deepEqual(seen?.all('content-length'), ['4']);
	assert.equal(seen?.get('transfer-encoding'), null);
	assert.equal(seen?.body, 'body');
});

test('a rewrite that throws: 500 without details, the next request is fine', async (t) => {
	let failing = true;
	const g = await plainGateway(t, {
		reverse: {
			rewrite() {
				if (failing) throw new Error('a secret of the rewrite');
			},
		},
		engine: { log: () => {} },
	});
	const { answer, client } = await exchange(g, get('/'));
	assert.equal(answer.status, 500);
	assert.doesNotMatch(answer.raw, /secret/);
	failing = false;
	assert.equal((await client.send(get('/')).message()).body, 'fine');
});

for (const [what, target] of [
	['a line break', '/x\r\nX-Injected: 1'],
	['a space', '/x HTTP/1.1'],
	['nothing', ''],
] as const) {
	test(`a rewrite that puts ${what} into the target reaches nobody`, async (t) => {
		const g = await plainGateway(t, {
			reverse: {
				rewrite({ out }) {
					out.target = target;
				},
			},
			engine: { log: () => {} },
		});
		const { answer } = await exchange(g, get('/'));
		assert.ok(answer.status >= 400, String(answer.status));
		assert.equal(g.origin.received, '');
	});
}

test('a response can be edited in place, and keeps its stream', async (t) => {
	const g = await scripted(
		t,
		async (peer) => {
			await peer.message();
			peer.send('HTTP/1.1 200 OK\r\nX-Powered-By: old\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
		},
		{
			reverse: {
				onResponse(response) {
					response.headers.delete('x-powered-by');
					response.headers.set('X-New', response.fields.get('via') ?? 'no via');
					return undefined;
				},
			},
		},
	);
	const client = (await g.client()).send(get('/'));
	const head = await client.head();
	assert.ok(head.fields.some(([name, value]) => name === 'X-New' && value === '1.1 turnabout'));
	assert.ok(!head.fields.some(([name]) => name.toLowerCase() === 'x-powered-by'));
	await client.read('one');
	(await g.origin.peer()).send('3\r\ntwo\r\n0\r\n\r\n');
	await client.read('two');
});

const large = 'HTTP/1.1 404 Not Found\r\nContent-Length: 99999\r\n\r\nthe beginning of a long page';

for (const [what, answerOf] of [
	['ours', () => respond(404, null, 'nothing here')],
	['fetch’s', () => new Response('nothing here', { status: 404 })],
	['a promise', async () => respond(404, null, 'nothing here')],
] as const) {
	test(`a response can be replaced (${what}); the old one gives its connection back`, async (t) => {
		const g = await gateway(t, (_request, peer) => void peer.send(large), {
			reverse: { onResponse: (response) => (response.status === 404 ? answerOf() : undefined) },
		});
		const { answer, client } = await exchange(g, get('/'));
		assert.equal(answer.status, 404);
		assert.equal(answer.body, 'nothing here');
		const [statistics] = Object.values(g.proxy.statistics());
		assert.ok(statistics);
		await until(() => Object.values(g.proxy.statistics())[0]?.connections === 0, 'no connection');
		assert.equal((await client.send(get('/')).message()).body, 'nothing here');
	});
}

test('a replacement may be made of the old payload', async (t) => {
	const g = await gateway(t, () => ok('the body', 'X-Old: 1\r\n'), {
		reverse: {
			onResponse: (response: RawResponse) => respond(203, { 'X-New': '1' }, rawResponse(response).payload),
		},
	});
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 203);
	assert.equal(answer.body, 'the body');
	assert.equal(answer.get('x-old'), null);
});

test('onResponse may take its time, and read the request', async (t) => {
	const g = await gateway(t, () => ok('the body'), {
		reverse: {
			async onResponse(response, { request, context }) {
				await pause(20);
				response.headers.set('X-Asked', `${request.method} ${request.target} ${context.mount}`);
				return undefined;
			},
		},
	});
	const { answer } = await exchange(g, get('/page'));
	assert.equal(answer.get('x-asked'), 'GET /page');
	assert.equal(answer.body, 'the body');
});

for (const [what, breaking] of [
	[
		'throws',
		() => {
			throw new Error('a secret of the hook');
		},
	],
	['rejects', () => Promise.reject(new Error('a secret of the hook'))],
] as const) {
	test(`an onResponse that ${what}: 500 without details, and the upstream's connection is given up at once`, async (t) => {
		const g = await gateway(t, (_request, peer) => void peer.send(large), {
			reverse: { onResponse: breaking },
			engine: { log: () => {} },
		});
		const { answer } = await exchange(g, get('/'));
		assert.equal(answer.status, 500);
		assert.doesNotMatch(answer.raw, /secret/);
		await (await g.origin.peer()).closed(2_000);
		await until(() => Object.values(g.proxy.statistics())[0]?.connections === 0, 'no connection');
	});
}

test('a client that leaves while onResponse thinks leaves nothing behind', async (t) => {
	let thinking = false;
	const g = await gateway(t, (_request, peer) => void peer.send(large), {
		reverse: {
			async onResponse() {
				thinking = true;
				await pause(60);
				return undefined;
			},
		},
	});
	const client = (await g.client()).send(get('/'));
	await until(() => thinking, 'the hook');
	client.reset();
	await (await g.origin.peer()).closed(2_000);
	await until(() => g.front.statistics().connections === 0, 'no connection at the front');
});
