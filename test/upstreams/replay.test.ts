/** Bodies that are sent again: whole, at every point at which the first attempt may end, and not beyond their bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, collect, type Sink, type Source } from '../../src/bytes/index.ts';
import { Replay } from '../../src/upstreams/replay.ts';

/** A body in pieces, each on its own turn and only as long as it is wanted. */
function pieces(texts: readonly string[], end: Error | null = null): Source & { cancelled: number } {
	let at = 0;
	let sink: Sink | null = null;
	let running = false;
	const source = {
		length: null,
		cancelled: 0,
		start(to: Sink): void {
			sink = to;
			source.resume();
		},
		resume(): void {
			if (running) return;
			running = true;
			queueMicrotask(() => {
				running = false;
				if (sink === null) return;
				const text = texts[at++];
				if (text === undefined) return end === null ? sink.end() : sink.fail(end);
				if (sink.write(Buffer.from(text))) source.resume();
			});
		},
		cancel(): void {
			source.cancelled++;
			sink = null;
		},
	};
	return source;
}

/** Takes pieces from a source until it has `count`, then leaves. */
function leaveAfter(source: Source, count: number): Promise<string> {
	return new Promise((resolve) => {
		let got = '';
		let left = count;
		if (left === 0) {
			source.cancel();
			return resolve(got);
		}
		source.start({
			write(chunk) {
				got += Buffer.from(chunk).toString();
				if (--left > 0) return true;
				source.cancel();
				resolve(got);
				return false;
			},
			end: () => resolve(got),
			fail: () => resolve(got),
		});
	});
}

const texts = ['one ', 'two ', 'three ', 'four'];
const whole = texts.join('');

for (let count = 0; count <= texts.length; count++) {
	test(`a body is whole again after an attempt that took ${count} of its pieces`, async () => {
		const replay = new Replay(pieces(texts), 1_000);
		await leaveAfter(replay.next(), count);
		assert.equal(replay.isWhole, true);
		await leaveAfter(replay.next(), 1);
		assert.equal(Buffer.from(await collect(replay.next())).toString(), whole);
	});
}

test('a body that has been sent to its end is sent to its end again', async () => {
	const replay = new Replay(pieces(texts), 1_000);
	for (let time = 0; time < 3; time++) assert.equal(Buffer.from(await collect(replay.next())).toString(), whole);
});

test('a body in memory is sent again, and in one piece', async () => {
	for (const content of ['text', Buffer.from('bytes')]) {
		const replay = new Replay(bytesSource(content), 1);
		for (let time = 0; time < 3; time++)
			assert.equal(Buffer.from(await collect(replay.next())).toString(), content.toString());
		assert.equal(replay.isWhole, true, 'it costs no memory that was not there already');
	}
});

test('beyond the bound a body flows on, but is not sent again', async () => {
	const replay = new Replay(pieces(texts), 9);
	const first = await collect(replay.next());
	assert.equal(Buffer.from(first).toString(), whole);
	assert.equal(replay.isWhole, false);
});

test('a body whose length is beyond the bound is sent again as long as nothing of it has been taken', async () => {
	const replay = new Replay({ ...pieces(texts), length: 5_000 }, 100);
	await leaveAfter(replay.next(), 0);
	assert.equal(replay.isWhole, true);
	await leaveAfter(replay.next(), 1);
	assert.equal(replay.isWhole, false);
});

test('a client that breaks off its body is not waited for again', async () => {
	const replay = new Replay(pieces(['one '], new Error('cut')), 100);
	await assert.rejects(collect(replay.next()), /cut/);
	assert.equal(replay.isWhole, false);
	await assert.rejects(collect(replay.next()), /cut/);
});

test('what nobody wants any more is cancelled once and for all', async () => {
	const source = pieces(texts);
	const replay = new Replay(source, 100);
	await leaveAfter(replay.next(), 1);
	replay.giveUp();
	assert.equal(source.cancelled, 1);
});
