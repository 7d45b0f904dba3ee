/** Transactions by postgres.js. Nothing is imported: what `sql` must be is said by its shape. */
import type { Begin } from '../transactor.ts';

export interface PostgresTransactionLike {
	unsafe(query: string): PromiseLike<unknown>;
}

export interface PostgresLike {
	begin(work: (tx: PostgresTransactionLike) => Promise<unknown>): Promise<unknown>;
}

/** What `begin` gives to its work; it may have a second signature, with options first. */
export type PostgresTransactionOf<Sql> = Sql extends {
	begin: { (work: (tx: infer Tx) => never): unknown; (options: string, work: never): unknown };
}
	? Tx
	: Sql extends { begin(work: (tx: infer Tx) => never): unknown }
		? Tx
		: never;

/**
 * `transaction(fromPostgres(postgres()))`. Throws TypeError. A statement of the app on a connection that has broken is
 * postgres.js's own affair: up to 3.4.9 it may end the process (its issues 1154 and 1208). What is sent from here is not.
 */
export function fromPostgres<Sql extends PostgresLike>(sql: Sql): Begin<PostgresTransactionOf<Sql>> {
	type Tx = PostgresTransactionOf<Sql>;
	if (typeof sql?.begin !== 'function') {
		throw new TypeError('fromPostgres: sql is none of postgres.js: it has no begin');
	}
	return async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
		let result: { readonly value: T } | null = null;
		let broken = false;
		const run = async (tx: PostgresTransactionLike): Promise<void> => {
			result = { value: await work(tx as Tx) };
			// COMMIT of a transaction that an earlier error has aborted would be a rollback without a word; this is refused then.
			if (!broken) await tx.unsafe('select 1');
		};
		try {
			// `begin` rejects as soon as its connection breaks, and would still send COMMIT or ROLLBACK when the work is done.
			await sql.begin((tx) => run(tx).then(...unless(() => broken)));
		} catch (error) {
			broken = true;
			throw error;
		}
		return (result as unknown as { readonly value: T }).value;
	};
}

/** Hands on how something ended, unless it is too late: then nothing is heard of it any more. */
function unless(late: () => boolean): [fulfilled: () => unknown, rejected: (error: unknown) => unknown] {
	const never = new Promise(() => {});
	return [() => (late() ? never : undefined), (error) => (late() ? never : Promise.reject(error))];
}
