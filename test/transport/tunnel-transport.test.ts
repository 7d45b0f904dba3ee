/** A tunnel as a transport: whoever speaks in it hears how it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sink, type TunnelWritable } from '../../src/bytes/index.ts';
import { TunnelTransport } from '../../src/transport/index.ts';

function standing() {
	const calls: string[] = [];
	let reader: Sink | null = null;
	const writable: TunnelWritable = {
		ondrain: null,
		onlost: null,
		write: (chunk) => calls.push(`write ${Buffer.from(chunk).toString()}`) > 0,
		end: () => void calls.push('end'),
		fail: (reason) => void calls.push(`fail ${reason.name}`),
	};
	const tunnel = {
		readable: { length: null, start: (sink: Sink) => void (reader = sink), resume() {}, cancel() {} },
		writable,
		destroy: () => void calls.push('destroy'),
	};
	const heard: string[] = [];
	const ends = { remote: { kind: 'memory' }, local: { kind: 'memory' } } as const;
	const transport = new TunnelTransport(tunnel, ends, {
		received: (bytes, length) => void heard.push(Buffer.from(bytes.subarray(0, length)).toString()),
		ended: () => void heard.push('ended'),
		drained: () => void heard.push('drained'),
		closed: (error) => void heard.push(`closed ${error?.message ?? 'in order'}`),
	});
	transport.listen();
	return { calls, heard, transport, writable, reader: reader as unknown as Sink };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a peer that resets behind its own end is told of', async () => {
	const { heard, transport, writable, reader } = standing();
	reader.write(Buffer.from('all'));
	reader.end();
	writable.onlost?.(new Error('ECONNRESET'));
	await turn();
	assert.deepEqual(heard, ['all', 'ended', 'closed ECONNRESET']);
	assert.equal(transport.write('x'), false);
});

test('also where reading is paused and the end was not told yet', async () => {
	const { heard, transport, writable, reader } = standing();
	transport.pause();
	reader.end();
	writable.onlost?.(new Error('ECONNRESET'));
	await turn();
	transport.resume();
	await turn();
	assert.deepEqual(heard, ['closed ECONNRESET']);
});

test('both ends in order are no loss', async () => {
	const { calls, heard, transport, reader } = standing();
	reader.end();
	transport.end();
	await turn();
	assert.deepEqual([calls, heard], [['end'], ['ended', 'closed in order']]);
});

test('dropping it with a reset is visible in the tunnel', async () => {
	const { calls, heard, transport } = standing();
	transport.destroy(true);
	await turn();
	assert.deepEqual([calls, heard], [['fail CutShortError'], ['closed in order']]);
});
