/** Transactions by Kysely, on any of its dialects. Nothing is imported: what `db` must be is said by its shape. */
import type { Begin } from '../transactor.ts';

export interface KyselyLike<Tx> {
	transaction(): { execute<T>(work: (tx: Tx) => Promise<T>): Promise<T> };
}

/** The part of a transaction that runs a statement as it is. */
interface Executor {
	executeQuery(query: object): Promise<unknown>;
}

/** `select 1`, as Kysely's CompiledQuery.raw makes it. */
const PROBE = {
	sql: 'select 1',
	parameters: [],
	query: { kind: 'RawNode', sqlFragments: ['select 1'], parameters: [] },
	queryId: { queryId: 'turnabout' },
};

/**
 * `transaction(fromKysely(db))`. Throws TypeError. On a pool of `pg`, give each client a listener, or one whose connection breaks
 * ends the process: `pool.on('connect', (client) => client.on('error', report))`.
 */
export function fromKysely<Tx>(db: KyselyLike<Tx>): Begin<Tx> {
	if (typeof db?.transaction !== 'function') throw new TypeError('fromKysely: db is no Kysely: it has no transaction');
	return (work) =>
		db.transaction().execute(async (tx) => {
			const result = await work(tx);
			// COMMIT of a transaction that an earlier error has aborted would be a rollback without a word; this is refused then.
			await (tx as Executor).executeQuery(PROBE);
			return result;
		});
}
