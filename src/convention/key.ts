/** Typed per-exchange and per-connection state: a key carries the type of what is kept under it. */

/** `Name` as a literal tells two keys of one type apart, which `Knowing` asks for; a plain key needs none. */
export interface Key<T, Name extends string = string> {
	/** For messages and debugging; two keys of the same name are still two keys. */
	readonly name: Name;
	/** Type only: never set. */
	readonly type?: T;
}

/** A new key. Keep it in a module and share it: identity is what counts. */
export function key<T, const Name extends string = string>(name: Name): Key<T, Name> {
	return { name };
}

export interface State {
	get<T>(key: Key<T>): T | undefined;
	set<T>(key: Key<T>, value: T): void;
	has(key: Key<unknown>): boolean;
}
