/** Whoever has the least to do for its weight; of several, each in turn. */
import type { Candidate, Policy } from './policy.ts';

export class LeastActive implements Policy {
	private turn = 0;

	choose<C extends Candidate>(candidates: readonly C[]): C {
		const { length } = candidates;
		this.turn = (this.turn + 1) % length;
		let best = candidates[this.turn] as C;
		for (let step = 1; step < length; step++) {
			const one = candidates[(this.turn + step) % length] as C;
			if (one.active * best.share < best.active * one.share) best = one;
		}
		return best;
	}
}
