/** The context of an app whose time is limited: it is closed when the client has gone, and when the time is up. */
import { type ClosedListener, type Context, DerivedContext, deadline, type Key } from '../../convention/index.ts';

export class TimedContext extends DerivedContext implements ClosedListener {
	private readonly until: number;
	private listeners: ClosedListener[] | null = null;
	private controller: AbortController | null = null;
	private reason: unknown = undefined;
	private over = false;

	/** `until`: when the head of the answer must be there, by `performance.now()`. */
	constructor(outer: Context, until: number) {
		super(outer);
		this.until = until;
		outer.onClosed(this);
	}

	/** Nobody waits for an answer any more. */
	get isClosed(): boolean {
		return this.over;
	}

	override get<T>(key: Key<T>): T | undefined {
		return (key as Key<unknown>) === deadline ? (this.until as T) : this.outer.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return key === deadline || this.outer.has(key);
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
		else if (this.listeners === null) this.listeners = [listener];
		else this.listeners.push(listener);
	}

	override offClosed(listener: ClosedListener): void {
		const at = this.listeners?.indexOf(listener) ?? -1;
		if (at >= 0) this.listeners?.splice(at, 1);
	}

	/** The client has gone. */
	exchangeClosed(reason: unknown): void {
		this.close(reason);
	}

	/** Tells everybody within, once. */
	close(reason: unknown): void {
		if (this.over) return;
		this.over = true;
		this.reason = reason;
		const { listeners } = this;
		this.listeners = null;
		this.controller?.abort(reason);
		if (listeners === null) return;
		for (const listener of listeners) {
			try {
				listener.exchangeClosed(reason);
			} catch (error) {
				// One that fails keeps nobody else from being told, and is logged.
				this.outer.waitUntil(Promise.reject(error));
			}
		}
	}
}
