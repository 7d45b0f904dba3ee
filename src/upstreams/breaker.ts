/**
 * Whether an upstream that fails is asked again: after some failures in a row, or too large a share of failures, it is left
 * alone for a while, longer each time; then one request tries it, and decides. Time is the wheel's, so that no request asks a clock.
 */
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';

export interface BreakerSettings {
	/** Failures in a row; Infinity where they do not count. */
	readonly consecutive: number;
	/** The share of failures, from 0 to 1, among the last `window` answers; above 1 it does not count. */
	readonly share: number;
	/** Answers that the share is taken of; fewer than these decide nothing. */
	readonly window: number;
	/** Milliseconds for the first time; doubled with each time after it. */
	readonly pause: number;
	readonly longestPause: number;
}

/** Told when an upstream may be asked again, or not any more. */
export interface BreakerOwner {
	breakerChanged(): void;
	/** Whether one more may be ejected: not when too many are already. */
	mayEject(): boolean;
}

export class Breaker implements TimerOwner {
	state: 'up' | 'ejected' | 'trial' = 'up';
	ejections = 0;
	private readonly settings: BreakerSettings;
	private readonly owner: BreakerOwner;
	private readonly timer: Timer = new Timer(this);
	private inRow = 0;
	/** Times in a row that it was ejected and not come back. */
	private times = 0;
	/** Outcomes of the last answers, in a ring: true for a failure. */
	private readonly last: boolean[] = [];
	private at = 0;
	private failed = 0;
	/** The one request that tries it is under way. */
	private trying = false;

	constructor(settings: BreakerSettings, owner: BreakerOwner) {
		this.settings = settings;
		this.owner = owner;
	}

	/** Whether it may be asked now. */
	get lets(): boolean {
		return this.state === 'up' || (this.state === 'trial' && !this.trying);
	}

	/** A request goes to it. */
	begun(): void {
		if (this.state !== 'trial') return;
		this.trying = true;
		this.owner.breakerChanged();
	}

	succeeded(): void {
		this.inRow = 0;
		if (this.state === 'up') {
			if (this.settings.share <= 1) this.note(false);
			return;
		}
		this.forget();
		this.times = 0;
		this.become('up');
	}

	failedOnce(): void {
		this.inRow++;
		if (this.state === 'trial') return this.eject();
		if (this.state === 'ejected') return;
		if (this.settings.share <= 1) this.note(true);
		if (this.isTooMuch && this.owner.mayEject()) this.eject();
	}

	/** The request that tried it ended without a word about it: the client has left. */
	undecided(): void {
		if (this.state !== 'trial' || !this.trying) return;
		this.trying = false;
		this.owner.breakerChanged();
	}

	/** Its pause is over. */
	timedOut(): void {
		this.trying = false;
		this.become('trial');
	}

	stop(): void {
		wheel.remove(this.timer);
	}

	private get isTooMuch(): boolean {
		const { consecutive, share, window } = this.settings;
		return this.inRow >= consecutive || (this.last.length >= window && this.failed / this.last.length >= share);
	}

	private note(failure: boolean): void {
		const { window } = this.settings;
		if (this.last.length < window) this.last.push(failure);
		else {
			if (this.last[this.at] === true) this.failed--;
			this.last[this.at] = failure;
			this.at = (this.at + 1) % window;
		}
		if (failure) this.failed++;
	}

	private forget(): void {
		this.last.length = 0;
		this.at = 0;
		this.failed = 0;
	}

	private eject(): void {
		const { pause, longestPause } = this.settings;
		this.ejections++;
		wheel.set(this.timer, Math.min(longestPause, pause * 2 ** this.times));
		// More doublings would be no number any more.
		this.times = Math.min(30, this.times + 1);
		this.trying = false;
		this.become('ejected');
	}

	private become(state: Breaker['state']): void {
		this.state = state;
		this.owner.breakerChanged();
	}
}
