/**
 * What begins and ends transactions: the side of the database. Types, and the two ways to write one brought to a single
 * shape. Of a transaction that has begun exactly one of these comes true: `commit` has succeeded, or `rollback` was called
 * once. That is where a handle goes back to its pool.
 */
import type { RawRequest } from '../../convention/index.ts';

/** What a transaction is begun for. */
export interface Occasion {
	readonly request: RawRequest;
	/** Aborted when the client has gone: there is no use in waiting then. */
	readonly signal: AbortSignal;
}

/** Begins and ends transactions by hand. */
export interface Transactor<Tx> {
	begin(occasion: Occasion): Tx | Promise<Tx>;
	/** When it throws or rejects, `rollback` is called. */
	commit(tx: Tx): unknown;
	rollback(tx: Tx): unknown;
	/** Called when the server starts, where the transaction is one of its resources. */
	start?(): unknown;
	/** Throws or rejects when `start` would, as far as that can be known without leaving anything behind. */
	check?(): unknown;
	close?(): unknown;
	statistics?(): object;
}

/** A library's own way: `work` runs in a transaction, which is committed when it resolves and rolled back when it rejects. */
export type Begin<Tx> = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** A transaction that has begun. */
export interface Open<Tx> {
	readonly tx: Tx;
	commit(): unknown;
	rollback(): unknown;
}

export type Opener<Tx> = (occasion: Occasion) => Promise<Open<Tx>>;

/** Either way to write one, in one shape. Throws TypeError for what is neither. */
export function openerOf<Tx>(begin: Begin<Tx> | Transactor<Tx>): Opener<Tx> {
	if (typeof begin === 'function') return () => openInside(begin);
	if (typeof begin !== 'object' || begin === null) {
		throw new TypeError(`transaction: begin is ${begin === null ? 'null' : typeof begin}, not a function or an object`);
	}
	for (const name of ['begin', 'commit', 'rollback'] as const) {
		if (typeof begin[name] !== 'function') throw new TypeError(`transaction: begin.${name} is no function`);
	}
	return async (occasion) => {
		const tx = await begin.begin(occasion);
		return { tx, commit: () => begin.commit(tx), rollback: () => begin.rollback(tx) };
	};
}

/** What `work` rejects with when a transaction shall be rolled back and nothing is wrong. */
const ROLLBACK = new Error('Rolled back');

/** Holds the callback of a library open until it is known how the transaction ends. */
function openInside<Tx>(begin: Begin<Tx>): Promise<Open<Tx>> {
	return new Promise((resolve, reject) => {
		const verdict = Promise.withResolvers<void>();
		let finished: Promise<void> = verdict.promise;
		let ended = false;
		const commit = (): Promise<void> => {
			ended = true;
			verdict.resolve();
			return finished;
		};
		const rollback = async (): Promise<void> => {
			// After a commit that failed the library has rolled back itself.
			if (ended) return;
			verdict.reject(ROLLBACK);
			await finished.catch((error: unknown) => {
				if (error !== ROLLBACK) throw error;
			});
		};
		finished = begin((tx) => {
			resolve({ tx, commit, rollback });
			return verdict.promise;
		});
		// Without effect once it has begun; a connection that breaks in between is told by the commit.
		finished.then(() => reject(new Error('transaction: begin has ended without calling its work')), reject);
	});
}
