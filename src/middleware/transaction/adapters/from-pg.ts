/** Transactions by `pg`: a client of the pool for each. Nothing is imported: what a pool must be is said by its shape. */

import { Disconnected, type RawRequest } from '../../../convention/index.ts';
import { checkNames } from '../../../names/index.ts';
import type { Occasion, Transactor } from '../transactor.ts';

export interface PgClientLike {
	query(text: string): Promise<{ readonly command: string }>;
	/** With an error the client is thrown away. */
	release(error?: Error | boolean): void;
	on(event: 'error', listener: (error: Error) => void): unknown;
	off(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PgPoolLike {
	connect(): Promise<PgClientLike>;
	on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The client that a pool's `connect` promises; it may have a second signature, with a callback. */
export type PgClientOf<Pool> = Pool extends { connect: { (): Promise<infer Client>; (callback: never): unknown } }
	? Client
	: Pool extends { connect(): Promise<infer Client> }
		? Client
		: never;

export interface FromPgOptions {
	/** Default: the database's own, `read committed` as a rule. */
	readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
	/** Requests whose transaction shall be read-only. Default: none. */
	readonly readOnly?: (request: RawRequest) => boolean;
}

const ISOLATION: readonly string[] = ['read committed', 'repeatable read', 'serializable'];

/** `transaction(fromPg(new Pool()))`. How long a request waits for a client is the pool's `connectionTimeoutMillis`. Throws TypeError. */
export function fromPg<Pool extends PgPoolLike>(pool: Pool, options: FromPgOptions = {}): Transactor<PgClientOf<Pool>> {
	if (typeof pool?.connect !== 'function' || typeof pool.on !== 'function') {
		throw new TypeError('fromPg: pool is no Pool of pg: it has no connect');
	}
	// Without a listener, a client whose connection breaks while it is idle would end the process.
	pool.on('error', ignore);
	// The pool's own type says more of its clients than is needed here.
	return new PgTransactor(pool, checked(options)) as unknown as Transactor<PgClientOf<Pool>>;
}

function checked(options: FromPgOptions): FromPgOptions {
	checkNames('fromPg: ', options, ['isolation', 'readOnly']);
	const { isolation, readOnly } = options;
	if (isolation !== undefined && !ISOLATION.includes(isolation)) {
		throw new TypeError(`fromPg: isolation is ${JSON.stringify(isolation)}, not ${ISOLATION.join(' or ')}`);
	}
	if (readOnly !== undefined && typeof readOnly !== 'function') {
		throw new TypeError(`fromPg: readOnly is ${typeof readOnly}, not a function of the request`);
	}
	return options;
}

class PgTransactor implements Transactor<PgClientLike> {
	private readonly pool: PgPoolLike;
	private readonly options: FromPgOptions;

	constructor(pool: PgPoolLike, options: FromPgOptions) {
		this.pool = pool;
		this.options = options;
	}

	async begin({ request, signal }: Occasion): Promise<PgClientLike> {
		const client = await this.pool.connect();
		client.on('error', ignore);
		try {
			if (signal.aborted) throw new Disconnected();
			const { isolation, readOnly } = this.options;
			const level = isolation === undefined ? '' : ` ISOLATION LEVEL ${isolation.toUpperCase()}`;
			await client.query(`BEGIN${level}${readOnly?.(request) ? ' READ ONLY' : ''}`);
			return client;
		} catch (error) {
			giveBack(client, error instanceof Disconnected ? undefined : error);
			throw error;
		}
	}

	async commit(client: PgClientLike): Promise<void> {
		const { command } = await client.query('COMMIT');
		// PostgreSQL's way to say that an earlier error, which the app has swallowed, had aborted it.
		if (command === 'ROLLBACK') throw new Error('An earlier statement had failed: nothing of the transaction is kept');
		giveBack(client);
	}

	async rollback(client: PgClientLike): Promise<void> {
		try {
			await client.query('ROLLBACK');
		} catch (error) {
			giveBack(client, error);
			throw error;
		}
		giveBack(client);
	}
}

function giveBack(client: PgClientLike, error?: unknown): void {
	client.off('error', ignore);
	if (error === undefined) client.release();
	else client.release(error instanceof Error ? error : true);
}

/** A broken connection is told by the next query. */
function ignore(): void {}
