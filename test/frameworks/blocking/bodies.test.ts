/** Back-pressure, both ways: who is slow makes the other side wait, and memory stays bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { gate, site } from './site.ts';

const MEGABYTE = 1_000_000;

test('an upload of 50 MB waits while the callable does not read, and arrives whole', async (t) => {
	const { app } = await site(t);
	const held = await gate(t);
	const peer = await connect(t, portOf(await listen(t, app)));
	const before = process.memoryUsage().arrayBuffers;
	peer.send(`POST /upload?wait=${held.url} HTTP/1.1\r\nHost: a\r\nContent-Length: ${50 * MEGABYTE}\r\n\r\n`);
	await held.reached();
	const piece = Buffer.alloc(MEGABYTE);
	let sent = 0;
	const sending = (async () => {
		for (; sent < 50; sent++) {
			if (!peer.socket.write(piece)) await new Promise((resolve) => peer.socket.once('drain', resolve));
		}
	})();
	let last = -1;
	// Until nothing moves any more: the socket's buffers are full, and what we hold is a window.
	while (last !== sent) {
		last = sent;
		for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve, 10));
	}
	assert.ok(sent < 40, `${sent} MB were taken from the client while nobody read`);
	const held50 = process.memoryUsage().arrayBuffers - before;
	assert.ok(held50 < 8 * MEGABYTE, `${held50} bytes are held`);
	held.open();
	const answer = await peer.message();
	await sending;
	assert.equal(answer.body, String(50 * MEGABYTE));
});

test('a client that does not read blocks the generator, and gets all of it later', async (t) => {
	const { app, nextDiary } = await site(t);
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.keep = false;
	peer.send('GET /drip?size=100000 HTTP/1.1\r\nHost: a\r\n\r\n');
	await peer.when(() => peer.bytes > 0, 'the first bytes');
	peer.pause();
	const busy = await settled(() => app.statistics().busy);
	assert.equal(busy, 1);
	const before = peer.bytes;
	peer.resume();
	await peer.when(() => peer.bytes > before + 20 * MEGABYTE, 'much more');
	peer.pause();
	peer.reset();
	const [error, sent] = await nextDiary();
	assert.equal(error, 'Disconnected DISCONNECTED');
	const total = Number((sent ?? '').slice('sent '.length));
	assert.ok(total < peer.bytes + 20 * MEGABYTE, `${total} sent, ${peer.bytes} read: the rest lay in sockets`);
});

test('a generator is not asked for more than a window before its client reads', async (t) => {
	const { app, diary } = await site(t);
	const answer = await ask(app, { target: '/drip?size=1000', window: 1000 });
	const pieces = answer.chunks();
	await pieces.next();
	assert.equal(app.statistics().busy, 1);
	await pieces.return();
	await until(() => app.statistics().busy === 0, 'the end of the generator');
	const [error, sent] = await diary();
	assert.equal(error, 'Disconnected DISCONNECTED');
	const bytes = Number((sent ?? '').slice('sent '.length));
	assert.ok(bytes <= 100_000, `${bytes} bytes`);
});

test('small pieces in great number arrive in order', async (t) => {
	const { app } = await site(t);
	const expected = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('');
	assert.equal(await (await ask(app, '/count?to=20000')).text(), expected);
});

/** The value after it has stayed the same for a while. */
async function settled(value: () => number): Promise<number> {
	let same = 0;
	let last = value();
	while (same < 20) {
		await new Promise((resolve) => setTimeout(resolve, 5));
		same = value() === last ? same + 1 : 0;
		last = value();
	}
	return last;
}
