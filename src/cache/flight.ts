/** Requests for one URL that wait for the answer to the first of them (request collapsing; RFC 9211 section 2.6). */
import type { OutgoingResponse } from '../convention/index.ts';
import { type Timer, wheel } from '../transport/index.ts';

/** What the first of them has come back with. */
export interface Landing {
	/** It is not for the others, or has taken too long: each goes on by itself. */
	readonly alone: boolean;
	/** The origin has failed, and would for all of them: the answer that says so. */
	readonly failure: OutgoingResponse | null;
}

/** Somebody who waits. */
export interface Passenger {
	readonly timer: Timer;
	/** There is a head, or will be none: look for yourself. */
	landed(landing: Landing): void;
}

export class Flight {
	private readonly passengers: Set<Passenger> = new Set();
	private over = false;

	get isWaitedFor(): boolean {
		return this.passengers.size > 0;
	}

	board(passenger: Passenger, patience: number): void {
		this.passengers.add(passenger);
		wheel.set(passenger.timer, patience);
	}

	leave(passenger: Passenger): void {
		this.passengers.delete(passenger);
		wheel.remove(passenger.timer);
	}

	/** All at once: none waits for the next. */
	land(landing: Landing): void {
		if (this.over) return;
		this.over = true;
		for (const passenger of [...this.passengers]) {
			this.leave(passenger);
			passenger.landed(landing);
		}
	}
}
