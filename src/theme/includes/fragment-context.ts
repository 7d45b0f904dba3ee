/**
 * The context of a request for a fragment. It reads the page's state and writes its own, so that fragments fetched side by
 * side, and pages within pages, do not change each other; it is closed when the page is, or when its own time is up.
 */
import { type Abilities, ClosableContext, type Key } from '../../convention/index.ts';

export class FragmentContext extends ClosableContext {
	private readonly state: Map<Key<unknown>, unknown> = new Map();

	/** Whoever works for this fragment stops. */
	abort(reason: unknown): void {
		this.outer.offClosed(this);
		this.close(reason);
	}

	/** The fragment is here: nothing more is heard of the page. */
	release(): void {
		this.outer.offClosed(this);
	}

	override get offers(): readonly string[] {
		return [];
	}

	/** A fragment informs nobody and tunnels nothing. */
	override get can(): Abilities {
		return { ...this.outer.can, inform: false, tunnel: false };
	}

	override get<T>(key: Key<T>): T | undefined {
		return this.state.has(key) ? (this.state.get(key) as T) : this.outer.get(key);
	}

	override set<T>(key: Key<T>, value: T): void {
		this.state.set(key, value);
	}

	override has(key: Key<unknown>): boolean {
		return this.state.has(key) || this.outer.has(key);
	}

	override inform(): void {}
}
