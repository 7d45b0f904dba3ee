/** Sessions in the memory of this process: they end with it, and no other process sees them. */
import { checkNames, checkObject } from '../../../names/index.ts';
import type { SessionStore } from '../session-store.ts';

export interface MemorySessionsOptions {
	/** Sessions at most; beyond them the one that was left alone for longest is forgotten. Default: 10,000. */
	readonly limit?: number;
}

export interface MemorySessionsStatistics {
	readonly entries: number;
	/** Forgotten before their time, for want of room. */
	readonly evicted: number;
}

export interface MemorySessions extends SessionStore {
	statistics(): MemorySessionsStatistics;
}

/** A store in memory. Throws TypeError or RangeError with the option's name and the reason. */
export function memorySessions(options: MemorySessionsOptions = {}): MemorySessions {
	checkObject('memorySessions', options, '{ limit: 10_000 }');
	checkNames('memorySessions: ', options, ['limit']);
	const { limit = 10_000 } = options;
	if (!Number.isInteger(limit) || limit < 1)
		throw new RangeError(`memorySessions: limit must be a whole number from 1, not ${String(limit)}`);
	return new Entries(limit);
}

interface Entry {
	readonly text: string;
	/** Milliseconds of `performance.now()`. */
	readonly ends: number;
}

/** Entries looked at with each write, to find those whose time is over: the longest unused stand in front. */
const LOOKED_AT = 4;

class Entries implements MemorySessions {
	readonly shared = false;
	private readonly limit: number;
	/** Never read since they were begun: whoever begins many pushes out these, and nobody who comes back. */
	private readonly fresh: Map<string, Entry> = new Map();
	private readonly used: Map<string, Entry> = new Map();
	private evicted = 0;

	constructor(limit: number) {
		this.limit = limit;
	}

	get(key: string): string | null {
		const entry = this.find(key);
		if (entry === undefined) return null;
		this.delete(key);
		if (entry.ends <= performance.now()) return null;
		this.used.set(key, entry);
		return entry.text;
	}

	set(key: string, text: string, milliseconds: number, existing: boolean): boolean {
		const now = performance.now();
		const old = this.find(key);
		if (existing && (old === undefined || old.ends <= now)) return false;
		const { fresh, used } = this;
		const place = used.has(key) ? used : fresh;
		place.delete(key);
		this.tidy(fresh, now);
		this.tidy(used, now);
		place.set(key, { text, ends: now + milliseconds });
		return true;
	}

	delete(key: string): void {
		this.fresh.delete(key);
		this.used.delete(key);
	}

	close(): void {
		this.fresh.clear();
		this.used.clear();
	}

	statistics(): MemorySessionsStatistics {
		return { entries: this.size, evicted: this.evicted };
	}

	private get size(): number {
		return this.fresh.size + this.used.size;
	}

	private find(key: string): Entry | undefined {
		return this.used.get(key) ?? this.fresh.get(key);
	}

	private tidy(entries: Map<string, Entry>, now: number): void {
		let left = LOOKED_AT;
		for (const [key, { ends }] of entries) {
			if (left-- === 0) return;
			const full = this.size >= this.limit;
			if (ends > now && !full) continue;
			if (ends > now) this.evicted++;
			entries.delete(key);
		}
	}
}
