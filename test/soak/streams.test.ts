/** Many large streams at once, both ways, with stalls and half-closes: every byte arrives, once and in its place. */
import assert from 'node:assert/strict';
import { createHash, type Hash } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fromDuplex, join } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { before, type Gateway, scripted } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { type RawServer, rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { SEED, Seeded } from './seeded.ts';

const STREAMS = 10;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes what comes behind what was read before, at a pace drawn by lot, and hashes it. */
class Taker {
	bytes = 0;
	private readonly hash: Hash = createHash('sha256');

	constructor(peer: RawPeer, random: Seeded) {
		this.add(Buffer.from(peer.unread, 'latin1'));
		peer.keep = false;
		peer.socket.on('data', (chunk: Buffer) => {
			this.add(chunk);
			if (!random.chance(0.05)) return;
			peer.pause();
			setTimeout(() => peer.resume(), random.below(12));
		});
	}

	get digest(): string {
		return this.hash.digest('hex');
	}

	private add(chunk: Buffer): void {
		this.bytes += chunk.length;
		this.hash.update(chunk);
	}
}

/** Sends `length` bytes drawn by lot in pieces, with stalls, and returns their hash. */
async function give(peer: RawPeer, random: Seeded, length: number): Promise<string> {
	const hash = createHash('sha256');
	const block = Buffer.from(random.bytes(65_536), 'latin1');
	for (let left = length; left > 0; ) {
		const at = random.below(block.length - 1);
		// Copied: what is sent must stay as it is, and the next piece differs.
		const piece = Buffer.from(block.subarray(at, at + 1 + random.below(Math.min(left, block.length - at))));
		piece[0] = random.below(256);
		hash.update(piece);
		left -= piece.length;
		if (!peer.socket.write(piece)) await new Promise((resolve) => peer.socket.once('drain', resolve));
		else if (random.chance(0.2)) await turn();
		else if (random.chance(0.02)) await pause(random.below(12));
	}
	return hash.digest('hex');
}

interface Sides {
	readonly client: RawPeer;
	readonly origin: RawPeer;
}

/** Both ends send at once; each ends its half when it has sent all, or when it has got all. */
async function exchangeAll({ client, origin }: Sides, random: Seeded): Promise<void> {
	const ends = [client, origin] as const;
	const takers = ends.map((end) => new Taker(end, new Seeded(random.below(1e9))));
	const lengths = ends.map(() => random.below(3_000_000));
	const waits = random.below(3);
	const digests = await Promise.all(
		ends.map(async (end, index) => {
			const digest = await give(end, new Seeded(random.below(1e9)), lengths[index] as number);
			// With 0 and 1 that end closes its half only behind the other's; with 2 each when it is done.
			if (waits === index) await end.when(() => end.ended, 'the other half', 20_000);
			end.finish();
			return digest;
		}),
	);
	for (const end of ends) await end.when(() => end.over, 'the end', 20_000);
	assert.deepEqual(
		takers.map(({ bytes }) => bytes),
		lengths.toReversed(),
	);
	assert.deepEqual(
		takers.map(({ digest }) => digest),
		digests.toReversed(),
	);
}

/** The origin's end of each tunnel, by the name that it was asked for. */
function switching(known: Map<string, RawPeer>): (peer: RawPeer) => Promise<void> {
	return async (peer) => {
		const head = await peer.head();
		known.set(head.startLine.split(' ')[1] as string, peer);
		peer.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
	};
}

test('tunnels by Upgrade through the proxy', { timeout: 60_000 }, async (t) => {
	const known = new Map<string, RawPeer>();
	const g = await scripted(t, switching(known));
	const one = async (seed: number): Promise<void> => {
		const client = await g.client();
		client.send(`GET /${seed} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`);
		assert.match((await client.head()).startLine, / 101 /);
		await exchangeAll({ client, origin: known.get(`/${seed}`) as RawPeer }, new Seeded(seed));
	};
	await Promise.all(Array.from({ length: STREAMS }, (_, index) => one(SEED + index)));
	await until(() => g.front.statistics().connections === 0, 'no client is left');
	assert.equal(Object.values(g.proxy.statistics())[0]?.connections, 0);
});

/** Opens what CONNECT asks for. */
const tunnelApp: App = (request, context) => {
	const [host = '', port] = raw(request).target.split(':');
	return new Promise((resolve, reject) => {
		const socket = connectSocket({ host, port: Number(port), allowHalfOpen: true });
		socket.once('error', reject);
		context.onFinished({ exchangeFinished: () => socket.destroy() });
		socket.once('connect', () => {
			resolve(respond(200, {}, null, { tunnel: (client) => join(client, fromDuplex(socket)) }));
		});
	});
};

test('tunnels by CONNECT that an app makes', { timeout: 60_000 }, async (t) => {
	const origin: RawServer = await rawServer(t);
	const listener = await listen(t, tunnelApp);
	const one = async (seed: number): Promise<void> => {
		const client = await connect(t, portOf(listener));
		client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\nhello ${seed}.`);
		assert.match((await client.head()).startLine, / 200 /);
		await until(() => origin.peers.some((peer) => peer.unread === `hello ${seed}.`), 'the early bytes arrive');
		const peer = origin.peers.find((each) => each.unread === `hello ${seed}.`) as RawPeer;
		await peer.read('.');
		await exchangeAll({ client, origin: peer }, new Seeded(seed));
	};
	await Promise.all(Array.from({ length: STREAMS }, (_, index) => one(SEED + index)));
	await until(() => listener.statistics().connections === 0, 'no client is left');
});

/** An origin that sends back what it gets, in chunks, as it comes. */
async function echoing(peer: RawPeer): Promise<void> {
	const head = await peer.head();
	peer.keep = false;
	let left = Number(head.fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1]);
	const back = (chunk: Buffer): void => {
		left -= chunk.length;
		peer
			.send(`${chunk.length.toString(16)}\r\n`)
			.send(Buffer.from(chunk))
			.send('\r\n');
		if (left === 0) return void peer.send('0\r\n\r\n').finish();
		if (peer.socket.writableNeedDrain) {
			peer.pause();
			peer.socket.once('drain', () => peer.resume());
		}
	};
	peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
	const early = Buffer.from(peer.unread, 'latin1');
	peer.socket.on('data', back);
	if (early.length > 0) back(early);
}

/** Through one gateway or two in a row. */
async function echoThrough(t: TestContext, g: Gateway, seed: number): Promise<void> {
	const random = new Seeded(seed);
	const length = 500_000 + random.below(3_000_000);
	const client = await connect(t, g.port);
	// As HTTP/1.0, the answer comes back without chunks and ends with the connection.
	client.send(`POST /${seed} HTTP/1.0\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
	const sent = give(client, random, length);
	await client.head();
	const taker = new Taker(client, new Seeded(seed + 1));
	const digest = await sent;
	await client.when(() => client.over, 'the end', 30_000);
	assert.equal(client.failure, null);
	assert.equal(taker.bytes, length);
	assert.equal(taker.digest, digest);
	client.destroy();
}

test('bodies that go through two proxies and come back', { timeout: 60_000 }, async (t) => {
	const inner = await scripted(t, echoing);
	const outer = await before(t, { port: inner.port } as RawServer, { reverse: { name: 'outer' } });
	await Promise.all(Array.from({ length: STREAMS }, (_, index) => echoThrough(t, outer, SEED + index)));
	for (const g of [inner, outer]) {
		await until(() => g.front.statistics().active === 0, 'nothing is under way');
	}
});
