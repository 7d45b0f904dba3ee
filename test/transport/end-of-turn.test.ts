/** Text that waits for the end of the turn: once for each who collected, and not without bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { waits, writeAtEndOfTurn } from '../../src/transport/node/end-of-turn.ts';

class Collector {
	readonly writes: string[];
	private readonly name: string;

	constructor(name: string, writes: string[]) {
		this.name = name;
		this.writes = writes;
	}

	writeOut(): void {
		this.writes.push(this.name);
	}
}

test('all who collected write when the turn ends, in the order in which they began', async () => {
	const writes: string[] = [];
	for (const name of ['a', 'b', 'c']) writeAtEndOfTurn(new Collector(name, writes));
	assert.deepEqual(writes, []);
	await nextTurn();
	assert.deepEqual(writes, ['a', 'b', 'c']);
	await nextTurn();
	assert.deepEqual(writes, ['a', 'b', 'c'], 'and once');
});

test('past four megabytes nobody waits for the end of the turn', async () => {
	const writes: string[] = [];
	writeAtEndOfTurn(new Collector('a', writes));
	waits(4 * 2 ** 20);
	assert.deepEqual(writes, []);
	waits(1);
	assert.deepEqual(writes, ['a']);
	writeAtEndOfTurn(new Collector('b', writes));
	waits(1);
	assert.deepEqual(writes, ['a'], 'the count begins anew');
	await nextTurn();
	assert.deepEqual(writes, ['a', 'b']);
});

test('who begins to collect while others write has a turn to come', async () => {
	const writes: string[] = [];
	const later = new Collector('later', writes);
	writeAtEndOfTurn({ writeOut: () => writeAtEndOfTurn(later) });
	await nextTurn();
	await nextTurn();
	assert.deepEqual(writes, ['later']);
});
