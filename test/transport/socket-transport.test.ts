/** One connection as a transport: what is written together, what is lent and for how long, how it ends. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect as connectSocket, createServer, type ListenOptions, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { TransportHandler } from '../../src/transport/index.ts';
import { NOBODY, SocketTransport } from '../../src/transport/node/index.ts';
import { authority, server as certificate } from '../support/certificates.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { pause, until } from '../support/until.ts';

/** Keeps what it is told. */
class Recorder implements TransportHandler {
	events: string[] = [];
	text = '';
	onReceived: ((bytes: Uint8Array, length: number, durable: boolean) => void) | null = null;

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		this.text += Buffer.from(bytes.subarray(0, length)).toString('latin1');
		this.onReceived?.(bytes, length, durable);
	}

	ended(): void {
		this.events.push('ended');
	}

	drained(): void {
		this.events.push('drained');
	}

	closed(error: Error | null): void {
		this.events.push(error === null ? 'closed' : `closed ${(error as NodeJS.ErrnoException).code}`);
	}
}

interface Pair {
	readonly transport: SocketTransport;
	readonly handler: Recorder;
	readonly peer: RawPeer;
}

/** An accepted connection as a transport, and its other end. */
async function pair(t: TestContext, how: { at?: ListenOptions; tls?: boolean } = {}): Promise<Pair> {
	const { at = { host: '127.0.0.1', port: 0 }, tls = false } = how;
	const common = { allowHalfOpen: true };
	const server = tls ? createTlsServer({ ...common, ...certificate }) : createServer(common);
	t.after(() => server.close());
	const accepted = new Promise<Socket>((resolve) => server.on(tls ? 'secureConnection' : 'connection', resolve));
	await new Promise<void>((resolve) => server.listen(at, resolve));
	const address = server.address() as AddressInfo | string;
	const where = typeof address === 'string' ? { path: address } : { host: address.address, port: address.port };
	const client = tls
		? connectTls({ ...where, ...common, ca: authority, servername: 'localhost' })
		: connectSocket({ ...where, ...common });
	t.after(() => client.destroy());
	const peer = new RawPeer(client);
	const socket = await accepted;
	t.after(() => socket.destroy());
	const handler = new Recorder();
	return { transport: new SocketTransport(socket, handler).listen(), handler, peer };
}

/** What the transport gave to its socket, write by write. */
function writesOf(t: TestContext, transport: SocketTransport): string[] {
	const writes: string[] = [];
	const write = transport.socket._write.bind(transport.socket);
	t.mock.method(transport.socket, '_write', (data: string | Buffer, ...rest: [BufferEncoding, () => void]) => {
		writes.push(typeof data === 'string' ? data : data.toString('latin1'));
		write(data, ...rest);
	});
	return writes;
}

test('text and small pieces written in one turn leave in one write', async (t) => {
	const { transport, handler, peer } = await pair(t);
	const writes = writesOf(t, transport);
	handler.onReceived = () => {
		transport.write('one ');
		transport.write(Buffer.from('two '));
		transport.writeFramed('<', Buffer.from('three'), '>');
		assert.deepEqual(writes, [], 'nothing before the read is over');
	};
	peer.send('go');
	await peer.read('<three>');
	assert.deepEqual(writes, ['one two <three>']);
	assert.equal(peer.received, 'one two <three>');
});

test('several transports written to in one turn each make one write', async (t) => {
	const a = await pair(t);
	const b = await pair(t);
	const writes = [writesOf(t, a.transport), writesOf(t, b.transport)];
	a.handler.onReceived = () => {
		for (let i = 0; i < 3; i++) {
			a.transport.write(`a${i}`);
			b.transport.write(`b${i}`);
		}
	};
	a.peer.send('go');
	await Promise.all([a.peer.read('a0a1a2'), b.peer.read('b0b1b2')]);
	assert.deepEqual(writes, [['a0a1a2'], ['b0b1b2']]);
});

