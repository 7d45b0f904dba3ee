import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, Disconnected, lint, raw, respond } from '../../../src/convention/index.ts';
import { exchange } from '../../../src/engine/memory/index.ts';
import { watched } from './watched-source.ts';

test('the window fills, the source waits, and goes on when the client reads', async () => {
	let yielded = 0;
	const endless = function* (): Generator<Uint8Array> {
		for (;;) {
			yielded += 1;
			yield new Uint8Array(1000);
		}
	};
	const one = exchange(
		lint(() => respond(200, null, fromIterable(endless()))),
		{ window: 4000 },
	);
	const answer = await one.answer;
	assert.equal(yielded, 5);
	let read = 0;
	for await (const chunk of answer.chunks()) {
		read += chunk.length;
		if (read >= 10_000) break;
	}
	assert.ok(yielded <= 17, `${yielded} pieces were made for 10 that were read`);
	const outcome = await one.context.finished;
	assert.ok(!outcome.ok && outcome.cause instanceof Disconnected);
});

test('a client that leaves aborts the signal and both bodies, and is told so', async () => {
	const events: string[] = [];
	const upload = watched();
	const download = watched();
	const app: App = (request, context) => {
		request.signal.addEventListener('abort', () => events.push('signal'));
		context.onClosed({ exchangeClosed: (reason) => events.push(`closed ${reason instanceof Disconnected}`) });
		const gone = { exchangeClosed: () => events.push('never') };
		context.onClosed(gone);
		context.offClosed(gone);
		raw(request).payload?.start({
			write: () => true,
			end: () => {},
			fail: (error) => events.push(`body ${error.name}`),
		});
		return respond(200, null, download);
	};
	const one = exchange(app, { body: upload });
	const answer = await one.answer;
	one.abort();
	one.abort();
	assert.deepEqual(events, ['signal', 'closed true', 'body Disconnected']);
	assert.deepEqual([upload.calls.at(-1), download.calls], ['cancel', ['start', 'cancel']]);
	await assert.rejects(answer.bytes(), Disconnected);
	const outcome = await one.context.finished;
	assert.ok(!outcome.ok && outcome.cause instanceof Disconnected && outcome.committed);
	let late = 0;
	one.context.onClosed({ exchangeClosed: () => (late += 1) });
	assert.equal(late, 1);
});

test('a client that leaves before the answer drops it, and what the app answers later is given up', async () => {
	const source = watched();
	const { promise, resolve } = Promise.withResolvers<Response>();
	const one = exchange(() => promise);
	one.abort();
	await assert.rejects(one.answer, Disconnected);
	const outcome = await one.context.finished;
	assert.deepEqual([outcome.ok, (outcome as { committed?: boolean }).committed], [false, false]);
	resolve(respond(200, null, source));
	await promise;
	await new Promise(setImmediate);
	assert.deepEqual(source.calls, ['cancel']);
});

test('reading the request after the client has left fails at once', async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	let failure: unknown;
	const one = exchange(
		async (request) => {
			await promise;
			failure = await request.text().catch((error: unknown) => error);
			return respond(200);
		},
		{ body: watched() },
	);
	one.abort();
	resolve();
	await new Promise(setImmediate);
	assert.ok(failure instanceof Disconnected);
});
