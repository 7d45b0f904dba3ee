/** A transport as a tunnel: early bytes first, each direction on its own, and nobody is left without an end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heard, tunnelOf } from './fake-transport.ts';

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