test('outside of a read, too, a turn makes one write at its end', async (t) => {
	const { transport, peer } = await pair(t);
	const writes = writesOf(t, transport);
	transport.write('one ');
	await Promise.resolve();
	transport.write(Buffer.from('two'));
	assert.deepEqual(writes, [], 'nothing before the turn is over');
	await peer.read('one two');
	assert.deepEqual(writes, ['one two']);
});

test('what was written leaves before the half-close, and before a plain close', async (t) => {
	const closers = [
		(transport: SocketTransport): void => transport.end(),
		(transport: SocketTransport): void => transport.destroy(),
	];
	for (const close of closers) {
		const { transport, peer } = await pair(t);
		transport.write('last words');
		close(transport);
		await peer.when(() => peer.ended, 'the end');
		assert.equal(peer.received, 'last words');
	}
});

test('large pieces keep their place among small ones', async (t) => {
	const { transport, handler, peer } = await pair(t);
	const large = Buffer.alloc(100_000, 'L');
	handler.onReceived = () => {
		transport.write('first ');
		transport.write(large);
		transport.write(' between ');
		transport.writeFramed('<', large, '>');
		transport.write(' last');
	};
	peer.send('go');
	await peer.read(' last');
	const body = 'L'.repeat(100_000);
	assert.ok(peer.received === `first ${body} between <${body}> last`);
});

test('latin1 is what text is written in', async (t) => {
	const { transport, peer } = await pair(t);
	transport.write('\xe9\xff\x80');
	await peer.when(() => peer.bytes === 3, 'three bytes');
	assert.equal(peer.received, '\xe9\xff\x80');
});

test('a peer that does not read holds writes back; drained comes once when all has left', async (t) => {
	const { transport, handler, peer } = await pair(t);
	peer.keep = false;
	peer.pause();
	const piece = Buffer.alloc(1_000_000, 'x');
	let written = 0;
	while (transport.write(piece)) written += piece.length;
	written += piece.length;
	assert.equal(transport.pending, true);
	await pause(30);
	assert.deepEqual(handler.events, []);
	peer.resume();
	await peer.when(() => peer.bytes === written, 'all of it');
	await until(() => handler.events.length > 0, 'drained');
	await pause(20);
	assert.deepEqual(handler.events, ['drained']);
	assert.equal(transport.pending, false);
});

test('paused, nothing is received; resumed, all of it in order', async (t) => {
	const { transport, handler, peer } = await pair(t);
	handler.onReceived = () => transport.pause();
	peer.send('one ');
	await until(() => handler.text === 'one ', 'the first piece');
	peer.send('two');
	await pause(40);
	assert.equal(handler.text, 'one ');
	handler.onReceived = null;
	transport.resume();
	await until(() => handler.text === 'one two', 'the rest');
});

test('what is lent for longer stays as it is while the transport is paused, whatever others read', async (t) => {
	const one = await pair(t);
	const others = await Promise.all([pair(t), pair(t), pair(t)]);
	let lent: { bytes: Uint8Array; copy: Buffer } | null = null;
	one.handler.onReceived = (bytes, length, durable) => {
		if (!durable || length < 1_000 || lent !== null) return;
		lent = { bytes: bytes.subarray(0, length), copy: Buffer.from(bytes.subarray(0, length)) };
		one.transport.pause();
	};
	one.peer.send(Buffer.alloc(3_000_000, 'A'));
	await until(() => lent !== null, 'a durable read');
	for (const other of others) other.peer.send(Buffer.alloc(2_000_000, 'B'));
	await until(() => others.every((other) => other.handler.text.length === 2_000_000), 'the other transfers');
	const { bytes, copy } = lent as unknown as { bytes: Uint8Array; copy: Buffer };
	assert.ok(copy.equals(bytes), 'the bytes lent are what they were');
	one.transport.resume();
	await until(() => one.handler.text.length === 3_000_000, 'the rest');
	assert.ok(!one.handler.text.includes('B'));
});

