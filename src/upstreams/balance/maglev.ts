/**
 * The same one for the same key, by one look into a table that all names have filled in turn (Maglev, Eisenbud et al. 2016,
 * section 3.4): as dear with a thousand upstreams as with two. A name that comes or goes moves few keys besides its own.
 */
import type { Context, RawRequest } from '../../convention/index.ts';
import { Hashed, type HashKey } from './hashed.ts';
import type { Candidate, Policy } from './policy.ts';
import { textHash } from './text-hash.ts';

/** A prime; much larger than there are upstreams, so that shares are even within a hundredth. */
const SLOTS = 16_381;

export class Maglev implements Policy {
	/** A table for those who are left would not be worth its making. */
	readonly again: Policy;
	private readonly key: HashKey;
	private readonly otherwise: Policy;
	private table: Int32Array = new Int32Array(0);
	/** Whom the table was made for: names and shares. */
	private made: readonly { readonly name: string; readonly share: number }[] = [];

	constructor(key: HashKey, otherwise: Policy) {
		this.key = key;
		this.otherwise = otherwise;
		this.again = new Hashed(key, otherwise);
	}

	choose<C extends Candidate>(candidates: readonly C[], request: RawRequest, context: Context): C {
		const key = this.key(request, context);
		if (key === null) return this.otherwise.choose(candidates, request, context);
		if (!this.fits(candidates)) this.fill(candidates);
		return candidates[this.table[textHash(key) % SLOTS] as number] as C;
	}

	private fits(candidates: readonly Candidate[]): boolean {
		const { made } = this;
		if (made.length !== candidates.length) return false;
		for (let at = 0; at < made.length; at++) {
			const [one, other] = [made[at], candidates[at]];
			if (one?.name !== other?.name || one?.share !== other?.share) return false;
		}
		return true;
	}

	/** Every name has an order of its own of all slots; each in turn takes the first that is free, the heavier more often. */
	private fill(candidates: readonly Candidate[]): void {
		const table = new Int32Array(SLOTS).fill(-1);
		const heaviest = Math.max(...candidates.map(({ share }) => share));
		const rows = candidates.map(({ name, share }) => ({
			at: textHash(name, 1) % SLOTS,
			step: (textHash(name, 2) % (SLOTS - 1)) + 1,
			turn: share / heaviest,
			credit: 0,
		}));
		let taken = 0;
		while (taken < SLOTS) {
			for (const [index, row] of rows.entries()) {
				row.credit += row.turn;
				if (row.credit < 1 || taken === SLOTS) continue;
				row.credit--;
				while (table[row.at] !== -1) row.at = (row.at + row.step) % SLOTS;
				table[row.at] = index;
				taken++;
			}
		}
		this.table = table;
		this.made = candidates.map(({ name, share }) => ({ name, share }));
	}
}
