/** Bodies flow as they come: nothing is held back, nothing piles up, and a side that leaves is noticed at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, get, scripted } from '../support/gateway.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ok } from '../support/raw-server.ts';

const MiB = 1024 * 1024;
/** Far more than the buffers of two kernels' sockets on the way. */
const TOTAL = 96 * MiB;
/** What may be on the way: loopback sockets take up to 10 MiB a hop. */
const ON_THE_WAY = 40 * MiB;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('the first event arrives before the second is sent', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send(
			'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n',
		);
	});
	const client = (await g.client()).send(get('/', 'Accept: text/event-stream\r\n'));
	const head = await client.head();
	assert.match(head.startLine, /200/);
	const peer = await g.origin.peer();
	for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
		peer.send(`9\r\n${event}\r\n`);
		await client.read(event);
	}
	peer.send('0\r\n\r\n');
	await client.read('0\r\n\r\n');
});

test('an event stream without framing is not held back either', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
	});
	const client = (await g.client()).send(get('/'));
	await client.read('data: 1\n\n');
	(await g.origin.peer()).send('data: 2\n\n').finish();
	await client.read('data: 2\n\n');
});

test('the first piece of an upload arrives before the second is sent', async (t) => {
	const g = await scripted(t, () => {});
	const client = (await g.client()).send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
	client.send('3\r\none\r\n');
	const peer = await g.origin.peer();
	await peer.read('one');
	client.send('3\r\ntwo\r\n');
	await peer.read('two');
	client.send('0\r\n\r\n');
	await peer.read('0\r\n\r\n');
	peer.send(ok('fine'));
	assert.equal((await client.message()).body, 'fine');
});

for (const [what, way] of [
	['ends its half and then goes', 'destroy'],
	['resets', 'reset'],
] as const) {
	test(`a client that ${what} while it waits cancels upstream at once`, async (t) => {
		const g = await scripted(t, () => {});
		const client = (await g.client()).send(get('/'));
		const peer = await g.origin.peer();
		await peer.message();
		client[way]();
		if (way === 'reset') await peer.closed(2_000);
	});
}

test('a client that leaves a download cancels upstream at once', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`);
		const block = Buffer.alloc(64 * 1024, 'x');
		while (!peer.over) {
			if (!peer.socket.write(block))
				await new Promise((resolve) => peer.socket.once('drain', resolve).once('close', resolve));
		}
	});
	const client = (await g.client()).send(get('/'));
	client.keep = false;
	await client.when(() => client.bytes > MiB, 'first mebibyte');
	client.destroy();
	const peer = await g.origin.peer();
	await peer.closed(4_000);
	assert.ok(peer.socket.bytesWritten < TOTAL);
});

test('a client that leaves an upload cancels upstream at once', async (t) => {
	const g = await scripted(t, (peer) => {
		peer.keep = false;
	});
	const client = (await g.client()).send(
		`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${TOTAL}\r\n\r\n${'x'.repeat(MiB)}`,
	);
	const peer = await g.origin.peer();
	await peer.when(() => peer.bytes > MiB / 2, 'some of the upload');
	client.reset();
	await peer.closed(2_000);
});

/** Writes `TOTAL` bytes as fast as the other side takes them; tells how many the system has taken. */
function pour(peer: RawPeer): { taken(): number } {
	const block = Buffer.alloc(256 * 1024, 'x');
	const start = peer.socket.bytesWritten;
	let sent = 0;
	const more = () => {
		while (sent < TOTAL && !peer.socket.destroyed) {
			sent += block.length;
			if (!peer.socket.write(block)) break;
		}
	};
	peer.socket.on('drain', more);
	more();
	return { taken: () => peer.socket.bytesWritten - start - peer.socket.writableLength };
}

/** Waits until a figure stands still. */
async function settled(read: () => number): Promise<number> {
	let last = -1;
	for (let still = 0; still < 6; ) {
		await pause(25);
		const now = read();
		still = now === last ? still + 1 : 0;
		last = now;
	}
	return last;
}

test('a client that does not read stops the origin; nothing piles up between them', async (t) => {
	let source: { taken(): number } | undefined;
	const g = await scripted(t, async (peer) => {
		await peer.message();
		peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`);
		source = pour(peer);
	});
	const client = (await g.client()).send(get('/'));
	await client.head();
	client.keep = false;
	client.pause();
	const before = process.memoryUsage();
	const taken = await settled(() => source?.taken() ?? 0);
	const after = process.memoryUsage();
	assert.ok(taken > 0 && taken < ON_THE_WAY, `${taken / MiB} MiB were taken from the origin`);
	assert.ok(after.arrayBuffers - before.arrayBuffers < 16 * MiB, 'nothing is held in this process');
	client.resume();
	await client.when(() => client.bytes >= TOTAL, 'whole body', 20_000);
});

test('an origin that does not read stops the client; nothing piles up between them', async (t) => {
	const g = await scripted(t, async (peer) => {
		await peer.head();
		peer.keep = false;
		peer.pause();
	});
	const client = (await g.client()).send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${TOTAL}\r\n\r\n`);
	const peer = await g.origin.peer();
	await peer.when(() => peer.socket.isPaused(), 'pause');
	const before = process.memoryUsage();
	const source = pour(client);
	const taken = await settled(() => source.taken());
	const after = process.memoryUsage();
	assert.ok(taken > 0 && taken < ON_THE_WAY, `${taken / MiB} MiB were taken from the client`);
	assert.ok(after.arrayBuffers - before.arrayBuffers < 16 * MiB, 'nothing is held in this process');
	peer.resume();
	await peer.when(() => peer.bytes >= TOTAL, 'whole body', 20_000);
	peer.send(ok('fine'));
	assert.equal((await client.message()).body, 'fine');
});

test('a slow reader of one stream does not hold up others', async (t) => {
	const g = await gateway(t, (request, peer) => {
		if (request.target === '/small') return ok('fine');
		peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`);
		pour(peer);
		return undefined;
	});
	const slow = (await g.client()).send(get('/large'));
	await slow.head();
	slow.keep = false;
	slow.pause();
	await pause(50);
	const other = (await g.client()).send(get('/small'));
	assert.equal((await other.message()).body, 'fine');
});

test('every byte of a large body arrives in order, both ways', async (t) => {
	const g = await gateway(t, (request) => ok(request.body));
	const body = Array.from({ length: 200_000 }, (_none, index) => `${index},`).join('');
	const client = (await g.client()).send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
	const answer = await client.message();
	assert.ok(answer.body === body);
});