test('FIN of the peer ends one direction; ours sends what was written first', async (t) => {
	const { transport, handler, peer } = await pair(t);
	peer.send('bye').finish();
	await until(() => handler.events.includes('ended'), 'the end');
	assert.equal(handler.text, 'bye');
	transport.write('still here');
	transport.end();
	assert.equal(await peer.closed(), 'finished');
	assert.equal(peer.received, 'still here');
	await until(() => handler.events.length === 2, 'closed');
	assert.deepEqual(handler.events, ['ended', 'closed']);
	assert.equal(transport.write('too late'), true);
	assert.equal(transport.writeFramed('', Buffer.alloc(20_000), ''), true);
});

test('end from within a read: what was collected goes out first', async (t) => {
	const { transport, handler, peer } = await pair(t);
	handler.onReceived = () => {
		transport.write('answer');
		transport.end();
	};
	peer.send('question');
	await peer.closed();
	assert.equal(peer.received, 'answer');
});

test('a reset by the peer is told once, with its error', async (t) => {
	const { handler, peer } = await pair(t);
	peer.reset();
	await until(() => handler.events.length > 0, 'closed');
	await pause(20);
	assert.deepEqual(handler.events, ['closed ECONNRESET']);
});

for (const [what, how] of [
	['TCP', {}],
	['TLS', { tls: true }],
] as const) {
	test(`destroy(true) is seen as a reset over ${what}, with bytes still waiting, too`, async (t) => {
		const { transport, handler, peer } = await pair(t, how);
		peer.pause();
		while (transport.write(Buffer.alloc(500_000))) await pause(1);
		transport.destroy(true);
		peer.keep = false;
		peer.resume();
		assert.equal(await peer.closed(), 'reset');
		await until(() => handler.events.length > 0, 'closed');
		assert.equal(handler.events.length, 1);
		transport.destroy(true);
		transport.destroy();
	});
}

test('over a unix socket, which knows no reset, it is closed', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const { transport, handler, peer } = await pair(t, { at: { path: join(folder, 's') } });
	assert.deepEqual(transport.remote, { kind: 'unix', path: '' });
	transport.destroy(true);
	await peer.closed();
	await until(() => handler.events.length > 0, 'closed');
});

test('addresses are those of both ends, IPv4 as IPv4', async (t) => {
	const { transport, peer } = await pair(t);
	await until(() => !peer.socket.connecting, 'both ends of the connection');
	assert.deepEqual(transport.remote, { kind: 'ip', host: '127.0.0.1', port: peer.socket.localPort });
	assert.deepEqual(transport.local, { kind: 'ip', host: '127.0.0.1', port: peer.socket.remotePort });
	assert.equal(transport.tls, null);
	const secure = await pair(t, { tls: true });
	assert.equal(secure.transport.tls?.sni, 'localhost');
	assert.equal(secure.transport.tls?.peer(), null);
});

test('a transport without a handler of its own yet loses nothing and ends nothing', async (t) => {
	const { transport, peer } = await pair(t);
	transport.handler = NOBODY;
	peer.reset();
	await until(() => transport.socket.destroyed, 'the end');
});

test('who wants to go on reading when nothing more can be written does so', async (t) => {
	const { transport, handler, peer } = await pair(t);
	const failures: string[] = [];
	Object.assign(handler, {
		unwritable: (error: NodeJS.ErrnoException) => {
			failures.push(String(error.code));
			return true;
		},
	});
	peer.send('last words');
	// What it has not read makes its close a reset.
	transport.write('unread');
	await peer.when(() => peer.bytes > 0, 'bytes');
	peer.socket.destroy();
	await until(() => {
		transport.write(Buffer.alloc(100_000));
		return failures.length > 0;
	}, 'a write that fails');
	assert.match(failures.join(), /^(?:EPIPE|ECONNRESET)$/);
	await until(() => handler.text === 'last words', 'what came before');
});
