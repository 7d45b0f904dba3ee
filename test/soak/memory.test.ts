/** What is over leaves nothing behind: memory does not grow with the number of requests, answered or aborted. */
// oxlint-disable consistent-return -- a handler's early ends, in one line each
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Listener } from '../../src/engine/index.ts';
import { type Reverse, reverse } from '../../src/proxy/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { until } from '../support/until.ts';
import { Seeded } from './seeded.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SCALE = process.env['TURNABOUT_FULL'] === '1' ? 10 : 1;
/** Bytes for each request that nobody would call growth: a single forgotten object is more. */
const SLACK = 60;

async function originPort(t: TestContext): Promise<number> {
	const body = Buffer.alloc(70_000, 'x');
	const server = createServer((request, response) => {
		if (request.url === '/hints') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
		if (request.url === '/large') {
			response.end(body);
			return;
		}
		if (request.url === '/trailers') {
			response.writeHead(200, { trailer: 'x-sum' });
			response.addTrailers({ 'x-sum': '1' });
			response.write('some');
			return void response.end();
		}
		if (request.url === '/slow') return void setTimeout(() => response.end('slow'), 5).unref();
		if (request.url === '/cut') return void (response.write('part'), setImmediate(() => response.destroy()));
		request.pipe(response);
	});
	server.on('upgrade', (_request, socket) => {
		socket.on('error', () => {});
		socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
		socket.pipe(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

const HEAD = 'HTTP/1.1\r\nHost: a\r\n';
const mixed: readonly string[] = [
	`GET / ${HEAD}\r\n`,
	`HEAD / ${HEAD}\r\n`,
	`GET /hints ${HEAD}\r\n`,
	`GET /trailers ${HEAD}\r\n`,
	`GET /large ${HEAD}\r\n`,
	`POST / ${HEAD}Content-Length: 4\r\n\r\nbody`,
	`PUT / ${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n`,
	`POST / ${HEAD}Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody`,
	`DELETE / ${HEAD}\r\n`,
	`OPTIONS / ${HEAD}Max-Forwards: 0\r\n\r\n`,
];
const endings: readonly string[] = [
	`GET / ${HEAD}Connection: close\r\n\r\n`,
	`GET /cut ${HEAD}Connection: close\r\n\r\n`,
	`nonsense ${HEAD}\r\n`,
	`GET / ${HEAD}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`,
];

/** Ten requests on one connection, and one that ends it. */
async function answered(port: number, random: Seeded): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	const ending = random.one(endings);
	socket.on('error', () => {}).resume();
	socket.write(mixed.join('') + ending);
	// A tunnel ends when the client ends it.
	if (ending.includes('Upgrade')) socket.on('data', (chunk) => chunk.includes(' 101 ') && socket.end());
	if (!socket.destroyed) await once(socket, 'close');
}

/** A request that the client leaves in the middle. */
async function aborted(port: number, random: Seeded): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => {}).resume();
	await once(socket, 'connect');
	const request = random.one([...mixed, `GET /slow ${HEAD}\r\n`, endings[3] as string]);
	socket.write(request.slice(0, 1 + random.below(request.length * 2)));
	for (let turns = random.below(6); turns > 0; turns--) await turn();
	if (random.chance(0.5)) socket.resetAndDestroy();
	else socket.destroy();
	if (!socket.closed) await once(socket, 'close');
}

interface Running {
	readonly listener: Listener;
	readonly proxy: Reverse;
}

async function settledHeap({ listener, proxy }: Running): Promise<number> {
	await until(() => listener.statistics().connections === 0, 'all clients are gone');
	await until(() => Object.values(proxy.statistics()).every((one) => one.connections === one.idle), 'all is idle');
	for (let round = 0; round < 4; round++) {
		await turn();
		collectGarbage();
	}
	return process.memoryUsage().heapUsed;
}

for (const [name, one, count, requests] of [
	['answered', answered, 250, 11],
	['aborted', aborted, 4_000, 1],
] as const) {
	test(`requests that are ${name}`, { timeout: 120_000 }, async (t) => {
		const proxy = reverse(`http://127.0.0.1:${await originPort(t)}`, { log: () => {} });
		t.after(() => proxy.close());
		const listener = await listen(t, proxy, { log: () => {} });
		const random = new Seeded(7);
		const run = async (times: number): Promise<void> => {
			let left = times;
			const lane = async (): Promise<void> => {
				while (left-- > 0) await one(portOf(listener), random);
			};
			await Promise.all(Array.from({ length: 8 }, lane));
		};
		// Whatever is made once, and code that gets hot, comes first.
		await run(count);
		const heaps = [await settledHeap({ listener, proxy })];
		for (let lap = 0; lap < 2; lap++) {
			await run(count * SCALE);
			heaps.push(await settledHeap({ listener, proxy }));
		}
		const grown =
			Math.min(...heaps.slice(1).map((heap, lap) => heap - (heaps[lap] as number))) / (count * SCALE * requests);
		t.diagnostic(
			`${grown.toFixed(1)} bytes a request; heaps ${heaps.map((heap) => (heap / 1e6).toFixed(2)).join(' ')} MB`,
		);
		assert.ok(grown < SLACK, `the heap has grown by ${grown.toFixed(1)} bytes for each request`);
	});
}
