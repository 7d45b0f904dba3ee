/** When a transaction is begun, committed and rolled back: with a database that only keeps a diary. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectText, fromIterable, type Source } from '../../../src/bytes/index.ts';
import { type App, HttpError, OutgoingResponse, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import {
	type Begin,
	type Transaction,
	TransactionError,
	type TransactionOptions,
	type Transactor,
	transaction,
} from '../../../src/middleware/transaction/index.ts';
import { until } from '../../support/until.ts';

interface Diary extends Transactor<number> {
	readonly lines: string[];
	refuse: 'begin' | 'commit' | 'rollback' | null;
}

function diary(): Diary {
	const lines: string[] = [];
	let number = 0;
	const note = (what: 'begin' | 'commit' | 'rollback', tx: number): void => {
		lines.push(`${what} ${tx}`);
		if (made.refuse === what) throw new Error(`no ${what}`);
	};
	const made: Diary = {
		lines,
		refuse: null,
		begin: async () => {
			note('begin', ++number);
			return number;
		},
		commit: async (tx) => note('commit', tx),
		rollback: async (tx) => note('rollback', tx),
	};
	return made;
}

/** An app that asks for the transaction and answers. */
const answering =
	(database: Transaction<number>, status: number, body: string | Source = 'done'): App =>
	async (_, context) =>
		respond(status, null, `${await database.of(context)}` && body);

function made(options?: TransactionOptions): { readonly log: Diary; readonly database: Transaction<number> } {
	const log = diary();
	return { log, database: transaction(log, options) };
}

test('a route that never asks begins nothing, and stays synchronous', async () => {
	const { log, database } = made();
	let direct: unknown;
	const layered = database(() => respond(200, null, 'static'));
	await ask((request, context) => {
		const response = layered(request, context);
		direct = response;
		return response;
	});
	assert.ok(direct instanceof OutgoingResponse);
	assert.deepEqual(log.lines, []);
});

test('it is committed before the head, once, however often it is asked for', async () => {
	const { log, database } = made();
	const answer = await ask(
		database(async (_, context) => {
			const [one, two] = await Promise.all([database.of(context), database.of(context)]);
			return respond(200, null, `${one} ${two} ${log.lines.length}`);
		}),
	);
	assert.deepEqual(log.lines, ['begin 1', 'commit 1']);
	assert.equal(await answer.text(), '1 1 1');
	assert.deepEqual(database.statistics(), { begun: 1, committed: 1, rolledBack: 0, failed: 0 });
});

test('400 and up roll back and are answered all the same; another rule can be given', async () => {
	const { log, database } = made();
	assert.equal((await ask(database(answering(database, 422)))).status, 422);
	assert.equal((await ask(database(answering(database, 302)))).status, 302);
	assert.deepEqual(log.lines, ['begin 1', 'rollback 1', 'begin 2', 'commit 2']);
	const own = made({ rollbackOn: ({ fields }) => fields.has('x-undo') });
	await ask(own.database(answering(own.database, 422)));
	await ask(own.database(async (_, context) => respond(200, { 'x-undo': '1' }, `${await own.database.of(context)}`)));
	assert.deepEqual(own.log.lines, ['begin 1', 'commit 1', 'begin 2', 'rollback 2']);
});

test('an error rolls back before it goes on, and stays the same error', async () => {
	const { log, database } = made();
	const error = new HttpError(409);
	const answer = await ask(
		database(async (_, context) => {
			await database.of(context);
			throw error;
		}),
	);
	assert.equal(answer.status, 409);
	assert.equal(answer.error, error);
	const thrown = await ask(
		database((_, context) => {
			void database.of(context);
			throw error;
		}),
	);
	assert.equal(thrown.error, error);
	assert.deepEqual(log.lines, ['begin 1', 'rollback 1', 'begin 2', 'rollback 2']);
});

test('a commit that fails is a 500; the body that was meant is given up', async () => {
	const { log, database } = made();
	log.refuse = 'commit';
	let cancelled = false;
	const body: Source = { length: null, start() {}, resume() {}, cancel: () => void (cancelled = true) };
	const answer = await ask(database(answering(database, 200, body)));
	assert.equal(answer.status, 500);
	assert.ok(answer.error instanceof TransactionError);
	assert.equal(answer.error.code, 'COMMIT_FAILED');
	assert.match(String(answer.error.cause), /no commit/);
	assert.ok(cancelled);
	assert.deepEqual(log.lines, ['begin 1', 'commit 1', 'rollback 1']);
});

