/** Where stored responses are. All of it answers at once: what is slow keeps an index in memory. */
import type { Entry } from '../entry.ts';

export interface StoreStatistics {
	readonly entries: number;
	readonly bytes: number;
	/** Entries that had to make room, since the start. */
	readonly evictions: number;
}

export interface Store {
	/** All responses for a key, the latest first; an empty list when there is none. */
	variants(key: string): readonly Entry[];
	/** Keeps it, instead of one that the same requests select. May have others make room, or not keep it at all. */
	put(entry: Entry): void;
	/** Its size or its fields have changed. */
	changed(entry: Entry): void;
	/** It has answered a request. */
	used(entry: Entry): void;
	remove(entry: Entry): void;
	all(): Iterable<Entry>;
	statistics(): StoreStatistics;
}
