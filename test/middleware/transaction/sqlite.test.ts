/** Transactions on real SQLite files, over real sockets where a client has to leave. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, lint, raw, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import {
	type SqliteOptions,
	sqlite,
	type Transaction,
	type TransactionOptions,
	transaction,
} from '../../../src/middleware/transaction/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { type DatabaseFile, databaseFile } from './database-file.ts';

interface Set {
	readonly file: DatabaseFile;
	readonly database: Transaction<DatabaseSync>;
	leased(): number;
	waiting(): number;
}

function set(t: TestContext, options: Partial<SqliteOptions> = {}, rules: TransactionOptions = {}): Set {
	const file = databaseFile(t);
	const database = transaction(sqlite({ path: file.path, ...options }), rules);
	t.after(() => database.close());
	const pool = () => database.statistics().pool as { leased: number; waiting: number };
	return { file, database, leased: () => pool().leased, waiting: () => pool().waiting };
}

const post = (target: string): MemoryRequest => ({ method: 'POST', target });

/** Writes the path down and answers what it says: /bad 422, /throw an error, /orphan what cannot be committed. */
const noting =
	(database: Transaction<DatabaseSync>): App =>
	async (request, context) => {
		const { target } = raw(request);
		const db = await database.of(context);
		db.prepare('INSERT INTO note VALUES (?, ?)').run(target, target === '/orphan' ? 'nobody' : null);
		if (target === '/throw') throw new Error('thrown');
		return respond(target === '/bad' ? 422 : 200, null, target);
	};

test('what was answered well is kept, and nothing else; the handle is back each time', async (t) => {
	const { file, database, leased } = set(t, { handles: 1 });
	const app = database(noting(database));
	for (const [target, status] of [
		['/ok', 200],
		['/bad', 422],
		['/throw', 500],
		['/orphan', 500],
		['/ok', 500],
		['/ok2', 200],
	] as const) {
		assert.equal((await ask(app, post(target))).status, status, target);
		assert.equal(leased(), 0);
	}
	assert.deepEqual(file.notes(), ['/ok', '/ok2']);
	assert.equal((database.statistics().pool as { handles: number }).handles, 1);
});

test('many at once: writers take turns, readers do not wait for them, none sees what is not committed', async (t) => {
	const { file, database, leased } = set(t, { handles: 3 });
	const app = database(async (request, context) => {
		const db = await database.of(context);
		const count = () => Number(db.prepare('SELECT count(*) AS n FROM note').get()?.['n']);
		const before = count();
		if (request.method === 'POST') db.prepare('INSERT INTO note VALUES (?, NULL)').run(raw(request).target);
		await new Promise((resolve) => setImmediate(resolve));
		assert.equal(count() - before, request.method === 'POST' ? 1 : 0);
		return respond(200);
	});
	const requests = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? `/read${i}` : post(`/${i}`)));
	const answers = await Promise.all(requests.map((request) => ask(app, request)));
	assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
	assert.equal(file.notes().length, 40);
	assert.equal(leased(), 0);
});

test('a transaction that reads only cannot write, unless it is told otherwise', async (t) => {
	const { file, database } = set(t);
	const refused = await ask(database(noting(database)), '/get');
	assert.equal(refused.status, 500);
	assert.match(String(refused.error), /readonly/);
	const own = transaction(sqlite({ path: file.path, readOnly: () => false }));
	t.after(() => own.close());
	assert.equal((await ask(own(noting(own)), '/get')).status, 200);
	assert.deepEqual(file.notes(), ['/get']);
});

/** An app that holds its transaction until it is let go. */
function holding(database: Transaction<DatabaseSync>) {
	const goOn = Promise.withResolvers<void>();
	const app: App = async (request, context) => {
		const db = await database.of(context);
		if (request.method === 'POST') db.prepare('INSERT INTO note VALUES (?, NULL)').run(raw(request).target);
		await goOn.promise;
		return respond(200);
	};
	return { app: database(app), goOn };
}

test('who waits too long gets 503 with Retry-After, and whom the line has no room for, at once', async (t) => {
	const { database, leased, waiting } = set(t, { handles: 1, queue: 1, wait: 60 });
	const { app, goOn } = holding(database);
	const first = ask(app, '/1');
	await until(() => leased() === 1, 'the first lease');
	const second = ask(app, '/2');
	await until(() => waiting() === 1, 'the second in line');
	const third = await ask(app, '/3');
	assert.equal(third.status, 503);
	assert.equal(third.fields.get('retry-after'), '1');
	assert.equal((await second).status, 503);
	assert.equal(waiting(), 0);
	goOn.resolve();
	assert.equal((await first).status, 200);
	assert.equal((await ask(app, '/4')).status, 200);
	assert.equal(leased(), 0);
});

