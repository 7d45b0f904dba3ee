/** How long a session lives: so long without use, and so long altogether. */
import type { SessionData } from './session-data.ts';

export class Lifetime {
	private readonly idle: number;
	private readonly absolute: number;

	/** Milliseconds. */
	constructor(idle: number, absolute: number) {
		this.idle = idle;
		this.absolute = absolute;
	}

	/** Milliseconds that it has from `now`; 0 and less when it is over. */
	left({ began, used }: SessionData, now: number): number {
		return Math.min(used + this.idle, began + this.absolute) - now;
	}

	/** Whether that it is used must be written down: not each time, but once a tenth of the idle time has gone. */
	isDue({ used }: SessionData, now: number): boolean {
		return now - used >= this.idle / 10;
	}
}
