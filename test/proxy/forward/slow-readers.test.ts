/** Whoever reads slowly holds up whoever writes: what waits in the proxy does not grow with what is sent, in either direction. */
import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { forwardProxy } from '../../support/forward-proxy.ts';
import { pause, until } from '../../support/until.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** 1 GiB through one tunnel at full scale. */
const TOTAL = process.env['TURNABOUT_FULL'] === '1' ? 2 ** 30 : 2 ** 26;
const STALLED = 20;
/** The system holds up to some 10 MB for each of the two connections. */
const SYSTEM = 48 * 2 ** 20;
/** A large buffer for each direction, and as much again. */
const HELD = 2 ** 20;

const PIECE = Buffer.alloc(65_536, 'x');

/** Writes `total` bytes as fast as they are taken. */
function pour(socket: Socket, total: number): { readonly taken: number } {
	let given = 0;
	const more = (): void => {
		while (given < total) {
			given += PIECE.length;
			if (!socket.write(PIECE)) return void socket.once('drain', more);
		}
		socket.end();
	};
	more();
	return {
		get taken() {
			return given - socket.writableLength;
		},
	};
}

async function listening(t: TestContext, connected: (socket: Socket) => void): Promise<number> {
	const open = new Set<Socket>();
	const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
		open.add(socket);
		socket.on('error', () => {});
		connected(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		for (const socket of open) socket.destroy();
		server.close();
	});
	return (server.address() as { port: number }).port;
}

/** A client whose tunnel stands; it reads nothing yet. */
async function tunnel(t: TestContext, proxy: number, there: number): Promise<Socket> {
	const socket = connect({ port: proxy, host: '127.0.0.1', allowHalfOpen: true });
	t.after(() => socket.destroy());
	socket.on('error', () => {});
	socket.write(`CONNECT 127.0.0.1:${there} HTTP/1.1\r\nHost: x\r\n\r\n`);
	const end = Buffer.from('\r\n\r\n');
	await new Promise<void>((resolve) => {
		const look = (): void => {
			let chunk: Buffer | null;
			let head = Buffer.alloc(0);
			while ((chunk = socket.read() as Buffer | null) !== null) head = Buffer.concat([head, chunk]);
			const at = head.indexOf(end);
			if (at < 0) return socket.unshift(head);
			socket.off('readable', look);
			if (head.length > at + 4) socket.unshift(head.subarray(at + 4));
			resolve();
		};
		socket.on('readable', look);
	});
	return socket;
}

/** Resolves when nothing has moved for a while. */
async function still(moved: () => number): Promise<void> {
	let last = -1;
	for (let rounds = 0; rounds < 10; rounds++) {
		const now = moved();
		if (now !== last) rounds = 0;
		last = now;
		await pause(40);
	}
}

/** Reads to the end; resolves to the number of bytes. */
function drain(socket: Socket): Promise<number> {
	let bytes = 0;
	return new Promise((resolve, reject) => {
		socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
		socket.on('end', () => resolve(bytes));
		socket.on('close', () => reject(new Error(`closed after ${bytes} bytes`)));
	});
}

/** Bytes of buffers; what is written here is one piece over and over. */
function held(): number {
	collectGarbage();
	return process.memoryUsage().arrayBuffers;
}

test('a client that does not read holds the destination up, and gets everything once it reads', async (t) => {
	let poured: { readonly taken: number } | null = null;
	const there = await listening(t, (socket) => (poured = pour(socket, TOTAL)));
	const p = await forwardProxy(t);
	const client = await tunnel(t, p.port, there);
	await still(() => poured?.taken ?? 0);
	const taken = (poured as { readonly taken: number } | null)?.taken ?? 0;
	assert.ok(taken > 0 && taken < SYSTEM, `${taken} bytes were taken`);
	assert.equal(await drain(client), TOTAL);
	client.end();
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	assert.equal(p.audit[0]?.sent, TOTAL);
});

test('a destination that does not read holds the client up, and gets everything once it reads', async (t) => {
	let far: Socket | null = null;
	const there = await listening(t, (socket) => (far = socket.pause()));
	const p = await forwardProxy(t);
	const client = await tunnel(t, p.port, there);
	const poured = pour(client, TOTAL);
	await still(() => poured.taken);
	assert.ok(poured.taken > 0 && poured.taken < SYSTEM, `${poured.taken} bytes were taken`);
	assert.equal(await drain((far as unknown as Socket).resume()), TOTAL);
	(far as unknown as Socket).end();
	await until(() => p.proxy.statistics().tunnels.tunnels === 0, 'no tunnel');
	assert.equal(p.audit[0]?.received, TOTAL);
});

test('many slow readers hold a bounded piece each', async (t) => {
	const poured: { readonly taken: number }[] = [];
	const there = await listening(t, (socket) => poured.push(pour(socket, TOTAL)));
	const p = await forwardProxy(t);
	const before = held();
	for (let each = 0; each < STALLED; each++) await tunnel(t, p.port, there);
	await still(() => poured.reduce((sum, { taken }) => sum + taken, 0));
	assert.equal(p.proxy.statistics().tunnels.tunnels, STALLED);
	const more = held() - before;
	t.diagnostic(`${(more / STALLED / 1024).toFixed(0)} KiB held for each tunnel`);
	assert.ok(more < STALLED * HELD, `${more} bytes are held by ${STALLED} tunnels`);
	assert.ok(poured.every(({ taken }) => taken < SYSTEM));
});