test('a client that leaves the line takes no handle', async (t) => {
	const { database, leased, waiting } = set(t, { handles: 1 });
	const { app, goOn } = holding(database);
	const first = ask(app, post('/1'));
	await until(() => leased() === 1, 'the first lease');
	const second = exchange(app, post('/2'));
	const dropped = assert.rejects(second.answer);
	await until(() => waiting() === 1, 'the second in line');
	second.abort();
	await until(() => waiting() === 0, 'the second to leave');
	goOn.resolve();
	assert.equal((await first).status, 200);
	await dropped;
	assert.equal(leased(), 0);
});

test('another process that writes is waited for while everything else goes on, and not for ever', async (t) => {
	const { file, database, leased } = set(t, { busyTimeout: 6_000 });
	file.outsider.exec('BEGIN IMMEDIATE');
	let settled = false;
	const writing = ask(database(noting(database)), post('/late')).finally(() => {
		settled = true;
	});
	await until(() => leased() === 1, 'the lease');
	// Reading goes on meanwhile, and so does the loop that this test runs in.
	assert.equal(
		(await ask(database(async (_, context) => respond((await database.of(context)) ? 200 : 500)))).status,
		200,
	);
	assert.equal(settled, false);
	file.outsider.exec('COMMIT');
	assert.equal((await writing).status, 200);
	const impatient = transaction(sqlite({ path: file.path, busyTimeout: 20 }));
	t.after(() => impatient.close());
	file.outsider.exec('BEGIN IMMEDIATE');
	const refused = await ask(impatient(noting(impatient)), post('/never'));
	assert.equal(refused.status, 503);
	file.outsider.exec('ROLLBACK');
	assert.equal((await ask(impatient(noting(impatient)), post('/then'))).status, 200);
	assert.deepEqual(file.notes(), ['/late', '/then']);
});

test('over a socket: a client that vanishes before the head leaves nothing behind', async (t) => {
	const { file, database, leased } = set(t, { handles: 1 });
	const { app, goOn } = holding(database);
	const listener = await listen(t, app);
	const client = await connect(t, portOf(listener));
	client.send('POST /gone HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n');
	await until(() => leased() === 1, 'the lease');
	client.reset();
	await until(() => listener.statistics().connections === 0, 'the connection to end');
	goOn.resolve();
	await until(() => leased() === 0, 'the handle to come back');
	assert.deepEqual(file.notes(), []);
	assert.equal(database.statistics().rolledBack, 1);
});

/** A row for each piece of a body, read as it goes out. */
const streaming =
	(database: Transaction<DatabaseSync>, parent: string | null): App =>
	(request, context) => {
		const pieces = raw(request).target === '/endless' ? Number.POSITIVE_INFINITY : 64;
		const body = async function* () {
			const db = await database.of(context);
			db.prepare('INSERT INTO note VALUES (?, ?)').run('/body', parent);
			for (const { text } of db.prepare('SELECT text FROM note').iterate()) yield `${String(text)}\n`;
			for (let i = 0; i < pieces; i++) yield Buffer.alloc(16_384, 'x');
		};
		return respond(200, null, fromIterable(body()));
	};

test('over a socket, after-body: kept at the end, cut when the commit fails, undone when the client leaves', async (t) => {
	const { file, database, leased } = set(t, { handles: 1 }, { commit: 'after-body' });
	const request = 'POST / HTTP/1.1\r\nHost: h\r\n\r\n';
	const failing = await connect(t, portOf(await listen(t, database(streaming(database, 'nobody')), { log: () => {} })));
	failing.send(request);
	await failing.read('/body\n');
	await failing.closed();
	assert.ok(!failing.received.endsWith('0\r\n\r\n'), 'it must not look complete');
	await until(() => leased() === 0, 'the handle to come back');
	const port = portOf(await listen(t, lint(database(lint(streaming(database, null))))));
	const leaving = await connect(t, port);
	leaving.send(request.replace('/', '/endless'));
	await leaving.read('/body\n');
	leaving.pause().reset();
	await until(() => leased() === 0, 'the handle to come back');
	assert.equal(database.statistics().rolledBack, 1);
	const staying = await connect(t, port);
	staying.send(request);
	assert.ok((await staying.message()).body.startsWith('/body\n'));
	assert.equal(leased(), 0);
	assert.equal(database.statistics().failed, 1);
	assert.deepEqual(file.notes(), ['/body']);
});

