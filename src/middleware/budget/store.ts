/** Where it is kept what clients have used. */

export interface Used {
	readonly requests: number;
	readonly bytes: number;
	/** Milliseconds until the window is over and all is there again. */
	readonly reset: number;
}

/** Keeps what was used by key. `add` answers at once where it can; it throws or rejects when the store cannot be asked. */
export interface BudgetStore {
	/** Adds to what `key` has used in its window, which is `per` milliseconds long and begins when it is first asked about. Tells what is used then. */
	add(key: string, requests: number, bytes: number, per: number): Used | Promise<Used>;
	start?(): unknown;
	close?(): unknown;
	statistics?(): object;
}
