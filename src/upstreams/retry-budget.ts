/**
 * How much may be asked again: a share of what is asked at all, and a few a second besides. When everything fails, retries add
 * that share to the load, and no multiple of it.
 */
export class RetryBudget {
	private readonly share: number;
	private readonly perSecond: number;
	/** Kept for bursts: what ten seconds earn at the least. */
	private readonly most: number;
	private left: number;
	private refilled: number;

	/** `share`: of the requests, from 0 up. `perSecond`: retries in any case. `now`: milliseconds of a clock that only goes on. */
	constructor(share: number, perSecond: number, now: number) {
		this.share = share;
		this.perSecond = perSecond;
		this.most = Math.max(10, perSecond * 10);
		this.left = this.most;
		this.refilled = now;
	}

	/** A request has come. */
	earn(): void {
		const left = this.left + this.share;
		this.left = left > this.most ? this.most : left;
	}

	/** Whether one may be asked again; if so, it is spent. */
	spend(now: number): boolean {
		this.left = Math.min(this.most, this.left + ((now - this.refilled) / 1000) * this.perSecond);
		this.refilled = now;
		if (this.left < 1) return false;
		this.left--;
		return true;
	}
}