test('what the app leaves in ruins does not come back to the pool', async (t) => {
	const { file, database, leased } = set(t, { handles: 1 });
	const ruin = database(async (_, context) => {
		(await database.of(context)).close();
		return respond(200);
	});
	assert.equal((await ask(ruin, post('/'))).status, 500);
	const early = database(async (_, context) => {
		(await database.of(context)).exec('ROLLBACK');
		return respond(200);
	});
	assert.equal((await ask(early, post('/'))).status, 500);
	assert.equal(leased(), 0);
	assert.equal((await ask(database(noting(database)), post('/ok'))).status, 200);
	assert.deepEqual(file.notes(), ['/ok']);
});

const behaviour = fc.record({
	ends: fc.constantFrom('well', '422', 'throw', 'orphan', 'nothing', 'leaves', 'closes', 'never asks'),
	reads: fc.boolean(),
	turns: fc.nat(3),
});

test('whatever requests do at once, each handle comes back once, and what is kept is what was answered well', async (t) => {
	await fc.assert(
		fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 12 }), async (behaviours) => {
			const { file, database, leased, waiting } = set(t, { handles: 2 });
			const run = async ({ ends, reads, turns }: (typeof behaviours)[number], index: number) => {
				const text = `/${index}`;
				const one = exchange(
					database(async (_, context) => {
						if (ends === 'never asks') return respond(200);
						const db = await database.of(context);
						if (!reads) db.prepare('INSERT INTO note VALUES (?, ?)').run(text, ends === 'orphan' ? 'nobody' : null);
						for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
						if (ends === 'throw') throw new Error('thrown');
						if (ends === 'closes') db.close();
						if (ends === 'nothing') return undefined as unknown as Response;
						return respond(ends === '422' ? 422 : 200);
					}),
					{ method: reads ? 'GET' : 'POST', target: text },
				);
				if (ends === 'leaves') setImmediate(() => one.abort());
				const status = await one.answer.then(
					(answer) => answer.status,
					() => null,
				);
				return { text, status, wrote: !reads && ends !== 'never asks' };
			};
			const results = await Promise.all(behaviours.map(run));
			await until(() => leased() === 0 && waiting() === 0, 'all handles to come back');
			const kept = file.notes();
			for (const { text, status, wrote } of results) {
				// Of those that left nobody can say more than that they are kept whole or not at all.
				if (status !== null) assert.equal(kept.includes(text), wrote && status === 200, text);
			}
			assert.equal((await ask(database(noting(database)), post('/after'))).status, 200);
			await database.close();
			assert.deepEqual(database.statistics().pool, { handles: 0, leased: 0, waiting: 0 });
		}),
		{ numRuns: 60 },
	);
});

test('start opens the file, close ends the waiting and refuses what comes later', async (t) => {
	const { file, database, leased, waiting } = set(t, { handles: 1 });
	await database.start();
	const { app, goOn } = holding(database);
	const first = ask(app, '/1');
	await until(() => leased() === 1, 'the lease');
	const second = ask(app, '/2');
	await until(() => waiting() === 1, 'the second in line');
	await database.close();
	assert.equal((await second).status, 503);
	goOn.resolve();
	assert.equal((await first).status, 200);
	assert.equal((await ask(app, '/3')).status, 503);
	assert.deepEqual(database.statistics().pool, { handles: 0, leased: 0, waiting: 0 });
	const broken = `${file.path}.txt`;
	writeFileSync(broken, 'no database at all, '.repeat(100));
	await assert.rejects(transaction(sqlite(broken)).start(), /not a database/);
});

test('options that are none are refused by name, before anything is opened', (t) => {
	const { path } = databaseFile(t);
	const loose = sqlite as (options: unknown) => unknown;
	for (const [options, reason] of [
		[undefined, /^sqlite: give it the path/],
		['', /path is no path/],
		['/nowhere/at/all/app.db', /there is no folder \/nowhere\/at\/all/],
		['/', /is no file/],
		[':memory:', /set handles to 1/],
		[{ path, handles: 0 }, /handles is 0, not a whole number from 1 up/],
		[{ path, wait: Number.POSITIVE_INFINITY }, /wait is Infinity/],
		[{ path, busyTimeout: '5s' }, /busyTimeout is 5s/],
		[{ path, readOnly: true }, /readOnly is boolean, not a function/],
		[{ path, pool: 3 }, /pool: no such option; there are path, handles/],
	] as const) {
		assert.throws(
			() => loose(options),
			(error: Error) => error instanceof TypeError && reason.test(error.message),
		);
	}
	loose({ path: ':memory:', handles: 1 });
});
