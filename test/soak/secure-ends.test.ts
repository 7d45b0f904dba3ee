/** Over TLS the end of what a peer sends is noticed before all of it has been taken: nothing is lost by that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { authority, server as certificate } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect, connectSecurely } from '../support/raw-client.ts';
import { rawServer } from '../support/raw-server.ts';
import { pause } from '../support/until.ts';

const WHERE = { host: '127.0.0.1', port: 0, tls: certificate };
const body = 'x'.repeat(5_000_000);

for (const framing of ['length', 'chunked', 'close'] as const) {
	test(`an upstream that closes behind its response (${framing}) to a slow client`, async (t) => {
		const origin = await rawServer(
			t,
			async (peer) => {
				await peer.head();
				const lines = {
					length: `Content-Length: ${body.length}\r\n\r\n${body}`,
					chunked: `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
					close: `\r\n${body}`,
				};
				peer.send(`HTTP/1.1 200 OK\r\nConnection: close\r\n${lines[framing]}`).finish();
			},
			{ tls: certificate },
		);
		const proxy = reverse(`https://127.0.0.1:${origin.port}`, { log: () => {}, tls: { ca: authority } });
		t.after(() => proxy.close());
		const client = await connect(t, portOf(await listen(t, proxy, { log: () => {} })));
		client.socket.on('data', () => {
			client.pause();
			setImmediate(() => client.resume());
		});
		client.pause().send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
		await pause(200);
		client.resume();
		const answer = await client.message();
		assert.equal(answer.body.length, body.length);
	});
}

test('requests in a row with FIN behind them', async (t) => {
	const app: App = async (request) => {
		await pause(10);
		return respond(200, {}, `${raw(request).target} ${(await request.text()).length}`);
	};
	const listener = await listen(t, app, { log: () => {} }, WHERE);
	const client = await connectSecurely(t, portOf(listener), { ca: authority });
	const requests = [1, 2, 3, 4].map(
		(each) => `POST /${each} HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`,
	);
	client.send(requests.join('')).finish();
	for (const each of [1, 2, 3, 4]) assert.equal((await client.message('POST')).body, `/${each} 5000`);
	assert.equal(await client.closed(), 'finished');
});

test('a large body with FIN behind it to an app that takes its time', async (t) => {
	const app: App = async (request) => {
		let length = 0;
		for await (const chunk of request.body as ReadableStream<Uint8Array>) {
			length += chunk.length;
			await pause(1);
		}
		return respond(200, {}, String(length));
	};
	const listener = await listen(t, app, { log: () => {} }, WHERE);
	const client = await connectSecurely(t, portOf(listener), { ca: authority });
	client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`).finish();
	assert.equal((await client.message('POST')).body, String(body.length));
});
