import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { join, pipe, type Source, type Tunnel, type Writable } from '../../src/bytes/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { bytes, LendingSource, StrictSink } from './lending.ts';

/** A strict sink that says by `ondrain` when its pause is over. */
class DrainingSink extends StrictSink implements Writable {
	ondrain: (() => void) | null = null;
	constructor(pauses: boolean[] = [], automatic = true) {
		const drain: Source = { length: null, start() {}, cancel() {}, resume: () => this.ondrain?.() };
		super(pauses, () => (automatic ? drain : null));
	}
	drain(): void {
		this.paused = false;
		this.ondrain?.();
	}
}

class EndOfTunnel implements Tunnel {
	readonly readable: LendingSource;
	readonly writable: DrainingSink;
	destroyed: (Error | undefined)[] = [];
	constructor(readable: LendingSource, writable: DrainingSink = new DrainingSink()) {
		this.readable = readable;
		this.writable = writable;
	}
	destroy(reason?: Error): void {
		this.destroyed.push(reason);
	}
}

test('pipe carries all bytes and trailers, waiting for ondrain', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 8 }),
			fc.array(fc.boolean(), { maxLength: 4 }),
			fc.boolean(),
			async (pieces, pauses, later) => {
				const trailers = FieldList.of(['T', '1']);
				const sink = new DrainingSink(pauses);
				const outcome = await new Promise((resolve) => {
					pipe(new LendingSource(pieces, { later, trailers }), sink, (...told) => resolve(told));
				});
				const all = pieces.flatMap((piece) => [...piece]);
				assert.deepEqual(outcome, [null, all.length]);
				assert.deepEqual(sink.taken, all);
				assert.deepEqual([sink.ends, sink.trailers, sink.ondrain], [1, trailers, null]);
			},
		),
		{ numRuns: 100 },
	);
});

test('pipe hands a failure on', () => {
	const error = new Error('cut');
	const sink = new DrainingSink();
	const told: unknown[] = [];
	pipe(new LendingSource([bytes('ab')], { error }), sink, (...outcome) => told.push(outcome));
	assert.deepEqual([sink.text, sink.error, sink.ends, told], ['ab', error, 0, [[error, 2]]]);
});

test('joined tunnels hear each other under back-pressure', { timeout: 20_000 }, async () => {
	const script = fc.array(fc.boolean(), { maxLength: 4 });
	const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 8 });
	await fc.assert(
		fc.asyncProperty(pieces, pieces, script, script, async (one, two, slow, slower) => {
			const a = new EndOfTunnel(new LendingSource(one, { later: true }), new DrainingSink(slow));
			const b = new EndOfTunnel(new LendingSource(two), new DrainingSink(slower));
			const outcome = await new Promise((resolve) => {
				join(a, b, (...told) => resolve(told));
			});
			const [there, back] = [one.flatMap((piece) => [...piece]), two.flatMap((piece) => [...piece])];
			assert.deepEqual([b.writable.taken, a.writable.taken], [there, back]);
			assert.deepEqual(outcome, [null, there.length, back.length]);
			assert.deepEqual([a.writable.ends, b.writable.ends, a.destroyed, b.destroyed], [1, 1, [], []]);
		}),
		{ numRuns: 100 },
	);
});

test('one direction may end while the other lives', () => {
	const a = new EndOfTunnel(new LendingSource([]));
	const b = new EndOfTunnel(new LendingSource([bytes('x'), bytes('y')]));
	a.writable.write = DrainingSink.prototype.write.bind(a.writable);
	const slow = new DrainingSink([true], false);
	const told: unknown[] = [];
	join(new EndOfTunnel(a.readable, slow), b, (...outcome) => told.push(outcome));
	assert.equal(b.writable.ends, 1);
	assert.deepEqual([slow.text, slow.ends, told], ['x', 0, []]);
	slow.drain();
	assert.equal(slow.text, 'xy');
	slow.drain();
	assert.deepEqual([slow.ends, told], [1, [[null, 0, 2]]]);
});

test('an error on one side destroys both and is told once', () => {
	const error = new Error('reset');
	const a = new EndOfTunnel(new LendingSource([bytes('a')], { later: true }));
	const b = new EndOfTunnel(new LendingSource([bytes('bc')], { error }));
	const told: unknown[] = [];
	join(a, b, (...outcome) => told.push(outcome));
	assert.deepEqual([a.destroyed, b.destroyed], [[error], [error]]);
	assert.deepEqual(told, [[error, 0, 2]]);
	assert.deepEqual(a.readable.cancelled, [error]);
	assert.deepEqual([a.writable.ends, a.writable.ondrain, b.writable.ondrain], [0, null, null]);
});

test('an error before the other side has started leaves nothing running', () => {
	const error = new Error('reset');
	const a = new EndOfTunnel(new LendingSource([], { error }));
	const b = new EndOfTunnel(new LendingSource([bytes('b')]));
	const told: unknown[] = [];
	join(a, b, (...outcome) => told.push(outcome));
	assert.deepEqual([told, a.destroyed, b.destroyed], [[[error, 0, 0]], [error], [error]]);
	assert.deepEqual([b.readable.started, b.readable.cancelled], [false, [error]]);
});
