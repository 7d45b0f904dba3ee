/** Large bodies through the proxy with slow readers, and the memory this may take: one set of tests for every way of reading. */
import assert from 'node:assert/strict';
import { connect as connectSocket, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { Bulk, swallow } from './bulk.ts';

const MiB = 1024 * 1024;

function client(t: TestContext, port: number): Socket {
	const socket = connectSocket({ host: '127.0.0.1', port });
	socket.on('error', () => {});
	t.after(() => socket.destroy());
	return socket;
}

/** An origin whose connections are plain sockets, behind the proxy. */
async function relay(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
	const origin = await rawServer(t, (peer) => {
		peer.keep = false;
		peer.socket.removeAllListeners('data');
		serve(peer.socket);
	});
	const proxy = reverse(`http://127.0.0.1:${origin.port}`, { log: () => {} });
	t.after(() => proxy.close());
	return portOf(await listen(t, proxy, { log: () => {} }));
}

/** Begins to serve when a request's head, which has no body, is there. */
function onRequest(socket: Socket, serve: (target: string) => void): void {
	socket.once('data', (chunk: Buffer) => serve(chunk.toString('latin1').split(' ')[1] as string));
	socket.resume();
}

const framing = (bulk: Bulk, chunked: boolean) =>
	chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bulk.length}`;

/** `how` names the way of reading in the titles. */
export function relayCases(how: string, blocks: number): void {
	const bulks = [1, 2, 3, 4, 5, 6, 7, 8].map((name) => new Bulk(name, blocks));

	test(`${how}: downloads at the same time to readers that stall at random: every byte is right`, async (t) => {
		const port = await relay(t, (socket) =>
			onRequest(socket, (target) => {
				const bulk = bulks[Number(target.slice(1))] as Bulk;
				const chunked = Number(target.slice(1)) % 2 === 1;
				socket.write(`HTTP/1.1 200 OK\r\n${framing(bulk, chunked)}\r\n\r\n`);
				void bulk.pour(socket, chunked);
			}),
		);
		const readers = bulks.map((_bulk, index) => {
			const socket = client(t, port);
			socket.write(`GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`);
			return swallow(socket, index);
		});
		for (const [index, read] of (await Promise.all(readers)).entries()) {
			assert.equal(read.length, bulks[index]?.length);
			assert.equal(read.hash, bulks[index]?.hash, `body ${index}`);
		}
	});

	test(`${how}: uploads at the same time to an origin that stalls at random: every byte is right`, async (t) => {
		const port = await relay(t, (socket) => {
			swallow(socket, socket.remotePort ?? 0).then(
				({ hash }) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${hash.length}\r\n\r\n${hash}`),
				() => {},
			);
		});
		const uploads = bulks.map(async (bulk, index) => {
			const chunked = index % 2 === 1;
			const socket = client(t, port);
			const answer = new Promise<string>((resolve) => {
				let text = '';
				socket.on('data', (chunk: Buffer) => {
					text += chunk.toString('latin1');
					if (text.includes('\r\n\r\n') && text.length >= text.indexOf('\r\n\r\n') + 4 + 64) resolve(text.slice(-64));
				});
			});
			socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing(bulk, chunked)}\r\n\r\n`);
			await bulk.pour(socket, chunked);
			assert.equal(await answer, bulk.hash, `body ${index}`);
		});
		await Promise.all(uploads);
	});

	test(`${how}: both directions of one exchange at the same time`, async (t) => {
		const [there, back] = bulks as [Bulk, Bulk];
		let uploaded: Promise<{ hash: string }> | undefined;
		const port = await relay(t, (socket) => {
			uploaded = swallow(socket, 7);
			socket.once('data', () => {
				socket.write(`HTTP/1.1 200 OK\r\n${framing(back, true)}\r\n\r\n`);
				void back.pour(socket, true);
			});
		});
		const socket = client(t, port);
		socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing(there, false)}\r\n\r\n`);
		const [read] = await Promise.all([swallow(socket, 8), there.pour(socket, false)]);
		assert.equal(read.hash, back.hash, 'the response');
		assert.equal((await uploaded)?.hash, there.hash, 'the request');
	});

	test(`${how}: thirty downloads that nobody reads take little memory`, async (t) => {
		const COUNT = 30;
		const total = 20 * MiB;
		const piece = Buffer.alloc(MiB, 'x');
		const sockets: Socket[] = [];
		const port = await relay(t, (socket) =>
			onRequest(socket, () => {
				sockets.push(socket);
				socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
				let sent = 0;
				const more = () => {
					while (sent < total && !socket.destroyed) {
						sent += piece.length;
						if (!socket.write(piece)) return;
					}
				};
				socket.on('drain', more);
				more();
			}),
		);
		const before = process.memoryUsage();
		const clients = Array.from({ length: COUNT }, () => {
			const socket = client(t, port);
			socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
			socket.pause();
			return socket;
		});
		const taken = () => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0);
		let last = -1;
		let still = 0;
		await until(() => {
			const now = taken();
			still = sockets.length === COUNT && now === last ? still + 1 : 0;
			last = now;
			return still >= 15;
		}, 'a standstill');
		const after = process.memoryUsage();
		assert.ok(taken() < 0.9 * COUNT * total, 'most of them wait');
		const grown = (what: 'rss' | 'arrayBuffers') => Math.round((after[what] - before[what]) / MiB);
		assert.ok(grown('arrayBuffers') < 16, `${grown('arrayBuffers')} MiB of buffers`);
		assert.ok(grown('rss') < 96, `${grown('rss')} MiB in all, of ${(COUNT * total) / MiB}`);
		for (const [index, socket] of clients.entries()) if (index % 10 !== 0) socket.destroy();
		for (const socket of clients) if (!socket.destroyed) await drained(socket, total);
	});
}

/** Reads all of the body now. */
function drained(socket: Socket, total: number): Promise<void> {
	return new Promise((resolve, reject) => {
		let bytes = 0;
		socket.on('data', (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes >= total) resolve();
		});
		socket.on('close', () => reject(new Error(`Only ${bytes} bytes came.`)));
		socket.resume();
	});
}
