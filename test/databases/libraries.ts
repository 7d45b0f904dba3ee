/** The four libraries, each as a transaction and the few things that the tests do with it. */

import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import postgres from 'postgres';
import type { Context } from '../../src/convention/index.ts';
import {
	fromDrizzle,
	fromKysely,
	fromPg,
	fromPostgres,
	type Transaction,
	type TransactionOptions,
	transaction,
} from '../../src/middleware/transaction/index.ts';
import type { PostgresCluster } from './postgres-cluster.ts';

export interface Library {
	readonly layer: Transaction<unknown>;
	/** Runs a statement in the transaction of a request; values of the first column. */
	query(context: Context, text: string): Promise<unknown[]>;
	/** Connections that the library has seen break; null where it does not say. */
	broken(): number | null;
	/** Connections that are not back in the pool; null where the library does not say. */
	leased(): number | null;
	end(): Promise<unknown>;
}

/** Connections at most, for each of them. */
export const SIZE = 2;

export type MakeLibrary = (cluster: PostgresCluster, options?: TransactionOptions) => Library;

const poolOf = ({ folder, user }: PostgresCluster): Pool => {
	const pool = new Pool({ host: folder, user, database: 'postgres', max: SIZE });
	pool.on('error', () => {});
	// As the adapters' comments ask for.
	pool.on('connect', (client) => client.on('error', () => {}));
	return pool;
};

const leasedOf = (pool: Pool) => (): number => pool.totalCount - pool.idleCount;

const first = (rows: readonly object[]): unknown[] => rows.map((row) => Object.values(row)[0]);

export const libraries: Readonly<Record<string, MakeLibrary>> = {
	pg: (cluster, options) => {
		const { folder: host, user } = cluster;
		// No listener of ours here: the adapter must have one.
		const pool = new Pool({ host, user, database: 'postgres', max: SIZE });
		const layer = transaction(fromPg(pool), options);
		return {
			layer,
			query: async (context, text) => first((await (await layer.of(context)).query(text)).rows),
			leased: leasedOf(pool),
			broken: () => null,
			end: () => pool.end(),
		};
	},
	'postgres.js': ({ folder: host, user }, options) => {
		let broken = 0;
		const sql = postgres({
			host,
			user,
			database: 'postgres',
			max: SIZE,
			onnotice: () => {},
			onclose: () => void broken++,
		});
		const layer = transaction(fromPostgres(sql), options);
		return {
			layer,
			query: async (context, text) => first(await (await layer.of(context)).unsafe(text)),
			leased: () => null,
			broken: () => broken,
			end: () => sql.end({ timeout: 1 }),
		};
	},
	Kysely: (cluster, options) => {
		const pool = poolOf(cluster);
		const db = new Kysely<{ note: { text: string } }>({ dialect: new PostgresDialect({ pool }) });
		const layer = transaction(fromKysely(db), options);
		return {
			layer,
			query: async (context, text) =>
				first((await (await layer.of(context)).executeQuery(CompiledQuery.raw(text))).rows as object[]),
			leased: leasedOf(pool),
			broken: () => null,
			end: () => db.destroy(),
		};
	},
	Drizzle: (cluster, options) => {
		const pool = poolOf(cluster);
		const db = drizzle(pool);
		const layer = transaction(fromDrizzle(db), options);
		return {
			layer,
			query: async (context, text) => first((await (await layer.of(context)).execute(drizzleSql.raw(text))).rows),
			leased: leasedOf(pool),
			broken: () => null,
			end: () => pool.end(),
		};
	},
};
