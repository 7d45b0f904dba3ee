/** Where sessions are kept that do not live in their cookies. */

/** Keys are hashes of ids, so that whoever reads a store cannot use what is in it; entries are text of bounded length. */
export interface SessionStore {
	/** The entry, or null when there is none or its time is over. */
	get(key: string): string | null | Promise<string | null>;
	/**
	 * Keeps an entry for `milliseconds`. With `existing` only in place of one that is there: a session that was destroyed
	 * meanwhile stays so. Says whether it was kept. Both in one step.
	 */
	set(key: string, entry: string, milliseconds: number, existing: boolean): boolean | Promise<boolean>;
	delete(key: string): void | Promise<void>;
	/** False where no other process sees what is kept: `sessions` refuses to be served by several then. Default: true. */
	readonly shared?: boolean;
	start?(): void | Promise<void>;
	/** Throws or rejects when `start` would, as far as that can be known without leaving anything behind. */
	check?(): void | Promise<void>;
	close?(): void | Promise<void>;
	statistics?(): object;
}
