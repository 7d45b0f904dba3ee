/** What can come between before the first byte has left: the time is up, or the client has gone. */
import { type ClosedListener, type Context, Disconnected } from '../../convention/index.ts';
import { Skip } from './skip.ts';

export class Interruption implements ClosedListener {
	private readonly context: Context;
	private readonly promise: PromiseWithResolvers<never> = Promise.withResolvers();
	private readonly timer: ReturnType<typeof setTimeout>;
	/** The client has gone, or the exchange was ended by somebody else. */
	closed = false;

	constructor(context: Context, milliseconds: number) {
		this.context = context;
		// Nobody may be listening when it comes.
		this.promise.promise.catch(() => {});
		// Longer than a timer can be is never.
		this.timer = setTimeout(() => this.promise.reject(new Skip('timeout')), Math.min(milliseconds, 0x7fffffff));
		context.onClosed(this);
	}

	/** What `work` comes to, or rejects with a Skip or what has closed the exchange. */
	race<T>(work: Promise<T>): Promise<T> {
		return Promise.race([work, this.promise.promise]);
	}

	exchangeClosed(reason: unknown): void {
		this.closed = true;
		this.promise.reject(reason instanceof Error ? reason : new Disconnected());
	}

	/** Nothing comes between any more. */
	over(): void {
		clearTimeout(this.timer);
		this.context.offClosed(this);
	}
}
