import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, collect, type Sink, type Source } from '../../src/bytes/index.ts';
import { type App, type LintError, lint, raw, respond } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { breaks, brokenAround, found, ours, QUIET, source } from './breaking.ts';

test('rule 4: a request payload started twice, or after it was cancelled', async () => {
	await breaks(
		4,
		(request) => {
			raw(request).payload?.start(QUIET);
			raw(request).payload?.start(QUIET);
			return respond(200);
		},
		{ body: 'x' },
	);
	await breaks(
		4,
		(request) => {
			raw(request).payload?.cancel();
			raw(request).payload?.start(QUIET);
			return respond(200);
		},
		{ body: 'x' },
	);
});

test('rule 4: one payload for two responses', async () => {
	const shared = bytesSource('x');
	assert.deepEqual([...(await found(() => respond(200, null, shared)))], []);
	await breaks(4, () => respond(200, null, shared));
});

test('rule 4: a response whose body the app has read itself', async () => {
	await breaks(4, async () => {
		const response = respond(200, null, 'x');
		await response.text();
		return response;
	});
});

test('rule 4: a source that delivers after it was cancelled', async () => {
	let sink: Sink | null = null;
	const errors: LintError[] = [];
	const one = exchange(
		lint(
			() =>
				respond(
					200,
					null,
					source((to) => void (sink = to)),
				),
			{ report: (error) => errors.push(error) },
		),
	);
	await one.answer;
	one.abort();
	(sink as unknown as Sink).write(Uint8Array.of(1));
	assert.deepEqual(
		errors.map((error) => error.rule),
		[4],
	);
});

test('rule 4: an engine that neither starts nor cancels a response payload, or starts it twice', async () => {
	await brokenAround(4, (app) => async (request, context) => {
		await app(request, context, context);
		return respond(204);
	});
	await brokenAround(4, (app) => async (request, context) => {
		const { payload } = ours(await app(request, context, context));
		(payload as Source).start(QUIET);
		(payload as Source).start(QUIET);
		return respond(204);
	});
});

test('rule 5: a source that does not wait for resume', async () => {
	const pushy = source((sink) => {
		while (sink.write(new Uint8Array(30_000)));
		sink.write(new Uint8Array(1));
		sink.end();
	});
	await breaks(5, () => respond(200, null, pushy));
});

test('rule 5: a source that goes on behind its end', async () => {
	await breaks(5, () =>
		respond(
			200,
			null,
			source((sink) => {
				sink.end();
				sink.write(Uint8Array.of(1));
			}),
		),
	);
	await breaks(5, () =>
		respond(
			200,
			null,
			source((sink) => {
				sink.end();
				sink.end();
			}),
		),
	);
	await breaks(5, () =>
		respond(
			200,
			null,
			source((sink) => void sink.write('text' as never)),
		),
	);
});

test('rule 5: a source that changes a chunk it has lent', async () => {
	const chunk = new Uint8Array(100_000);
	let sink: Sink;
	const reusing = source(
		(to) => {
			sink = to;
			sink.write(chunk);
			chunk.fill(1);
		},
		{ resume: () => sink.end() },
	);
	await breaks(5, () => respond(200, null, reusing));
});

test('rule 5: whoever keeps a lent chunk finds it spoilt', async () => {
	const kept: Uint8Array[] = [];
	const app: App = (request) => {
		raw(request).payload?.start({ ...QUIET, write: (chunk) => kept.push(chunk) > 0 });
		return respond(200);
	};
	await found(app, { body: 'secret' });
	assert.deepEqual([...(kept[0] as Uint8Array)], [0xdb, 0xdb, 0xdb, 0xdb, 0xdb, 0xdb]);
});

test('rule 5: a sink that returns no boolean, a resume before the start', async () => {
	await breaks(
		5,
		(request) => {
			raw(request).payload?.start({ ...QUIET, write: (() => undefined) as never });
			return respond(200);
		},
		{ body: 'x' },
	);
	await breaks(
		5,
		(request) => {
			raw(request).payload?.resume();
			return respond(200);
		},
		{ body: 'x' },
	);
});

test('rule 7: a source that ends early, or delivers too much', async () => {
	const short = source(
		(sink) => {
			sink.write(Uint8Array.of(1));
			sink.end();
		},
		{ length: 2 },
	);
	await breaks(7, () => respond(200, null, short));
	const long = source(
		(sink) => {
			sink.write(Uint8Array.of(1, 2, 3));
			sink.end();
		},
		{ length: 2 },
	);
	await breaks(7, () => respond(200, null, long));
});

test('rule 7: an engine that calls complete what has failed', async () => {
	const errors: LintError[] = [];
	const failing = source((sink) => sink.fail(new Error('cut')));
	const app = lint(() => respond(200, null, failing), { report: (error) => errors.push(error) });
	await ask(async (request, context) => {
		const { payload } = ours(await app(request, context, context));
		await collect(payload as Source).catch(() => {});
		return respond(204);
	});
	assert.deepEqual(
		errors.map((error) => error.rule),
		[7],
	);
	assert.ok(
		(
			await found(() =>
				respond(
					200,
					null,
					source((sink) => sink.fail('no error' as never)),
				),
			)
		).has(7),
	);
});
