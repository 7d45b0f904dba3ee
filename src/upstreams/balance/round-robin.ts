/** In turn; those of a larger weight more often, and evenly spread (the smooth weighted turn that nginx has). */
import type { Candidate, Policy } from './policy.ts';

export class RoundRobin implements Policy {
	private turn = -1;

	choose<C extends Candidate>(candidates: readonly C[]): C {
		const [first] = candidates as readonly [C];
		if (candidates.every(({ share }) => share === first.share)) {
			this.turn = (this.turn + 1) % candidates.length;
			return candidates[this.turn] as C;
		}
		let total = 0;
		let best = first;
		for (const one of candidates) {
			total += one.share;
			one.credit += one.share;
			if (one.credit > best.credit) best = one;
		}
		best.credit -= total;
		return best;
	}
}
