/** Typed per-exchange and per-connection state: a key carries the type of what is kept under it. */

export interface Key<T> {
	/** For messages and debugging; two keys of the same name are still two keys. */
	readonly name: string;
	/** Type only: never set. */
	readonly type?: T;
}

/** A new key. Keep it in a module and share it: identity is what counts. */
export function key<T>(name: string): Key<T> {
	return { name };
}

export interface State {
	get<T>(key: Key<T>): T | undefined;
	set<T>(key: Key<T>, value: T): void;
	has(key: Key<unknown>): boolean;
}
