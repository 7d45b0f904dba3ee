/** Limits and failures before the first byte has left: the original goes out, complete and unharmed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, fromIterable, type Sink, type Source } from '../../../src/bytes/index.ts';
import { lint } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { fakeThemer, page, streamingThemer, watched } from './fake-themer.ts';

/** A source under the test's hand. */
class Hand implements Source {
	readonly length = null;
	sink: Sink | null = null;
	starts = 0;
	resumes = 0;
	cancels = 0;
	start(sink: Sink): void {
		this.starts += 1;
		this.sink = sink;
	}
	resume(): void {
		this.resumes += 1;
	}
	cancel(): void {
		this.cancels += 1;
		this.sink = null;
	}
	say(text: string): boolean {
		return (this.sink as Sink).write(Buffer.from(text));
	}
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a page over the limit passes through, whether its length is known or not', async () => {
	const text = `<p>${'x'.repeat(5_000)}</p>`;
	const pieces = () =>
		Array.from({ length: 100 }, (_, i) => text.slice(i * 60, i * 60 + 60)).filter((one) => one !== '');
	for (const streams of [false, true]) {
		for (const body of [
			text,
			Buffer.from(text),
			bytesSource(text),
			fromIterable(pieces()),
			fromIterable(pieces(), text.length),
		]) {
			const { layer, lines } = watched(fakeThemer({ streams }), { maxBytes: 1_000 });
			const answer = await ask(lint(layer(page(body, { 'Content-Length': String(text.length), ETag: '"a"' }))));
			assert.equal(await answer.text(), text);
			assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=bytes');
			assert.equal(answer.fields.get('etag'), '"a+ts.skipped"');
			assert.deepEqual(
				lines.map(({ level, request }) => [level, request]),
				[['warn', 'GET /']],
			);
		}
	}
});

test('what was kept goes out first and the rest is piped behind it, under back-pressure, with its trailers', async () => {
	const hand = new Hand();
	const one = exchange(watched(fakeThemer(), { maxBytes: 4 }).layer(page(hand)), { window: 2 });
	hand.say('abc');
	assert.equal(hand.say('def'), false);
	const answer = await one.answer;
	assert.equal(hand.resumes, 0);
	const body = answer.text();
	assert.equal(hand.resumes, 1);
	hand.say('ghi');
	hand.sink?.end(FieldList.of({ 'X-T': '1' }));
	assert.equal(await body, 'abcdefghi');
	assert.deepEqual((await answer.trailers)?.raw, ['X-T', '1']);
	assert.deepEqual([hand.starts, hand.cancels], [1, 0]);
});

test('content that takes too long passes through, and so does a plan that does', async () => {
	for (const streams of [false, true]) {
		const hand = new Hand();
		const one = exchange(watched(fakeThemer({ streams }), { timeout: 5 }).layer(page(hand)));
		hand.say('<p>slow');
		const answer = await one.answer;
		hand.say('</p>');
		hand.sink?.end();
		assert.equal(await answer.text(), '<p>slow</p>');
		assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=timeout');
	}
	let late: (() => void) | null = null;
	const themer = fakeThemer({
		page: { end: () => new Promise((resolve) => (late = () => resolve({ text: 'late', themed: true, warnings: [] }))) },
	});
	const answer = await ask(lint(watched(themer, { timeout: 5 }).layer(page(fromIterable(['<p>', 'x'])))));
	(late as (() => void) | null)?.();
	await turn();
	assert.equal(await answer.text(), '<p>x');
});

test('a plan that fails costs the page its theme alone', async () => {
	const limit = Object.assign(new Error('too deep'), { limit: 'depth' });
	const fail = (error: Error) => () => {
		throw error;
	};
	for (const [part, error, reason, level] of [
		[{ page: { write: fail(new Error('broken')) } }, 'broken', null, 'error'],
		[{ page: { end: () => Promise.reject(new Error('broken')) } }, 'broken', null, 'error'],
		[{ begin: fail(new Error('broken')) }, 'broken', null, 'error'],
		[{ page: { end: fail(limit) } }, 'too deep', 'skipped; reason=limit', 'warn'],
	] as const) {
		for (const body of ['<p>x</p>', fromIterable(['<p>', 'x</p>'])]) {
			const { layer, lines } = watched(fakeThemer(part));
			const answer = await ask(lint(layer(page(body))));
			assert.equal(await answer.text(), '<p>x</p>');
			assert.equal(answer.fields.get('x-turnabout-theme'), reason);
			assert.deepEqual(
				lines.map((line) => line.level),
				[level],
			);
			assert.ok(lines[0]?.message.endsWith(error));
		}
	}
});

test('warnings of the plan are logged', async () => {
	const { layer, lines } = watched(
		fakeThemer({ page: { end: () => ({ text: 'x', themed: true, warnings: ['w1', 'w2'] }) } }),
	);
	await (await ask(layer(page()))).text();
	assert.deepEqual(
		lines.map(({ message }) => message),
		['w1', 'w2'],
	);
});

test('a client that leaves while the page is collected cancels its content, once', async () => {
	for (const themer of [fakeThemer(), fakeThemer({ streams: true })]) {
		const hand = new Hand();
		const { layer, lines } = watched(themer);
		const one = exchange(layer(page(hand)));
		hand.say('<p>');
		one.abort();
		await assert.rejects(one.answer, { code: 'DISCONNECTED' });
		await turn();
		assert.deepEqual([hand.starts, hand.cancels, lines.length], [1, 1, 0]);
	}
});

test('a client that leaves while the original goes out cancels it, once', async () => {
	const hand = new Hand();
	const one = exchange(watched(fakeThemer(), { maxBytes: 1 }).layer(page(hand)));
	hand.say('<p>');
	await one.answer;
	one.abort();
	assert.deepEqual([hand.starts, hand.cancels], [1, 1]);
});

test('a page without a byte stays as it is', async () => {
	for (const themer of [fakeThemer(), streamingThemer()]) {
		const answer = await ask(lint(watched(themer, { report: 'all' }).layer(page(fromIterable([])))));
		assert.equal(await answer.text(), '');
		assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=empty');
	}
});
