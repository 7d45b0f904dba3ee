/** RFC 9112 section 8: an answer cut short upstream is never completed downstream, and the client learns of it at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, scripted } from '../support/gateway.ts';

const heads = {
	length: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
	chunked: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
	'a chunk begun': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf',
} as const;

for (const [framing, bytes] of Object.entries(heads)) {
	for (const way of ['finish', 'reset'] as const) {
		test(`${framing}, ended by ${way}: the client sees the connection end, and no last chunk`, async (t) => {
			const g = await scripted(t, async (peer) => {
				await peer.message();
				peer.send(bytes);
				await new Promise((resolve) => setTimeout(resolve, 30));
				peer[way]();
			});
			const client = (await g.client()).send(get('/'));
			await client.read('half');
			await client.closed(2_000);
			assert.doesNotMatch(client.received, /\r\n0\r\n/);
		});
	}

	test(`${framing}, to an HTTP/1.0 client: a reset, since an orderly end would look complete`, async (t) => {
		const g = await scripted(t, async (peer) => {
			await peer.message();
			peer.send(bytes);
			await new Promise((resolve) => setTimeout(resolve, 30));
			peer.finish();
		});
		const client = (await g.client()).send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
		const head = await client.head();
		await client.read('half');
		const ending = await client.closed(2_000);
		const length = head.fields.some(([name]) => name.toLowerCase() === 'content-length');
		if (!length) assert.equal(ending, 'reset');
	});
}

test('a body that ran until an upstream reset is cut, too', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send('HTTP/1.1 200 OK\r\n\r\nhalf');
		await new Promise((resolve) => setTimeout(resolve, 30));
		peer.reset();
	});
	const client = (await g.client()).send(get('/'));
	await client.read('half');
	await client.closed(2_000);
	assert.doesNotMatch(client.received, /\r\n0\r\n/);
});

test('a request cut short by its client is never completed upstream', async (t) => {
	for (const way of ['finish', 'reset'] as const) {
		const g = await scripted(t, () => {});
		const client = (await g.client()).send(
			'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
		);
		const peer = await g.origin.peer();
		await peer.read('half');
		client[way]();
		await peer.closed(2_000);
		assert.doesNotMatch(peer.received, /\r\n0\r\n/, way);
	}
});

test('a request whose chunks go bad is never completed upstream', async (t) => {
	const g = await scripted(t, () => {});
	const client = (await g.client()).send(
		'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
	);
	const peer = await g.origin.peer();
	await peer.read('half');
	client.send('zz\r\n');
	assert.equal((await client.message()).status, 400);
	await peer.closed(2_000);
	assert.doesNotMatch(peer.received, /\r\n0\r\n/);
});
