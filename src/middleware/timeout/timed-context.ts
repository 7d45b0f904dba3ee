/** The context of an app whose time is limited: it is closed when the client has gone, and when the time is up. */
import { ClosableContext, type Context, deadline, type Key } from '../../convention/index.ts';

export class TimedContext extends ClosableContext {
	private readonly until: number;

	/** `until`: when the head of the answer must be there, by `performance.now()`. */
	constructor(outer: Context, until: number) {
		super(outer);
		this.until = until;
	}

	override get<T>(key: Key<T>): T | undefined {
		return (key as Key<unknown>) === deadline ? (this.until as T) : this.outer.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return key === deadline || this.outer.has(key);
	}
}
