/**
 * One timer for all time-outs of a process (PERFORMANCE: no setTimeout per request).
 *
 * A timer hangs in the slot of some tick not later than its deadline. Moving the deadline later or switching it off
 * writes one number; the wheel finds out when it comes by. Only an earlier deadline moves it to another slot.
 * The wheel counts ticks, not the clock: time in which this process itself was stuck is not held against a peer.
 */

/** Milliseconds between two ticks: time-outs are late by up to two of them, never early. */
const TICK = 50;
const SLOTS = 1024;

export interface TimerOwner {
	/** The deadline has passed; the timer is off now. */
	timedOut(): void;
}

/** A reusable time-out that belongs to one long-lived thing, such as a connection. */
export class Timer {
	readonly owner: TimerOwner;
	/** Tick at which it goes off; 0 when it is off. */
	deadline = 0;
	/** Tick for which it hangs in the wheel; 0 when it does not. */
	slotted = 0;
	previous: Timer | null = null;
	next: Timer | null = null;

	constructor(owner: TimerOwner) {
		this.owner = owner;
	}
}

export class TimerWheel {
	private readonly slots: (Timer | null)[] = new Array<Timer | null>(SLOTS).fill(null);
	private tick = 1;
	private timers = 0;
	private interval: ReturnType<typeof setInterval> | null = null;

	/**
	 * Goes off `milliseconds` from now instead of whatever was set; 0 switches it off. With `latest`, a time by `now` of
	 * which 0 is never, it goes off by then in any case, however often it is set anew.
	 */
	set(timer: Timer, milliseconds: number, latest = 0): void {
		const after = milliseconds > 0 ? this.tick + 1 + Math.ceil(milliseconds / TICK) : Number.POSITIVE_INFINITY;
		const by = latest > 0 ? Math.max(this.tick, Math.ceil(latest / TICK)) + 1 : Number.POSITIVE_INFINITY;
		const deadline = by < after ? by : after;
		if (deadline === Number.POSITIVE_INFINITY) {
			timer.deadline = 0;
			return;
		}
		timer.deadline = deadline;
		if (timer.slotted === 0) this.insert(timer);
		else if (timer.deadline < timer.slotted) {
			this.unlink(timer);
			this.insert(timer);
		}
	}

	/** Switches it off; it costs nothing to set it again. */
	clear(timer: Timer): void {
		timer.deadline = 0;
	}

	/** Takes it out for good. */
	remove(timer: Timer): void {
		timer.deadline = 0;
		if (timer.slotted !== 0) this.unlink(timer);
	}

	/** Milliseconds by the wheel's own count; it stands still while no timer hangs in the wheel. */
	get now(): number {
		return this.tick * TICK;
	}

	/** Timers hanging in the wheel, set or not. */
	get size(): number {
		return this.timers;
	}

	private insert(timer: Timer): void {
		timer.slotted = Math.min(timer.deadline, this.tick + SLOTS - 1);
		const slot = timer.slotted % SLOTS;
		const head = this.slots[slot] as Timer | null;
		timer.previous = null;
		timer.next = head;
		if (head !== null) head.previous = timer;
		this.slots[slot] = timer;
		this.timers++;
		if (this.interval === null) this.interval = setInterval(() => this.advance(), TICK).unref();
	}

	private unlink(timer: Timer): void {
		const slot = timer.slotted % SLOTS;
		if (timer.previous !== null) timer.previous.next = timer.next;
		else this.slots[slot] = timer.next;
		if (timer.next !== null) timer.next.previous = timer.previous;
		timer.previous = timer.next = null;
		timer.slotted = 0;
		this.timers--;
	}

	private advance(): void {
		this.tick++;
		const slot = this.tick % SLOTS;
		// Always the first one: whoever is told may set, clear or remove any other timer, the next in this slot included.
		for (let timer = this.slots[slot]; timer; timer = this.slots[slot]) this.visit(timer);
		if (this.timers === 0 && this.interval !== null) {
			clearInterval(this.interval);
			this.interval = null;
		}
	}

	private visit(timer: Timer): void {
		this.unlink(timer);
		if (timer.deadline === 0) return;
		if (timer.deadline > this.tick) {
			this.insert(timer);
			return;
		}
		timer.deadline = 0;
		timer.owner.timedOut();
	}
}

/** The wheel of this process. */
export const wheel: TimerWheel = new TimerWheel();
