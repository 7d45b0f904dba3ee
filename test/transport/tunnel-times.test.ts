/** The time-outs of tunnels, by a clock of our own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tunnelOf } from './fake-transport.ts';

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

for (const [idle, what] of [
	[3_600_000, 'for long'],
	[0, 'for ever'],
] as const) {
	test(`a peer that has ended and may be silent ${what} is looked at every few seconds`, (t) => {
		t.mock.timers.enable({ apis: ['setInterval'] });
		const { transport, tunnel, heard } = tunnelOf(t, null, idle);
		tunnel.readable.start(heard);
		t.mock.timers.tick(20_000);
		assert.equal(transport.calls.length, 0, 'one that is read is heard');
		transport.handler.ended();
		t.mock.timers.tick(20_500);
		assert.ok(transport.calls.length >= 3 && transport.calls.every((call) => call === 'probe'), transport.calls.join());
		tunnel.writable.end();
		transport.calls.length = 0;
		t.mock.timers.tick(20_000);
		assert.ok(!transport.calls.includes('probe'), 'nobody writes to it any more');
		transport.handler.closed(null);
		t.mock.timers.tick(100);
	});
}

test('looking at a peer that has ended takes nothing from the time in which nothing moves', (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const { transport, tunnel, heard } = tunnelOf(t, null, 12_000);
	tunnel.readable.start(heard);
	transport.handler.ended();
	t.mock.timers.tick(11_000);
	tunnel.writable.write(Buffer.from('y'));
	t.mock.timers.tick(11_900);
	assert.ok(!transport.calls.includes('destroy'));
	t.mock.timers.tick(1_000);
	assert.ok(transport.calls.includes('destroy'));
	assert.ok(transport.calls.filter((call) => call === 'probe').length >= 3);
});
