/** Sessions on sockets: what is kept is kept before the head goes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, respond } from '../../../src/convention/index.ts';
import { session } from '../../../src/middleware/keys.ts';
import { memorySessions, sessions } from '../../../src/middleware/sessions/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

test('the 101 of an upgrade carries the cookie, and the tunnel behind it works', async (t) => {
	const app = sessions({ store: memorySessions() })((_request, context) => {
		context.get(session).set('a', 1);
		return respond(101, { upgrade: 'echo' }, null, { tunnel: (stream) => stream.readable.start(stream.writable) });
	});
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly');
	const head = await peer.read('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 101 /);
	assert.match(head, /\r\nset-cookie: __Host-session=[\w-]{43}; /i);
	assert.equal(await peer.read('early'), 'early');
});

test('the 200 of a CONNECT carries the cookie', async (t) => {
	const app = sessions({ secret: 'x'.repeat(32) })((_request, context) => {
		context.get(session).set('a', 1);
		return respond(200, {}, null, { tunnel: (stream) => stream.readable.start(stream.writable) });
	});
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n');
	assert.match(await peer.read('\r\n\r\n'), /^HTTP\/1\.1 200 [^]*\r\nset-cookie: __Host-session=/i);
});

test('the head of a stream waits until the session is kept; when it cannot be, the stream is never sent', async (t) => {
	const gate = Promise.withResolvers<boolean>();
	let cancelled = 0;
	async function* body(): AsyncGenerator<string> {
		yield 'never seen';
	}
	const store = { get: () => null, set: () => gate.promise, delete: () => {} };
	const app: App = sessions({ store })((_request, context) => {
		context.get(session).set('a', 1);
		const source = fromIterable(body());
		const { cancel } = source;
		source.cancel = (reason) => {
			cancelled++;
			cancel.call(source, reason);
		};
		return respond(200, {}, source);
	});
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.equal(peer.unread, '');
	gate.reject(new Error('the disk is full'));
	const { status, body: text } = await peer.message();
	assert.equal(status, 500);
	assert.ok(!/never seen|disk/.test(text));
	assert.equal(cancelled, 1);
});
