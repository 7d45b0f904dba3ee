/** How long the last answers took, and which time so large a share of them kept. */

/** Answers that are remembered, and how many come between two looks. */
const REMEMBERED = 200;
const LOOK_EVERY = 20;

export class Latencies {
	private readonly share: number;
	private readonly least: number;
	private readonly last: number[] = [];
	private at = 0;
	private since = 0;
	private kept: number | null = null;

	/** `share`: from 0 to 1; `least`: milliseconds that are never undercut. */
	constructor(share: number, least: number) {
		this.share = share;
		this.least = least;
	}

	add(milliseconds: number): void {
		if (this.last.length < REMEMBERED) this.last.push(milliseconds);
		else {
			this.last[this.at] = milliseconds;
			this.at = (this.at + 1) % REMEMBERED;
		}
		if (++this.since < LOOK_EVERY) return;
		this.since = 0;
		const sorted = this.last.toSorted((one, other) => one - other);
		const time = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * this.share))] as number;
		this.kept = Math.max(this.least, time);
	}

	/** Milliseconds; null as long as there are too few answers to tell. */
	get time(): number | null {
		return this.kept;
	}
}