test('a rollback that fails is logged, and what was answered stands', async () => {
	const { log, database } = made();
	log.refuse = 'rollback';
	const one = exchange(database(answering(database, 404)));
	assert.equal((await one.answer).status, 404);
	await until(() => one.context.failures.length === 1, 'the failure to be told');
	assert.equal((one.context.failures[0] as TransactionError).code, 'ROLLBACK_FAILED');
	assert.equal(database.statistics().failed, 1);
});

test('a transaction that cannot begin is told to whoever asks, and nothing is ended', async () => {
	const { log, database } = made();
	log.refuse = 'begin';
	const answer = await ask(database(answering(database, 200)));
	assert.equal(answer.status, 500);
	assert.match(String(answer.error), /no begin/);
	assert.deepEqual(log.lines, ['begin 1']);
});

test('a client that has gone before the head rolls back', async () => {
	const { log, database } = made();
	const asked = Promise.withResolvers<void>();
	const goOn = Promise.withResolvers<void>();
	const one = exchange(
		database(async (_, context) => {
			await database.of(context);
			asked.resolve();
			await goOn.promise;
			return respond(200, null, 'too late');
		}),
	);
	const dropped = assert.rejects(one.answer);
	await asked.promise;
	one.abort();
	goOn.resolve();
	await dropped;
	await until(() => log.lines.length === 2, 'the end of the transaction');
	assert.deepEqual(log.lines, ['begin 1', 'rollback 1']);
});

test('inside of itself it joins; a second try after its end is a transaction of its own', async () => {
	const { log, database } = made();
	await ask(database(database(answering(database, 200))));
	assert.deepEqual(log.lines, ['begin 1', 'commit 1']);
	const inner = database(answering(database, 500));
	await ask(async (request, context) => {
		await inner(request, context);
		return inner(request, context);
	});
	assert.deepEqual(log.lines.slice(2), ['begin 2', 'rollback 2', 'begin 3', 'rollback 3']);
});

test('outside of a request that passed, and after the end, there is no transaction', async () => {
	const { database } = made();
	const outside = await ask(async (_, context) => respond(200, null, `${await database.of(context)}`));
	assert.equal((outside.error as TransactionError).code, 'NO_TRANSACTION');
	let late: Promise<number> | null = null;
	const app: App = (_, context) => {
		const body = async function* () {
			late = database.of(context);
			yield `${await late}`;
		};
		return respond(200, null, fromIterable(body()));
	};
	await assert.rejects((await ask(database(app))).text());
	await assert.rejects(late ?? Promise.resolve(), { code: 'TRANSACTION_OVER' });
});

/** A body that begins the transaction when it is read. */
const streaming =
	(database: Transaction<number>, log: Diary, fields: Record<string, string> = {}): App =>
	(_, context) => {
		const body = async function* () {
			yield `${await database.of(context)}`;
			log.lines.push('last');
			yield 'end';
		};
		return respond(200, fields, fromIterable(body()));
	};

test('after-body: the commit comes between the last byte and the end', async () => {
	const { log, database } = made({ commit: 'after-body' });
	assert.equal(await (await ask(database(streaming(database, log)))).text(), '1end');
	assert.deepEqual(log.lines, ['begin 1', 'last', 'commit 1']);
	await ask(database(answering(database, 200)));
	assert.deepEqual(log.lines.slice(3), ['begin 2', 'commit 2']);
});

test('after-body: a commit that fails cuts the body short, its length declared or not', async () => {
	for (const fields of [{}, { 'content-length': '4' }]) {
		const { log, database } = made({ commit: 'after-body' });
		log.refuse = 'commit';
		const answer = await ask(database(streaming(database, log, fields as Record<string, string>)));
		let got = '';
		await assert.rejects(
			async () => {
				for await (const chunk of answer.chunks()) got += Buffer.from(chunk).toString();
			},
			(error: Error) => /could not be committed/.test(`${error.message} ${String(error.cause)}`),
		);
		assert.equal(got, 'content-length' in fields ? '1en' : '1end');
		assert.deepEqual(log.lines, ['begin 1', 'last', 'commit 1', 'rollback 1']);
	}
});

