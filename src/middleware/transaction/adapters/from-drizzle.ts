/** Transactions by Drizzle, on drivers that wait for promises. Nothing is imported: what `db` must be is said by its shape. */
import type { Begin } from '../transactor.ts';

export interface DrizzleLike<Tx> {
	transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** The part of a transaction of the PostgreSQL and MySQL drivers that runs a statement as it is; those of SQLite have `run`. */
interface Executor {
	execute?(query: string): PromiseLike<unknown>;
}

/**
 * `transaction(fromDrizzle(db))`. Throws TypeError, also for Drizzle's synchronous SQLite drivers, whose transactions cannot wait.
 * On a pool of `pg`, give each client a listener, or one whose connection breaks ends the process:
 * `pool.on('connect', (client) => client.on('error', report))`.
 */
export function fromDrizzle<Tx>(db: DrizzleLike<Tx>): Begin<Tx> {
	if (typeof db?.transaction !== 'function')
		throw new TypeError('fromDrizzle: db is none of Drizzle: it has no transaction');
	if ('resultKind' in db && db.resultKind === 'sync') {
		throw new TypeError(
			'fromDrizzle: db is on a synchronous driver, whose transactions cannot wait for a response; use sqlite()',
		);
	}
	return (work) =>
		db.transaction(async (tx) => {
			const result = await work(tx);
			// COMMIT of a transaction that an earlier error has aborted would be a rollback without a word; this is refused then.
			await (tx as Executor).execute?.('select 1');
			return result;
		});
}
