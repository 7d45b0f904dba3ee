/** Upstreams that answer before they have read the request, and close: what they said is not lost (RFC 9112 section 9.5). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { upstream } from '../../src/client/index.ts';
import { respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

const REFUSAL = 'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\nToo much';
/** More than what two sockets can hold. */
const BODY = new Uint8Array(16 * 2 ** 20);

/** An upstream that does this at the first bytes of a connection, and reads no more. */
async function hasty(t: TestContext, act: (socket: Socket) => void): Promise<string> {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.pause();
			act(socket);
		});
	});
	t.after(() => server.close());
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const closings: readonly (readonly [how: string, act: (socket: Socket) => void])[] = [
	[
		'closes at once, so that the rest of the request is refused by a reset',
		(socket) => void socket.end(REFUSAL, () => socket.destroy()),
	],
	[
		'resets a little later',
		(socket) => void socket.write(REFUSAL, () => setTimeout(() => socket.resetAndDestroy(), 20)),
	],
	['closes its half only', (socket) => void socket.end(REFUSAL)],
];

for (const [how, act] of closings) {
	test(`an upstream that refuses a large body and ${how}`, async (t) => {
		const app = upstream(await hasty(t, act));
		t.after(() => app.close());
		for (let i = 0; i < 20; i++) {
			const answer = await ask(app, { method: 'POST', url: '/', body: BODY });
			assert.equal(answer.status, 413);
			assert.equal(await answer.text(), 'Too much');
		}
	});
}

test('an upstream that closes without an answer is lost', async (t) => {
	const app = upstream(await hasty(t, (socket) => socket.destroy()));
	t.after(() => app.close());
	const answer = await ask(
		(request, context) =>
			Promise.resolve(app(request, context)).catch((error: { type: string }) => respond(502, null, error.type)),
		{ method: 'POST', url: '/', body: BODY },
	);
	assert.match(await answer.text(), /^connection_terminated$/);
});

/** In a thread of its own, since in one loop it could not close between two writes of ours. */
const SERVER = `
const { createServer } = require('node:net');
const { parentPort, workerData: { path, length, answer } } = require('node:worker_threads');
createServer((socket) => {
	let left = length;
	socket.on('error', () => {});
	socket.on('data', (chunk) => {
		left -= chunk.filter((byte) => byte === 7).length;
		if (left === 0) socket.write(answer, () => socket.destroy());
	});
}).listen(path, () => parentPort.postMessage('up'));
`;

test('an upstream on a unix socket that answers and closes as soon as it has read all', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'early-'));
	const path = join(folder, 'socket');
	const length = 300_000;
	const worker = new Worker(SERVER, { eval: true, workerData: { path, length, answer: REFUSAL } });
	t.after(async () => {
		await worker.terminate();
		rmSync(folder, { recursive: true });
	});
	await once(worker, 'message');
	const app = upstream(`unix:${path}`);
	t.after(() => app.close());
	for (let i = 0; i < 100; i++) {
		const answer = await ask(app, { method: 'POST', url: '/', body: new Uint8Array(length).fill(7) });
		assert.equal(answer.status, 413);
		assert.equal(await answer.text(), 'Too much');
	}
});
