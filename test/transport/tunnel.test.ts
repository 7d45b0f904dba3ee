/** A transport as a tunnel: early bytes first, each direction on its own, and nobody is left without an end. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Sink } from '../../src/bytes/index.ts';
import { type Transport, type TransportHandler, TransportTunnel } from '../../src/transport/index.ts';
import { NOBODY } from '../../src/transport/node/index.ts';

class FakeTransport implements Transport {
	readonly remote = { kind: 'memory' } as const;
	readonly local = { kind: 'memory' } as const;
	readonly tls = null;
	readonly calls: string[] = [];
	handler: TransportHandler = NOBODY;
	paused = false;
	full = false;
	pending = false;
	unsent = 0;

	write(data: string | Uint8Array): boolean {
		this.calls.push(`write ${Buffer.from(data as Uint8Array).toString()}`);
		return !this.full;
	}

	writeFramed(_before: string, data: Uint8Array): boolean {
		return this.write(data);
	}

	pause(): void {
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
	}

	end(): void {
		this.calls.push('end');
	}

	destroy(reset = false): void {
		this.calls.push(reset ? 'reset' : 'destroy');
	}

	receive(text: string): void {
		const bytes = Buffer.from(text);
		this.handler.received(bytes, bytes.length, false);
		// What was lent is somebody else's now.
		bytes.fill(0);
	}
}

class Heard implements Sink {
	readonly events: string[] = [];
	private readonly pieces: Uint8Array[] = [];
	takes = true;

	write(chunk: Uint8Array): boolean {
		this.pieces.push(chunk);
		return this.takes;
	}

	end(): void {
		this.events.push('end');
	}

	fail(reason: Error): void {
		this.events.push(`fail ${reason.message}`);
	}

	get text(): string {
		return Buffer.concat(this.pieces).toString();
	}
}

function tunnelOf(t: TestContext, early: string | null = null, idle = 0, total = 0) {
	const transport = new FakeTransport();
	const ends: string[] = [];
	const owner = {
		tunnelClosed: (sent: number, taken: number, error: Error | null) =>
			void ends.push([sent, taken, ...(error === null ? [] : [error.message])].join(' ')),
	};
	const tunnel = new TransportTunnel(
		transport,
		early === null ? null : Buffer.from(early),
		owner,
		{ idle, total },
		(cause, late) => cause ?? new Error(late ? 'late' : 'lost'),
	);
	t.after(() => transport.handler.closed(null));
	return { transport, tunnel, ends, heard: new Heard() };
}

test('nothing is read before somebody listens; early bytes come first', (t) => {
	const { transport, tunnel, heard } = tunnelOf(t, 'early ');
	assert.equal(transport.paused, true);
	tunnel.readable.start(heard);
	assert.equal(transport.paused, false);
	transport.receive('late');
	assert.equal(heard.text, 'early late', 'kept beyond the read, since it was copied');
});

test('a listener that is full stops the transport, early bytes included', (t) => {
	const { transport, tunnel, heard } = tunnelOf(t, 'early');
	heard.takes = false;
	tunnel.readable.start(heard);
	assert.equal(transport.paused, true);
	tunnel.readable.resume();
	assert.equal(transport.paused, false);
	transport.receive('more');
	assert.equal(transport.paused, true);
});

test('a full transport says so, and when it takes more', (t) => {
	const { transport, tunnel } = tunnelOf(t);
	transport.full = true;
	assert.equal(tunnel.writable.write(Buffer.from('x')), false);
	let drained = 0;
	tunnel.writable.ondrain = () => void drained++;
	transport.handler.drained();
	assert.equal(drained, 1);
});

test('each half ends on its own', (t) => {
	const { transport, tunnel, heard, ends } = tunnelOf(t);
	tunnel.readable.start(heard);
	transport.handler.ended();
	assert.deepEqual(heard.events, ['end']);
	tunnel.writable.write(Buffer.from('after'));
	tunnel.writable.end();
	assert.deepEqual(transport.calls, ['write after', 'end']);
	transport.handler.closed(null);
	assert.deepEqual(ends, ['5 0']);
	assert.deepEqual(heard.events, ['end'], 'told once');
});

test('an end before anybody listens is told to who listens then', (t) => {
	const { transport, tunnel, heard } = tunnelOf(t, 'early');
	transport.handler.ended();
	tunnel.readable.start(heard);
	assert.equal(heard.text, 'early');
	assert.deepEqual(heard.events, ['end']);
});

test('a loss is told to who listens, and to who listens only then', (t) => {
	const first = tunnelOf(t);
	first.tunnel.readable.start(first.heard);
	first.transport.handler.closed(null);
	assert.deepEqual(first.heard.events, ['fail lost']);
	const second = tunnelOf(t);
	second.transport.handler.closed(new Error('ECONNRESET'));
	second.tunnel.readable.start(second.heard);
	assert.deepEqual(second.heard.events, ['fail ECONNRESET']);
});

test('who is no longer interested hears nothing, and the peer’s end is still seen', (t) => {
	const { transport, tunnel, heard } = tunnelOf(t);
	tunnel.readable.start(heard);
	tunnel.readable.cancel();
	transport.receive('unheard');
	transport.handler.ended();
	assert.equal(heard.text, '');
	assert.deepEqual(heard.events, []);
	assert.equal(transport.paused, false);
});

test('a tunnel is read once', (t) => {
	const { tunnel, heard } = tunnelOf(t);
	tunnel.readable.start(heard);
	assert.throws(() => tunnel.readable.start(new Heard()));
});

test('a failing writer resets, destroy destroys', (t) => {
	const { transport, tunnel } = tunnelOf(t);
	tunnel.writable.fail(new Error('x'));
	tunnel.destroy();
	assert.deepEqual(transport.calls, ['reset', 'destroy']);
});

test('a tunnel in which nothing moves is destroyed, one in which something does is not', (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const { transport, tunnel, heard } = tunnelOf(t, null, 200);
	tunnel.readable.start(heard);
	for (let i = 0; i < 6; i++) {
		t.mock.timers.tick(150);
		if (i % 2 === 0) transport.receive('x');
		else tunnel.writable.write(Buffer.from('y'));
	}
	assert.ok(!transport.calls.includes('destroy'));
	t.mock.timers.tick(500);
	assert.ok(transport.calls.includes('destroy'));
});

test('a tunnel that has its time is destroyed when that has passed, whatever moves in it', (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	for (const idle of [0, 400]) {
		const { transport, tunnel, heard } = tunnelOf(t, null, idle, 1_000);
		tunnel.readable.start(heard);
		for (let i = 0; i < 8; i++) {
			t.mock.timers.tick(100);
			transport.receive('x');
			tunnel.writable.write(Buffer.from('y'));
		}
		assert.ok(!transport.calls.includes('destroy'));
		for (let i = 0; i < 5; i++) {
			t.mock.timers.tick(100);
			transport.receive('x');
		}
		assert.ok(transport.calls.includes('destroy'));
		transport.handler.closed(null);
		assert.deepEqual(heard.events, ['fail late']);
		// The wheel stops when it has nobody left, and starts anew for the next one.
		t.mock.timers.tick(100);
	}
});

test('who drops a tunnel for a reason lets the peer see a reset, and the owner hears the reason', (t) => {
	const { transport, tunnel, ends } = tunnelOf(t);
	tunnel.destroy(new Error('the other side broke off'));
	assert.deepEqual(transport.calls, ['reset']);
	transport.handler.closed(null);
	assert.deepEqual(ends, ['0 0 the other side broke off']);
});

test('who writes is told that the peer is lost, once its end has been read', (t) => {
	const { transport, tunnel, heard } = tunnelOf(t);
	const lost: string[] = [];
	tunnel.writable.onlost = (reason) => void lost.push(reason.message);
	tunnel.readable.start(heard);
	transport.handler.ended();
	transport.handler.closed(new Error('ECONNRESET'));
	assert.deepEqual(heard.events, ['end']);
	assert.deepEqual(lost, ['ECONNRESET']);
});

test('who has ended both ways is told nothing more, nor who reads and was told by that', (t) => {
	for (const ends of [true, false]) {
		const { transport, tunnel, heard } = tunnelOf(t);
		const lost: string[] = [];
		tunnel.writable.onlost = (reason) => void lost.push(reason.message);
		tunnel.readable.start(heard);
		if (ends) {
			transport.handler.ended();
			tunnel.writable.end();
		}
		transport.handler.closed(new Error('ECONNRESET'));
		assert.deepEqual(heard.events, [ends ? 'end' : 'fail ECONNRESET']);
		assert.deepEqual(lost, []);
	}
});

test('a peer that nobody reads and nobody writes to is waited for while it takes what was written', (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const { transport, tunnel, heard } = tunnelOf(t, null, 3_600_000);
	transport.unsent = 50;
	tunnel.readable.start(heard);
	tunnel.writable.end();
	tunnel.readable.cancel(new Error('nobody takes it'));
	for (let i = 0; i < 10; i++) {
		transport.unsent -= 1;
		t.mock.timers.tick(3_000);
		transport.receive('x');
	}
	assert.ok(!transport.calls.includes('destroy'));
	for (let i = 0; i < 4; i++) {
		t.mock.timers.tick(3_000);
		transport.receive('x');
	}
	assert.ok(transport.calls.includes('destroy'));
});
