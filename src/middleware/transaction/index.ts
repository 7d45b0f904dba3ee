export {
	type DrizzleLike,
	type FromPgOptions,
	fromDrizzle,
	fromKysely,
	fromPg,
	fromPostgres,
	type KyselyLike,
	type PgClientLike,
	type PgClientOf,
	type PgPoolLike,
	type PostgresLike,
	type PostgresTransactionLike,
	type PostgresTransactionOf,
} from './adapters/index.ts';
export { type SqliteOptions, type SqlitePool, type SqlitePoolStatistics, sqlite } from './sqlite/index.ts';
export { type Transaction, type TransactionOptions, transaction } from './transaction.ts';
export { TransactionError, type TransactionErrorCode } from './transaction-error.ts';
export type { Begin, Occasion, Transactor } from './transactor.ts';
export type { TransactionCounts } from './unit.ts';
