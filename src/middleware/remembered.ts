/** What was found out is remembered for a while, and never more than so many things. Times are the caller's. */

interface Entry<T> {
	readonly value: T;
	readonly until: number;
}

export class Remembered<T> {
	private readonly entries = new Map<string, Entry<T>>();
	private readonly limit: number;

	constructor(limit: number) {
		this.limit = limit;
	}

	get size(): number {
		return this.entries.size;
	}

	/** What is remembered at the time `now`. */
	get(key: string, now: number): T | undefined {
		const entry = this.entries.get(key);
		if (entry === undefined) return undefined;
		if (entry.until > now) return entry.value;
		this.entries.delete(key);
		return undefined;
	}

	/** When there is no room the oldest goes. */
	set(key: string, value: T, until: number): void {
		if (this.limit === 0) return;
		this.entries.delete(key);
		if (this.entries.size >= this.limit) {
			const { value: oldest } = this.entries.keys().next();
			if (oldest !== undefined) this.entries.delete(oldest);
		}
		this.entries.set(key, { value, until });
	}

	clear(): void {
		this.entries.clear();
	}
}
