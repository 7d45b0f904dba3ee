/**
 * A pool of SQLite handles. One handle is one transaction: each request leases one, and it comes back exactly once. In this
 * process one transaction writes at a time and the others wait in line, since a handle that waits for a lock would stop
 * the whole process, and with it the one that holds the lock. Readers do not wait for writers (WAL). A lock that another
 * process holds is asked for again and again, with pauses in which everything else goes on.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Disconnected, HttpError } from '../../../convention/index.ts';
import type { Occasion, Transactor } from '../transactor.ts';
import { type SqliteOptions, type SqliteSettings, sqliteSettings } from './sqlite-options.ts';
import { Turns } from './turns.ts';

export interface SqlitePoolStatistics {
	/** Handles that are open, leased ones included. */
	readonly handles: number;
	readonly leased: number;
	/** Requests that wait for a handle or for their turn to write. */
	readonly waiting: number;
}

export interface SqlitePool extends Transactor<DatabaseSync> {
	/** Opens the first handle: a file that is no database is told then, not by the first request. */
	start(): void;
	/** Closes all handles; leased ones when they come back. */
	close(): void;
	statistics(): SqlitePoolStatistics;
}

/**
 * Transactions on a SQLite file, by `node:sqlite`: `transaction(sqlite('app.db'))`. Throws TypeError with the option's name
 * and the reason; opens nothing before the first transaction or `start`.
 */
export function sqlite(options: string | SqliteOptions): SqlitePool {
	return new Handles(sqliteSettings(options));
}

/** SQLite's code for a lock that somebody else holds; the higher bits tell which. */
const BUSY = 5;
/** Milliseconds that a single call may stand still for a lock: only what cannot be waited for otherwise. */
const STANDSTILL = 50;

class Handles implements SqlitePool {
	private readonly settings: SqliteSettings;
	private readonly leases: Turns;
	/** One at a time. */
	private readonly writing: Turns;
	private readonly idle: DatabaseSync[] = [];
	/** Whether a leased handle writes. */
	private readonly leased: Map<DatabaseSync, boolean> = new Map();
	private closed = false;

	constructor(settings: SqliteSettings) {
		this.settings = settings;
		this.leases = new Turns(settings.handles, settings.queue, 'database handle');
		this.writing = new Turns(1, settings.queue, 'turn to write to the database');
	}

	start(): void {
		if (this.idle.length === 0 && this.leased.size === 0) this.idle.push(this.open());
	}

	async begin({ request, signal }: Occasion): Promise<DatabaseSync> {
		const writes = !this.settings.readOnly(request);
		const deadline = performance.now() + this.settings.wait;
		if (this.closed) throw closing();
		if (writes) await this.writing.take(this.settings.wait, signal);
		try {
			await this.leases.take(Math.max(0, Math.ceil(deadline - performance.now())), signal);
			try {
				return await this.lease(writes, signal);
			} catch (error) {
				this.leases.give();
				throw error;
			}
		} catch (error) {
			if (writes) this.writing.give();
			throw error;
		}
	}

	commit(database: DatabaseSync): void {
		database.exec('COMMIT');
		this.giveBack(database, true);
	}

	rollback(database: DatabaseSync): void {
		let sound = false;
		try {
			// SQLite may have rolled back itself, as it does on a full disk.
			if (database.isTransaction) database.exec('ROLLBACK');
			sound = true;
		} finally {
			this.giveBack(database, sound);
		}
	}

	close(): void {
		this.closed = true;
		for (const database of this.idle.splice(0)) closeQuietly(database);
		this.leases.dismiss(closing());
		this.writing.dismiss(closing());
	}

	statistics(): SqlitePoolStatistics {
		return {
			handles: this.idle.length + this.leased.size,
			leased: this.leased.size,
			waiting: this.leases.waiting + this.writing.waiting,
		};
	}

	private async lease(writes: boolean, signal: AbortSignal): Promise<DatabaseSync> {
		if (this.closed) throw closing();
		const database = this.idle.pop() ?? this.open();
		this.leased.set(database, writes);
		try {
			database.exec(`PRAGMA query_only = ${writes ? 'OFF' : 'ON'}`);
			if (writes) await this.lock(database, signal);
			else database.exec('BEGIN');
			return database;
		} catch (error) {
			this.leased.delete(database);
			closeQuietly(database);
			throw error;
		}
	}

	/** Begins to write as soon as no other process does. */
	private async lock(database: DatabaseSync, signal: AbortSignal): Promise<void> {
		const { busyTimeout } = this.settings;
		const deadline = performance.now() + busyTimeout;
		for (let pause = 1; ; pause = Math.min(50, pause * 2)) {
			try {
				database.exec('BEGIN IMMEDIATE');
				return;
			} catch (error) {
				if (!isBusy(error)) throw error;
				if (performance.now() >= deadline) {
					const message = `Another process has been writing to the database for ${busyTimeout} ms`;
					throw new HttpError(503, { message, cause: error, fields: { 'retry-after': '1' } });
				}
			}
			await new Promise((resolve) => setTimeout(resolve, pause));
			if (signal.aborted) throw new Disconnected();
			if (this.closed) throw closing();
		}
	}

	private open(): DatabaseSync {
		// Loaded when it is used: it is not there in every build, and costs something to load.
		const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
		const database = new DatabaseSync(this.settings.path, { timeout: STANDSTILL });
		try {
			database.exec('PRAGMA journal_mode = WAL');
			this.settings.prepare(database);
			// From here on locks are waited for by turns.
			database.exec('PRAGMA busy_timeout = 0');
			return database;
		} catch (error) {
			closeQuietly(database);
			throw error;
		}
	}

	private giveBack(database: DatabaseSync, sound: boolean): void {
		const writes = this.leased.get(database);
		if (writes === undefined) return;
		this.leased.delete(database);
		if (sound && database.isOpen && !this.closed) this.idle.push(database);
		else closeQuietly(database);
		this.leases.give();
		if (writes) this.writing.give();
	}
}

function isBusy(error: unknown): boolean {
	return (
		error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY
	);
}

const closing = (): HttpError => new HttpError(503, { message: 'The database is being closed' });

function closeQuietly(database: DatabaseSync): void {
	try {
		database.close();
	} catch {
		// It was closed already, by whoever had it.
	}
}
