/** The fetches for one page: the same URL once, and no more at a time than are allowed. */
import type { Fragment } from './fragment.ts';

export class PageFetches {
	private readonly known: Map<string, Promise<Fragment>> = new Map();
	private readonly waiting: (() => void)[] = [];
	private readonly places: number;
	private taken = 0;

	constructor(places: number) {
		this.places = places;
	}

	/** What is fetched under that name already, or else what `fetch` begins. */
	once(name: string, fetch: () => Promise<Fragment>): Promise<Fragment> {
		let fragment = this.known.get(name);
		if (fragment === undefined) {
			fragment = fetch();
			this.known.set(name, fragment);
		}
		return fragment;
	}

	/** Calls `begin` as soon as there is a place, perhaps at once. Whoever has begun leaves, once. */
	enter(begin: () => void): void {
		if (this.taken >= this.places) {
			this.waiting.push(begin);
			return;
		}
		this.taken++;
		begin();
	}

	leave(): void {
		const next = this.waiting.shift();
		if (next === undefined) this.taken--;
		// Not at once: when the client leaves, those that wait are about to hear of it, too.
		else queueMicrotask(next);
	}
}
