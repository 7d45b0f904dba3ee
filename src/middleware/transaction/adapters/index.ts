export { type DrizzleLike, fromDrizzle } from './from-drizzle.ts';
export { fromKysely, type KyselyLike } from './from-kysely.ts';
export { type FromPgOptions, fromPg, type PgClientLike, type PgClientOf, type PgPoolLike } from './from-pg.ts';
export {
	fromPostgres,
	type PostgresLike,
	type PostgresTransactionLike,
	type PostgresTransactionOf,
} from './from-postgres.ts';
