/** How often a client may do what costs us more than it (CVE-2023-44487 and its kin): a bucket that leaks. */
export class Budget {
	private readonly burst: number;
	private readonly rate: number;
	private spent = 0;
	private since: number;

	/** `burst` at once, and `rate` more in each second; `now` in milliseconds. */
	constructor(burst: number, rate: number, now: number) {
		this.burst = burst;
		this.rate = rate;
		this.since = now;
	}

	/** Spends one; false when there was none left. */
	spend(now: number): boolean {
		this.spent = Math.max(0, this.spent - ((now - this.since) / 1000) * this.rate) + 1;
		this.since = now;
		return this.spent <= this.burst;
	}
}
