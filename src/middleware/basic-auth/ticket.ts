/**
 * A place among those that wait for a check of theirs. Several requests may hold one; when the clients of all have left, the
 * check is not worth its time any more, and others come sooner.
 */
import type { ClosedListener, Context } from '../../convention/index.ts';

export class Ticket implements ClosedListener {
	private holders = 0;
	private dropped: (() => void) | null = null;

	/** Whether nobody is there any more. A ticket that was given up stays so. */
	abandoned = false;

	/** One more request holds it, until `leaves`. */
	joins(context: Context): void {
		this.holders++;
		context.onClosed(this);
	}

	leaves(context: Context): void {
		context.offClosed(this);
	}

	/** `drop` is called when nobody is there any more; null when it is too late for that. */
	waits(drop: (() => void) | null): void {
		this.dropped = drop;
	}

	exchangeClosed(): void {
		if (--this.holders > 0) return;
		this.abandoned = true;
		this.dropped?.();
		this.dropped = null;
	}
}
