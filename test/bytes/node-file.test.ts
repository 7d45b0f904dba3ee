import assert from 'node:assert/strict';
import { mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutShortError, fileSource, openFileSource } from '../../src/bytes/index.ts';
import { drained, StrictSink } from './lending.ts';

const folder = mkdtempSync(join(tmpdir(), 'turnabout-file-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'data');
const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
writeFileSync(path, content);

/** Whether this process still has a file of the folder open; null where that cannot be seen. */
function isOpen(): boolean | null {
	try {
		return readdirSync('/proc/self/fd').some((file) => {
			try {
				return readlinkSync(`/proc/self/fd/${file}`).startsWith(folder);
			} catch {
				return false;
			}
		});
	} catch {
		return null;
	}
}

/** A file that is still being opened shows as none, so the first look waits for it. */
async function closed(): Promise<boolean> {
	for (let i = 0; i < 100; i++) {
		await sleep(10);
		if (isOpen() !== true) return true;
	}
	return false;
}

test('a part of a file is delivered in pieces, pauses or not', { timeout: 10_000 }, async () => {
	for (const [start, length] of [
		[0, 200_000],
		[1, 65_536],
		[199_999, 1],
		[70_000, 70_001],
		[5, 0],
	] as const) {
		for (const pauses of [[], [true], [false, true]]) {
			const source = fileSource({ path, start, length });
			assert.equal(source.length, length);
			const sink = await drained(source, pauses);
			assert.equal(Buffer.from(sink.taken).equals(content.subarray(start, start + length)), true);
			assert.equal(sink.ends, 1);
		}
	}
	assert.equal(await closed(), true);
});

test('a file that is missing or has shrunk fails', { timeout: 10_000 }, async () => {
	const missing = await drained(fileSource({ path: join(folder, 'none'), start: 0, length: 1 }));
	assert.equal((missing.error as NodeJS.ErrnoException).code, 'ENOENT');
	const shrunk = join(folder, 'shrunk');
	writeFileSync(shrunk, content);
	const source = fileSource({ path: shrunk, start: 0, length: content.length });
	const sink = new StrictSink([true]);
	const first = new Promise<void>((resolve) => {
		const write = sink.write.bind(sink);
		sink.write = (chunk) => {
			resolve();
			return write(chunk);
		};
	});
	source.start(sink);
	await first;
	truncateSync(shrunk, 70_000);
	const releasing = setInterval(() => sink.paused && sink.release(source), 1);
	await sink.done;
	clearInterval(releasing);
	assert.ok(sink.error instanceof CutShortError);
	assert.equal(sink.taken.length, 70_000);
	assert.equal(await closed(), true);
});

test('cancel closes the file at whatever point it comes', { timeout: 10_000 }, async () => {
	const fresh = fileSource({ path, start: 0, length: 10 });
	fresh.cancel();
	assert.throws(() => fresh.start(new StrictSink()), TypeError);

	const opening = fileSource({ path, start: 0, length: 10 });
	opening.start({
		write: () => assert.fail('written'),
		end: () => assert.fail('ended'),
		fail: () => assert.fail('failed'),
	});
	opening.cancel();
	assert.equal(await closed(), true);

	const paused = fileSource({ path, start: 0, length: 200_000 });
	const sink = new StrictSink([true]);
	paused.start(sink);
	while (!sink.paused) await sleep(1);
	assert.notEqual(isOpen(), false);
	paused.cancel();
	assert.equal(await closed(), true);
	sink.release(paused);
	await sleep(5);
	assert.deepEqual([sink.taken.length, sink.over], [65_536, false]);
});

test('ranges that no file can have are refused at once', () => {
	for (const [start, length] of [
		[-1, 1],
		[0, -1],
		[0.5, 1],
		[0, Number.NaN],
		[0, Number.POSITIVE_INFINITY],
	] as const) {
		assert.throws(() => fileSource({ path, start, length }), RangeError);
	}
});

test('pieces of an open file come in order, among bytes of ours, and the file is closed behind them', {
	timeout: 10_000,
}, async () => {
	const between = Buffer.from('between');
	const pieces = [
		between,
		{ start: 5, length: 0 },
		{ start: 10, length: 70_000 },
		between,
		{ start: 0, length: 3 },
		between,
	];
	const expected = Buffer.concat([between, content.subarray(10, 70_010), between, content.subarray(0, 3), between]);
	for (const pauses of [[], [true], [false, true]]) {
		const source = openFileSource(openSync(path, 'r'), pieces);
		assert.equal(source.length, expected.length);
		const sink = await drained(source, pauses);
		assert.equal(Buffer.from(sink.taken).equals(expected), true);
		assert.equal(sink.ends, 1);
	}
	assert.equal(await closed(), true);
});

test('an open file is closed when its source is given up unread, and when there is nothing to read', {
	timeout: 10_000,
}, async () => {
	openFileSource(openSync(path, 'r'), [{ start: 0, length: 10 }]).cancel();
	const sink = await drained(openFileSource(openSync(path, 'r'), []));
	assert.deepEqual([sink.taken.length, sink.ends], [0, 1]);
	assert.equal(await closed(), true);
});
