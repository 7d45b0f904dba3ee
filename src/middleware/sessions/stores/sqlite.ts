/** Sessions in a file of SQLite, by `node:sqlite`: they outlive the process, and processes of one machine share them. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HttpError } from '../../../convention/index.ts';
import { checkNames, checkObject } from '../../../names/index.ts';
import { checkSqliteFile } from '../../sqlite-file.ts';
import type { SessionStore } from '../session-store.ts';

export interface SqliteSessionsOptions {
	/** The file; its folder must be there. */
	readonly path: string;
	/** Its table, made where it is missing. Default: `session`. */
	readonly table?: string;
	/** Milliseconds that a request waits while another process writes; then 503. Default: 5000. */
	readonly busyTimeout?: number;
}

/** A store in SQLite: `sqliteSessions('sessions.db')`. Throws TypeError or RangeError with the option's name and the reason; opens nothing before `start` or the first use. */
export function sqliteSessions(options: string | SqliteSessionsOptions): SessionStore {
	const given = typeof options === 'string' ? { path: options } : options;
	checkObject('sqliteSessions', given, "{ path: 'sessions.db' }");
	checkNames('sqliteSessions: ', given, ['path', 'table', 'busyTimeout']);
	const { path, table = 'session', busyTimeout = 5000 } = given;
	if (typeof path !== 'string' || path === '') throw new TypeError('sqliteSessions: path must be the path of a file');
	if (typeof table !== 'string' || !/^[a-z_]\w{0,62}$/i.test(table))
		throw new TypeError('sqliteSessions: table must be a name of letters, digits and _');
	if (!Number.isInteger(busyTimeout) || busyTimeout < 0)
		throw new RangeError(`sqliteSessions: busyTimeout must be whole milliseconds, not ${String(busyTimeout)}`);
	return new SqliteStore(path, table, busyTimeout);
}

/** SQLite's code for a lock that somebody else holds; the higher bits tell which. */
const BUSY = 5;
/** Milliseconds from one removal of what is over to the next. */
const SWEEP = 60_000;

interface Statements {
	readonly get: StatementSync;
	readonly insert: StatementSync;
	readonly update: StatementSync;
	readonly delete: StatementSync;
	readonly sweep: StatementSync;
}

class SqliteStore implements SessionStore {
	private readonly path: string;
	private readonly table: string;
	private readonly busyTimeout: number;
	private database: DatabaseSync | null = null;
	private statements: Statements | null = null;
	private swept = 0;

	constructor(path: string, table: string, busyTimeout: number) {
		this.path = path;
		this.table = table;
		this.busyTimeout = busyTimeout;
	}

	check(): void {
		checkSqliteFile('sqliteSessions: path', this.path);
	}

	start(): void {
		this.check();
		this.open();
	}

	get(key: string): string | null {
		const row = this.open().get.get(key, Date.now());
		return typeof row?.['entry'] === 'string' ? row['entry'] : null;
	}

	async set(key: string, entry: string, milliseconds: number, existing: boolean): Promise<boolean> {
		const statements = this.open();
		const now = Date.now();
		await this.patiently(() => {
			if (now - this.swept < SWEEP) return;
			statements.sweep.run(now);
			this.swept = now;
		});
		const ends = now + Math.ceil(milliseconds);
		return this.patiently(() => {
			if (!existing) return statements.insert.run(key, entry, ends).changes === 1;
			return statements.update.run(entry, ends, key, now).changes === 1;
		});
	}

	delete(key: string): Promise<void> {
		const statements = this.open();
		return this.patiently(() => void statements.delete.run(key));
	}

	close(): void {
		this.database?.close();
		this.database = null;
		this.statements = null;
	}

	/** A lock that another process holds is asked for again, with pauses in which everything else goes on. */
	private async patiently<T>(work: () => T): Promise<T> {
		const deadline = performance.now() + this.busyTimeout;
		for (let pause = 1; ; pause = Math.min(50, pause * 2)) {
			try {
				return work();
			} catch (error) {
				if (!isBusy(error)) throw error;
				if (performance.now() >= deadline) {
					const message = 'Another process is writing to the sessions';
					throw new HttpError(503, { message, cause: error, fields: { 'retry-after': '1' } });
				}
			}
			await new Promise((resolve) => setTimeout(resolve, pause));
		}
	}

	private open(): Statements {
		this.statements ??= this.prepare();
		return this.statements;
	}

	private prepare(): Statements {
		// Loaded when it is used: it is not there in every build, and costs something to load.
		const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
		const { table } = this;
		const database = new DatabaseSync(this.path, { timeout: 50 });
		try {
			database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
			database.exec(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, entry TEXT NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;
				CREATE INDEX IF NOT EXISTS ${table}_ends ON ${table} (ends)`);
			database.exec('PRAGMA busy_timeout = 0');
			this.database = database;
			return {
				get: database.prepare(`SELECT entry FROM ${table} WHERE key = ? AND ends > ?`),
				insert: database.prepare(`INSERT OR REPLACE INTO ${table} (key, entry, ends) VALUES (?, ?, ?)`),
				update: database.prepare(`UPDATE ${table} SET entry = ?, ends = ? WHERE key = ? AND ends > ?`),
				delete: database.prepare(`DELETE FROM ${table} WHERE key = ?`),
				sweep: database.prepare(`DELETE FROM ${table} WHERE ends <= ?`),
			};
		} catch (error) {
			database.close();
			throw error;
		}
	}
}

function isBusy(error: unknown): boolean {
	return (
		error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY
	);
}
