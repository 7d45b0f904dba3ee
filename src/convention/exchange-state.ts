import type { Key, State } from './key.ts';

/**
 * Typed state for one exchange or connection. Few keys are ever set, so they are kept in one flat list that is made by
 * the first `set` and searched from the front; `get` on an empty state costs nothing. Engines may extend this.
 */
export class ExchangeState implements State {
	/** Key, value, key, value … */
	private entries: unknown[] | null = null;

	get<T>(key: Key<T>): T | undefined {
		const at = this.indexOf(key);
		return at === -1 ? undefined : ((this.entries as unknown[])[at + 1] as T);
	}

	set<T>(key: Key<T>, value: T): void {
		const at = this.indexOf(key);
		if (at !== -1) (this.entries as unknown[])[at + 1] = value;
		else if (this.entries === null) this.entries = [key, value];
		else this.entries.push(key, value);
	}

	has(key: Key<unknown>): boolean {
		return this.indexOf(key) !== -1;
	}

	private indexOf(key: Key<unknown>): number {
		const { entries } = this;
		if (entries === null) return -1;
		for (let i = 0; i < entries.length; i += 2) if (entries[i] === key) return i;
		return -1;
	}
}
