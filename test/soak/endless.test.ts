/** Apps that write as fast as they are let, without end, from code that never waits: others have their turn all the same. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { pipe, sourceOf } from '../../src/bytes/index.ts';
import { type App, respond } from '../../src/convention/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

/** More than this in a row would go on for ever. */
const MOST = 100_000;

/** Always has the next chunk ready; counts how many are taken in one turn of the loop. */
class Spring {
	mostInTurn = 0;
	taken = 0;
	private inTurn = 0;
	private readonly chunk: Uint8Array;

	constructor(size: number) {
		this.chunk = new Uint8Array(size);
	}

	stream(): ReadableStream<Uint8Array> {
		return new ReadableStream({
			pull: (controller) => {
				if (this.inTurn++ === 0) setImmediate(() => (this.inTurn = 0));
				this.taken++;
				this.mostInTurn = Math.max(this.mostInTurn, this.inTurn);
				if (this.inTurn > MOST) controller.error(new Error('There is no end to it.'));
				else controller.enqueue(this.chunk);
			},
		});
	}
}

const answering =
	(spring: Spring): App =>
	() =>
		new Response(spring.stream());
const tunnelling =
	(spring: Spring): App =>
	() =>
		respond(101, { Upgrade: 'x' }, null, {
			tunnel: ({ readable, writable }) => {
				readable.cancel();
				pipe(sourceOf(spring.stream()), writable);
			},
		});
const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';

/** A reader in another process, that takes what comes at once. */
async function readElsewhere(listener: Listener): Promise<() => void> {
	const script = `const socket = require('node:net').connect(${portOf(listener)}, '127.0.0.1');
socket.write(${JSON.stringify(REQUEST)}); socket.once('data', () => console.log('reading')); socket.on('error', () => {}).resume();`;
	const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(child.stdout, 'data');
	return () => child.kill('SIGKILL');
}

for (const [way, make] of [
	['a body', answering],
	['a tunnel', tunnelling],
] as const) {
	for (const size of [100, 100_000]) {
		test(`${way} without end in chunks of ${size} to a client that reads at once`, { timeout: 30_000 }, async (t) => {
			const spring = new Spring(size);
			const listener = await listen(t, make(spring), { log: () => {} });
			t.after(await readElsewhere(listener));
			const from = spring.taken;
			await until(() => spring.taken > from + 5_000, 'it flows', 15_000);
			t.diagnostic(`${spring.mostInTurn} chunks in a turn at most`);
			assert.ok(spring.mostInTurn <= 2_000, `${spring.mostInTurn} chunks in one turn of the loop`);
		});
	}

	test(`${way} without end to a client that is gone`, async (t) => {
		const spring = new Spring(1_000);
		const listener = await listen(t, make(spring), { log: () => {} });
		const client = (await connect(t, portOf(listener))).pause().send(REQUEST);
		await until(() => spring.taken > 0, 'it flows');
		client.reset();
		await until(() => listener.statistics().connections === 0, 'the connection has gone');
		assert.ok(spring.mostInTurn < MOST, 'others had their turn');
	});
}
