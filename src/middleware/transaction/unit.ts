/**
 * The transaction of one exchange. It is begun by the first who asks for it, and ends once: by `commit` or by `rollback`,
 * whichever comes first. An exchange that never asks costs this object and nothing else.
 */
import type { Context, RawRequest } from '../../convention/index.ts';
import { TransactionError } from './transaction-error.ts';
import type { Occasion, Open, Opener } from './transactor.ts';

/** How many, since the start. */
export interface TransactionCounts {
	begun: number;
	committed: number;
	rolledBack: number;
	/** Commits and rollbacks that failed. */
	failed: number;
}

export class Unit<Tx> implements Occasion {
	readonly request: RawRequest;
	/** Nobody may ask for the transaction any more. */
	over = false;
	private readonly context: Context;
	private readonly opener: Opener<Tx>;
	private readonly counts: TransactionCounts;
	private opening: Promise<Open<Tx>> | null = null;
	private handle: Promise<Tx> | null = null;

	constructor(opener: Opener<Tx>, counts: TransactionCounts, request: RawRequest, context: Context) {
		this.opener = opener;
		this.counts = counts;
		this.request = request;
		this.context = context;
	}

	get signal(): AbortSignal {
		return this.context.closed;
	}

	/** Nobody has asked for it. */
	get untouched(): boolean {
		return this.opening === null;
	}

	/** The client has gone while it was open. */
	get abandoned(): boolean {
		return this.opening !== null && this.context.closed.aborted;
	}

	/** The transaction, begun now unless it was before. Rejects when it cannot begin, or is over. */
	get(): Promise<Tx> {
		if (this.over) return Promise.reject(new TransactionError('TRANSACTION_OVER'));
		if (this.handle === null) {
			this.opening = this.opener(this);
			this.handle = this.opening.then(({ tx }) => {
				this.counts.begun++;
				return tx;
			});
			// Who asked is told; whoever does not wait for the answer must not end the process.
			this.handle.catch(() => {});
		}
		return this.handle;
	}

	/** Rejects with TransactionError when the database refuses; the transaction is rolled back then. */
	async commit(): Promise<void> {
		const open = await this.end();
		if (open === null) return;
		try {
			await open.commit();
			this.counts.committed++;
		} catch (error) {
			this.counts.failed++;
			await this.undo(open);
			throw new TransactionError('COMMIT_FAILED', error);
		}
	}

	/** Never rejects: a database that cannot even roll back is logged, and what was answered stands. */
	async rollback(): Promise<void> {
		const open = await this.end();
		if (open !== null && (await this.undo(open))) this.counts.rolledBack++;
	}

	private async undo(open: Open<Tx>): Promise<boolean> {
		try {
			await open.rollback();
			return true;
		} catch (error) {
			this.counts.failed++;
			this.context.waitUntil(Promise.reject(new TransactionError('ROLLBACK_FAILED', error)));
			return false;
		}
	}

	/** What is to be ended, to the first who asks; null where nothing was begun, or it could not begin. */
	private async end(): Promise<Open<Tx> | null> {
		if (this.over) return null;
		this.over = true;
		if (this.opening === null) return null;
		// Why it could not begin was told to those who asked for it.
		return this.opening.catch(() => null);
	}
}