test('after-body: a body that fails, or that nobody reads on, rolls back', async () => {
	const { log, database } = made({ commit: 'after-body' });
	const failing: App = (_, context) =>
		respond(
			200,
			null,
			fromIterable(
				(async function* () {
					yield `${await database.of(context)}`;
					throw new Error('half way');
				})(),
			),
		);
	await assert.rejects((await ask(database(failing))).text());
	await until(() => log.lines.length === 2, 'the rollback');
	const answer = await ask(database(streaming(database, log)));
	for await (const _ of answer.chunks()) break;
	await until(() => log.lines.at(-1) === 'rollback 2', 'the second rollback');
	assert.ok(!log.lines.includes('commit 2'));
});

test('after-body: 400 and up roll back at the end of the body, and HEAD is settled before the head', async () => {
	const { log, database } = made({ commit: 'after-body', rollbackOn: () => true });
	assert.equal(await (await ask(database(streaming(database, log)))).text(), '1end');
	assert.deepEqual(log.lines, ['begin 1', 'last', 'rollback 1']);
	const head = made({ commit: 'after-body' });
	const app: App = async (_, context) => respond(200, null, fromIterable([`${await head.database.of(context)}`]));
	await ask(head.database(app), { method: 'HEAD', target: '/' });
	assert.deepEqual(head.log.lines, ['begin 1', 'commit 1']);
});

test('after-body: pauses are kept, and the held byte waits for them', async () => {
	const { log, database } = made({ commit: 'after-body' });
	// Ends while its sink has asked for a pause, as a connection that has read all does.
	const hasty: Source = {
		length: 3,
		start(sink) {
			sink.write(Buffer.from('abc'));
			sink.end();
		},
		resume() {},
		cancel() {},
	};
	const layered = database(answering(database, 200, hasty));
	await ask(async (request, context) => {
		const { payload } = (await layered(request, context)) as unknown as { payload: Source };
		const got: string[] = [];
		const over = Promise.withResolvers<void>();
		payload.start({
			write(chunk) {
				got.push(Buffer.from(chunk).toString());
				return false;
			},
			end: () => over.resolve(),
			fail: over.reject,
		});
		await until(() => database.statistics().committed === 1, 'the commit');
		assert.deepEqual(got, ['ab']);
		payload.resume();
		await over.promise;
		assert.deepEqual(got, ['ab', 'c']);
		return respond(204);
	});
	assert.deepEqual(log.lines, ['begin 1', 'commit 1']);
});

test('a library that runs work in a transaction is held open until the answer is known', async () => {
	const lines: string[] = [];
	const begin: Begin<string> = async (work) => {
		lines.push('begin');
		try {
			const result = await work('tx');
			lines.push('commit');
			return result;
		} catch (error) {
			lines.push('rollback');
			throw error;
		}
	};
	const database = transaction(begin);
	const app =
		(status: number): App =>
		async (_, context) =>
			respond(status, null, await database.of(context));
	assert.equal(await (await ask(database(app(200)))).text(), 'tx');
	assert.equal((await ask(database(app(400)))).status, 400);
	assert.deepEqual(lines, ['begin', 'commit', 'begin', 'rollback']);
	const broken = transaction<string>(async () => {
		throw new Error('no connection');
	});
	const refused = await ask(broken(async (_, context) => respond(200, null, await broken.of(context))));
	assert.match(String(refused.error), /no connection/);
	const empty = transaction<string>((async () => undefined) as unknown as Begin<string>);
	const silent = await ask(empty(async (_, context) => respond(200, null, await empty.of(context))));
	assert.match(String(silent.error), /without calling its work/);
});

test('what is no transactor, and options that are none, are refused by name', () => {
	const loose = transaction as (begin: unknown, options?: unknown) => unknown;
	assert.throws(() => loose(null), /begin is null/);
	assert.throws(() => loose({ begin() {}, commit() {} }), /begin\.rollback is no function/);
	assert.throws(() => loose(diary(), { commit: 'later' }), /commit is "later", not before-head or after-body/);
	assert.throws(() => loose(diary(), { rollbackOn: 500 }), /rollbackOn is number/);
	assert.throws(() => loose(diary(), { veto: () => true }), /veto: no such option/);
});

test('the source of a body is started once', async () => {
	const { log, database } = made({ commit: 'after-body' });
	const layered = database(streaming(database, log));
	await ask(async (request, context) => {
		const { payload } = (await layered(request, context)) as unknown as { payload: Source };
		const text = collectText(payload);
		assert.throws(() => payload.start({ write: () => true, end() {}, fail() {} }), TypeError);
		assert.equal(await text, '1end');
		return respond(204);
	});
	assert.deepEqual(log.lines, ['begin 1', 'last', 'commit 1']);
});
