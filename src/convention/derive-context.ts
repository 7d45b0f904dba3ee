/**
 * Contexts derived from another: what is not said here is asked of the original, so that state, informational responses
 * and the end of the exchange are shared. The original is never changed.
 */
import type { Fields } from '../fields/index.ts';
import type { Abilities, ClosedListener, Connection, Context, FinishedListener, Outcome } from './context.ts';
import type { Key } from './key.ts';

/** The context of an app mounted at `prefix`: `mount` has grown by it. */
export function mounted(context: Context, prefix: string): Context {
	return new DerivedContext(context, context.mount + prefix);
}

/** Delegates everything but `mount`. Middleware that changes more extends it. */
export class DerivedContext implements Context {
	readonly mount: string;
	protected readonly outer: Context;

	constructor(outer: Context, mount: string = outer.mount) {
		this.outer = outer;
		this.mount = mount;
	}

	get connection(): Connection {
		return this.outer.connection;
	}

	get offers(): readonly string[] {
		return this.outer.offers;
	}

	get can(): Abilities {
		return this.outer.can;
	}

	get closed(): AbortSignal {
		return this.outer.closed;
	}

	get finished(): Promise<Outcome> {
		return this.outer.finished;
	}

	get remoteAddr(): Context['remoteAddr'] {
		return this.outer.remoteAddr;
	}

	get props(): unknown {
		return this.outer.props;
	}

	get<T>(key: Key<T>): T | undefined {
		return this.outer.get(key);
	}

	set<T>(key: Key<T>, value: T): void {
		this.outer.set(key, value);
	}

	has(key: Key<unknown>): boolean {
		return this.outer.has(key);
	}

	inform(status: number, fields?: Fields): void {
		this.outer.inform(status, fields);
	}

	waitUntil(work: Promise<unknown>): void {
		this.outer.waitUntil(work);
	}

	onClosed(listener: ClosedListener): void {
		this.outer.onClosed(listener);
	}

	offClosed(listener: ClosedListener): void {
		this.outer.offClosed(listener);
	}

	onFinished(listener: FinishedListener): void {
		this.outer.onFinished(listener);
	}

	passThroughOnException(): void {
		this.outer.passThroughOnException();
	}
}
