/** A SQLite file for one test, and what an outsider sees in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';

export interface DatabaseFile {
	readonly path: string;
	/** What is committed, by another handle. */
	notes(): string[];
	readonly outsider: DatabaseSync;
}

/** With the table `note`, whose `parent` must be there when a transaction is committed, and not before. */
export function databaseFile(t: TestContext): DatabaseFile {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	const path = join(folder, 'test.db');
	const outsider = new DatabaseSync(path);
	outsider.exec(`PRAGMA journal_mode = WAL;
		CREATE TABLE note (text TEXT PRIMARY KEY, parent TEXT REFERENCES note (text) DEFERRABLE INITIALLY DEFERRED)`);
	t.after(() => {
		if (outsider.isOpen) outsider.close();
		rmSync(folder, { recursive: true });
	});
	const notes = () =>
		outsider
			.prepare('SELECT text FROM note ORDER BY rowid')
			.all()
			.map(({ text }) => String(text));
	return { path, notes, outsider };
}
