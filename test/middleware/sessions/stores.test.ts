/** What every store must do, and what only one does. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { ask } from '../../../src/engine/memory/index.ts';
import { memorySessions, type SessionStore, sqliteSessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import { appOf } from './sessions-apps.ts';

function file(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-sessions-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, 'sessions.db');
}

const stores: Readonly<Record<string, (t: TestContext) => SessionStore>> = {
	memory: () => memorySessions(),
	SQLite: (t) => sqliteSessions(file(t)),
};

for (const [name, make] of Object.entries(stores)) {
	test(`${name} keeps entries, replaces them, and deletes them`, async (t) => {
		const store = make(t);
		t.after(() => store.close?.());
		await store.start?.();
		assert.equal(await store.get('a'), null);
		assert.equal(await store.set('a', 'one', 60_000, true), false);
		assert.equal(await store.get('a'), null);
		assert.equal(await store.set('a', 'one', 60_000, false), true);
		assert.equal(await store.set('a', 'two', 60_000, true), true);
		assert.equal(await store.get('a'), 'two');
		await store.delete('a');
		await store.delete('a');
		assert.equal(await store.get('a'), null);
		assert.equal(await store.set('a', 'three', 60_000, true), false);
	});

	test(`${name} gives back nothing whose time is over`, async (t) => {
		const store = make(t);
		t.after(() => store.close?.());
		await store.set('a', 'one', 1, false);
		const before = Date.now();
		while (Date.now() < before + 3) await new Promise((resolve) => setTimeout(resolve, 2));
		assert.equal(await store.set('a', 'two', 60_000, true), false);
		assert.equal(await store.get('a'), null);
	});
}

test('memory is bounded: the session that was left alone for longest goes first', async () => {
	const store = memorySessions({ limit: 3 });
	for (const key of ['a', 'b', 'c']) await store.set(key, key, 60_000, false);
	await store.get('a');
	await store.set('d', 'd', 60_000, false);
	assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => store.get(key))), ['a', null, 'c', 'd']);
	assert.deepEqual(store.statistics(), { entries: 3, evicted: 1 });
});

test('sessions in SQLite outlive the process that made them, and what is over leaves the file', async (t) => {
	const path = file(t);
	const jar = new CookieJar();
	const first = sqliteSessions(path);
	await jar.ask(appOf({ store: first }), '/set/user/ada');
	await first.set('over', 'x', 1, false);
	await first.close?.();

	const second = sqliteSessions(path);
	assert.equal(await (await jar.ask(appOf({ store: second }), '/get/user')).text(), '"ada"');
	await new Promise((resolve) => setTimeout(resolve, 5));
	await second.set('other', 'x', 60_000, false);
	await second.close?.();
	const database = new DatabaseSync(path);
	t.after(() => database.close());
	assert.equal(database.prepare("SELECT count(*) AS n FROM session WHERE key = 'over'").get()?.['n'], 0);
});

test('a file that another process holds is waited for, and then answered with 503', async (t) => {
	const path = file(t);
	const store = sqliteSessions({ path, busyTimeout: 20 });
	t.after(() => store.close?.());
	await store.start?.();
	const other = new DatabaseSync(path);
	t.after(() => other.close());
	other.exec('BEGIN IMMEDIATE');
	const answer = await ask(appOf({ store }), '/set/a/1');
	assert.equal(answer.status, 503);
	assert.equal(answer.fields.get('retry-after'), '1');
	other.exec('ROLLBACK');
	assert.equal((await ask(appOf({ store }), '/set/a/1')).status, 200);
});

test('a file that cannot be opened is told at the start', () => {
	const told = { message: /^sqliteSessions: path "\/nowhere\/at\/all\.db": ENOENT/, code: 'ENOENT' };
	assert.throws(() => sqliteSessions('/nowhere/at/all.db').start?.(), told);
	assert.throws(() => sqliteSessions('/nowhere/at/all.db').check?.(), told);
	assert.throws(
		() => sqliteSessions(import.meta.filename).check?.(),
		/sqliteSessions: path .*: it is no database of SQLite/,
	);
	assert.throws(() => sqliteSessions(import.meta.dirname).check?.(), /sqliteSessions: path .*: it is no file/);
	const fresh = `${import.meta.filename}.db`;
	void sqliteSessions(fresh).check?.();
	assert.equal(existsSync(fresh), false, 'nothing is made');
});

test('whoever begins many sessions pushes out none that somebody has come back to', async () => {
	const store = memorySessions({ limit: 100 });
	await store.set('somebody', 'kept', 60_000, false);
	assert.equal(await store.get('somebody'), 'kept');
	for (let i = 0; i < 1_000; i++) await store.set(`stranger ${i}`, 'x', 60_000, false);
	assert.equal(await store.get('somebody'), 'kept');
	assert.equal(await store.get('stranger 0'), null);
	assert.deepEqual(store.statistics(), { entries: 100, evicted: 901 });
});
