/** Transactions on a real PostgreSQL: the same rules with each of the libraries. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { fromIterable } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import {
	fromDrizzle,
	fromKysely,
	fromPg,
	fromPostgres,
	type TransactionOptions,
} from '../../src/middleware/transaction/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { type Library, libraries, type MakeLibrary } from './libraries.ts';
import { PostgresCluster, skip } from './postgres-cluster.ts';

let cluster: PostgresCluster;
let outsider: Client;

before(async () => {
	if (skip !== false) return;
	cluster = new PostgresCluster();
	outsider = new Client({ host: cluster.folder, user: cluster.user, database: 'postgres' });
	outsider.on('error', () => {});
	await outsider.connect();
	await outsider.query(`CREATE TABLE note (text TEXT PRIMARY KEY,
		parent TEXT REFERENCES note (text) DEFERRABLE INITIALLY DEFERRED)`);
});

after(async () => {
	if (skip !== false) return;
	await outsider.end();
	cluster.stop();
});

/** What is committed. */
const notes = async (): Promise<string[]> =>
	(await outsider.query('SELECT text FROM note ORDER BY text')).rows.map(({ text }: { text: string }) => text);

async function fresh(t: TestContext, make: MakeLibrary, options?: TransactionOptions): Promise<Library> {
	await outsider.query('DELETE FROM note');
	const library = make(cluster, options);
	t.after(() => library.end());
	return library;
}

const insert = (text: string, parent: string | null = null): string =>
	`INSERT INTO note VALUES ('${text}', ${parent === null ? 'NULL' : `'${parent}'`})`;

/** Writes the path down and answers what it says. */
const noting =
	({ query, broken }: Library): App =>
	async (request, context) => {
		const { target } = raw(request);
		await query(context, insert(target, target === '/orphan' ? 'nobody' : null));
		if (target === '/throw') throw new Error('thrown');
		if (target === '/swallow') await query(context, 'SELECT 1 / 0').catch(() => {});
		if (target === '/killed') {
			const [pid] = await query(context, 'SELECT pg_backend_pid()');
			await outsider.query(`SELECT pg_terminate_backend(${Number(pid)}, 5000)`);
			await until(() => broken() !== 0, 'the library to see it');
		}
		return respond(target === '/bad' ? 422 : 200, null, target);
	};

const returned = (library: Library): Promise<void> =>
	until(() => (library.leased() ?? 0) === 0, 'the connections to come back');

for (const [name, make] of Object.entries(libraries)) {
	const quick = { skip, timeout: 60_000 };

	test(`${name}: what was answered well is kept, and nothing else`, quick, async (t) => {
		const library = await fresh(t, make);
		const app = library.layer(noting(library));
		for (const [target, status] of [
			['/ok', 200],
			['/bad', 422],
			['/throw', 500],
			['/orphan', 500],
			['/swallow', 500],
			['/killed', 500],
			['/ok', 500],
			['/ok2', 200],
		] as const) {
			assert.equal((await ask(app, { method: 'POST', target })).status, status, target);
			await returned(library);
		}
		assert.deepEqual(await notes(), ['/ok', '/ok2']);
		assert.equal(
			(
				await ask(
					library.layer(() => respond(200)),
					'/static',
				)
			).status,
			200,
		);
		assert.equal(library.layer.statistics().begun, 8);
	});

	test(`${name}: many at once share few connections, and all come back`, quick, async (t) => {
		const library = await fresh(t, make);
		const app = library.layer(noting(library));
		const targets = Array.from({ length: 40 }, (_, i) => `/${i}`);
		const answers = await Promise.all(targets.map((target) => ask(app, { method: 'POST', target })));
		assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
		assert.deepEqual(new Set(await notes()), new Set(targets));
		await returned(library);
	});

	test(`${name}: a client that vanishes before the head leaves nothing behind`, quick, async (t) => {
		const library = await fresh(t, make);
		const [asked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
		const app: App = async (request, context) => {
			const response = await noting(library)(request, context);
			asked.resolve();
			await goOn.promise;
			return response;
		};
		const listener = await listen(t, library.layer(app));
		const client = await connect(t, portOf(listener));
		client.send('POST /gone HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n');
		await asked.promise;
		client.reset();
		await until(() => listener.statistics().connections === 0, 'the connection to end');
		goOn.resolve();
		await until(() => library.layer.statistics().rolledBack === 1, 'the rollback');
		await returned(library);
		assert.deepEqual(await notes(), []);
	});

	test(`${name}, after-body: kept at the end of the body, cut when the commit fails`, quick, async (t) => {
		const library = await fresh(t, make, { commit: 'after-body' });
		const app: App = (request, context) => {
			const { target } = raw(request);
			const body = async function* () {
				await library.query(context, insert(target, target === '/orphan' ? 'nobody' : null));
				for (const text of await library.query(context, 'SELECT text FROM note')) yield `${String(text)}\n`;
			};
			return respond(200, null, fromIterable(body()));
		};
		const port = portOf(await listen(t, library.layer(app), { log: () => {} }));
		const failing = await connect(t, port);
		failing.send('POST /orphan HTTP/1.1\r\nHost: h\r\n\r\n');
		await failing.read('/orphan\n');
		await failing.closed();
		assert.ok(!failing.received.endsWith('0\r\n\r\n'), 'it must not look complete');
		const good = await connect(t, port);
		good.send('POST /good HTTP/1.1\r\nHost: h\r\n\r\n');
		assert.equal((await good.message()).body, '/good\n');
		assert.deepEqual(await notes(), ['/good']);
		await returned(library);
	});
}

test('pg: isolation and read-only requests are as they were set', { skip, timeout: 60_000 }, async (t) => {
	const { Pool } = await import('pg');
	const { transaction } = await import('../../src/middleware/transaction/index.ts');
	const pool = new Pool({ host: cluster.folder, user: cluster.user, database: 'postgres', max: 1 });
	t.after(() => pool.end());
	const layer = transaction(fromPg(pool, { isolation: 'serializable', readOnly: ({ method }) => method === 'GET' }));
	const app = layer(async (_, context) => {
		const { rows } = await (await layer.of(context)).query('SELECT current_setting($1) || current_setting($2) AS s', [
			'transaction_isolation',
			'transaction_read_only',
		]);
		return respond(200, null, (rows[0] as { s: string }).s);
	});
	assert.equal(await (await ask(app, '/')).text(), 'serializableon');
	assert.equal(await (await ask(app, { method: 'POST', target: '/' })).text(), 'serializableoff');
});

test('what is no library, and options that are none, are refused by name', () => {
	const loose = (adapter: unknown) => adapter as (db: unknown, options?: unknown) => unknown;
	assert.throws(() => loose(fromPg)({}), /fromPg: pool is no Pool of pg/);
	const pool = { connect() {}, on() {} };
	assert.throws(() => loose(fromPg)(pool, { isolation: 'none' }), /fromPg: isolation is "none", not read committed or/);
	assert.throws(() => loose(fromPg)(pool, { readOnly: true }), /fromPg: readOnly is boolean/);
	assert.throws(() => loose(fromPg)(pool, { level: 1 }), /fromPg: level: no such option/);
	assert.throws(() => loose(fromPostgres)(undefined), /fromPostgres: sql/);
	assert.throws(() => loose(fromKysely)({}), /fromKysely: db/);
	assert.throws(() => loose(fromDrizzle)({}), /fromDrizzle: db/);
	assert.throws(() => loose(fromDrizzle)({ transaction() {}, resultKind: 'sync' }), /synchronous driver/);
});
