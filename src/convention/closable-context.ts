/** A context that can be closed earlier, or later, than the exchange it is of: whoever stands within is told once. */
import type { ClosedListener, Context } from './context.ts';
import { DerivedContext } from './derive-context.ts';

export class ClosableContext extends DerivedContext implements ClosedListener {
	private listeners: ClosedListener[] | null = null;
	private controller: AbortController | null = null;
	private reason: unknown = undefined;
	private over = false;

	constructor(outer: Context) {
		super(outer);
		outer.onClosed(this);
	}

	/** Nobody waits for an answer any more. */
	get isClosed(): boolean {
		return this.over;
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
