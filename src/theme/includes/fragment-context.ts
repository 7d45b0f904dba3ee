/**
 * The context of a request for a fragment. It reads the page's state and writes its own, so that fragments fetched side by
 * side, and pages within pages, do not change each other; it is closed when the page is, or when its own time is up.
 */
import type { Abilities, ClosedListener, Context, Key } from '../../convention/index.ts';
import { DerivedContext } from '../../convention/index.ts';

export class FragmentContext extends DerivedContext implements ClosedListener {
	private readonly state: Map<Key<unknown>, unknown> = new Map();
	private readonly listeners: Set<ClosedListener> = new Set();
	private controller: AbortController | null = null;
	private reason: unknown;
	private over = false;

	constructor(outer: Context) {
		super(outer);
		outer.onClosed(this);
	}

	/** The page is gone. */
	exchangeClosed(reason: unknown): void {
		this.abort(reason);
	}

	/** Whoever works for this fragment stops. */
	abort(reason: unknown): void {
		if (this.over) return;
		this.over = true;
		this.reason = reason;
		this.outer.offClosed(this);
		for (const listener of [...this.listeners]) listener.exchangeClosed(reason);
		this.listeners.clear();
		this.controller?.abort(reason);
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

	override get closed(): AbortSignal {
		if (this.controller === null) {
			this.controller = new AbortController();
			if (this.over) this.controller.abort(this.reason);
		}
		return this.controller.signal;
	}

	override onClosed(listener: ClosedListener): void {
		if (this.over) listener.exchangeClosed(this.reason);
		else this.listeners.add(listener);
	}

	override offClosed(listener: ClosedListener): void {
		this.listeners.delete(listener);
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
