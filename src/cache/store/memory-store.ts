/**
 * Stored responses in memory. Who makes room is found by SIEVE (Zhang et al. 2024): a hand goes from the oldest to the youngest, passes over
 * those that were used since it came by, and takes the first that was not. A scan over many URLs that nobody asks for again drives
 * nothing out that is in use, and a hit moves nothing.
 */
import type { Entry } from '../entry.ts';
import type { Store, StoreStatistics } from './store.ts';

const NONE: readonly Entry[] = [];

export class MemoryStore implements Store {
	private readonly most: number;
	private readonly mostVariants: number;
	/** Most URLs have one response, and no list for it. */
	private readonly byKey: Map<string, Entry | Entry[]> = new Map();
	private oldest: Entry | null = null;
	private youngest: Entry | null = null;
	private hand: Entry | null = null;
	private bytes = 0;
	private entries = 0;
	private evictions = 0;

	/** `bytes` in all, and responses for one URL. */
	constructor(bytes: number, variants: number) {
		this.most = bytes;
		this.mostVariants = variants;
	}

	variants(key: string): readonly Entry[] {
		const found = this.byKey.get(key);
		if (found === undefined) return NONE;
		return Array.isArray(found) ? found : [found];
	}

	put(entry: Entry): void {
		const same = this.variants(entry.key).find((other) => isSameSelection(other, entry));
		if (same !== undefined) this.remove(same);
		const others = this.variants(entry.key);
		this.byKey.set(entry.key, others.length === 0 ? entry : [entry, ...others]);
		this.append(entry);
		this.count(entry);
		if (others.length >= this.mostVariants) this.remove(leastUsed(others));
		this.makeRoom();
	}

	changed(entry: Entry): void {
		if (entry.counted === 0) return;
		this.count(entry);
		this.makeRoom();
	}

	used(entry: Entry): void {
		entry.visited = true;
		entry.hits++;
	}

	remove(entry: Entry): void {
		if (entry.counted === 0) return;
		this.bytes -= entry.counted;
		entry.counted = 0;
		this.entries--;
		this.unlink(entry);
		const left = this.variants(entry.key).filter((one) => one !== entry);
		if (left.length === 0) this.byKey.delete(entry.key);
		else this.byKey.set(entry.key, left.length === 1 ? (left[0] as Entry) : left);
	}

	*all(): Iterable<Entry> {
		for (let entry = this.youngest; entry !== null; ) {
			// Whoever goes over them may remove this one.
			const { older } = entry;
			yield entry;
			entry = older;
		}
	}

	statistics(): StoreStatistics {
		const { entries, bytes, evictions } = this;
		return { entries, bytes, evictions };
	}

	private count(entry: Entry): void {
		const { size } = entry;
		if (entry.counted === 0) this.entries++;
		this.bytes += size - entry.counted;
		entry.counted = size;
	}

	private makeRoom(): void {
		while (this.bytes > this.most && this.oldest !== null) {
			this.evictions++;
			this.remove(this.next());
		}
	}

	/** The one that the hand comes to. */
	private next(): Entry {
		let entry = this.hand ?? (this.oldest as Entry);
		while (entry.visited) {
			entry.visited = false;
			entry = entry.newer ?? (this.oldest as Entry);
		}
		this.hand = entry.newer;
		return entry;
	}

	private append(entry: Entry): void {
		entry.older = this.youngest;
		entry.newer = null;
		if (this.youngest === null) this.oldest = entry;
		else this.youngest.newer = entry;
		this.youngest = entry;
	}

	private unlink(entry: Entry): void {
		const { older, newer } = entry;
		if (older === null) this.oldest = newer;
		else older.newer = newer;
		if (newer === null) this.youngest = older;
		else newer.older = older;
		if (this.hand === entry) this.hand = newer;
		entry.older = null;
		entry.newer = null;
	}
}

function leastUsed(list: readonly Entry[]): Entry {
	return list.reduce((least, one) => (one.hits <= least.hits ? one : least));
}

function isSameSelection(one: Entry, other: Entry): boolean {
	if (one.selecting.length !== other.selecting.length) return false;
	return one.selecting.every(([name, value], at) => {
		const theirs = other.selecting[at];
		return theirs !== undefined && theirs[0] === name && theirs[1] === value;
	});
}
