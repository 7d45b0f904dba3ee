/**
 * Idle connections that several pools keep between them: each has its own limit, and there is one for all. Whom connections
 * are made to is for clients to say behind a forward proxy, and so is the number of pools. Who comes first keeps it for as
 * long as an idle connection is kept; for the others every exchange has a connection of its own meanwhile.
 */
export class IdleShare {
	private left: number;

	/** `most`: idle connections of all pools together. */
	constructor(most: number) {
		this.left = most;
	}

	/** Room for one more; false when there is none. */
	take(): boolean {
		if (this.left === 0) return false;
		this.left--;
		return true;
	}

	/** One is idle no more. */
	giveBack(): void {
		this.left++;
	}
}
