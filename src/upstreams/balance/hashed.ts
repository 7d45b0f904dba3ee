/**
 * The same one for the same key, by rendezvous hashing: each candidate draws a number for the key, and the highest wins. When one
 * comes or goes, only the keys it gets or had are asked elsewhere, and those who draw next share them; weights hold exactly.
 */
import type { Context, RawRequest } from '../../convention/index.ts';
import type { Candidate, Policy } from './policy.ts';
import { textHash } from './text-hash.ts';

/** What the same answerer is wanted for; null where anybody will do. */
export type HashKey = (request: RawRequest, context: Context) => string | null;

const RANGE = 2 ** 32;

export class Hashed implements Policy {
	private readonly key: HashKey;
	private readonly otherwise: Policy;
	/** A number for each name, which the key is mixed with. */
	private readonly seeds: Map<string, number> = new Map();

	constructor(key: HashKey, otherwise: Policy) {
		this.key = key;
		this.otherwise = otherwise;
	}

	choose<C extends Candidate>(candidates: readonly C[], request: RawRequest, context: Context): C {
		const key = this.key(request, context);
		if (key === null) return this.otherwise.choose(candidates, request, context);
		let best = candidates[0] as C;
		let highest = Number.NEGATIVE_INFINITY;
		for (const one of candidates) {
			const drawn = (textHash(key, this.seedOf(one.name)) + 0.5) / RANGE;
			// The logarithm makes the chances as the weights are (Schindelhauer and Schomaker).
			const score = -one.share / Math.log(drawn);
			if (score > highest) {
				best = one;
				highest = score;
			}
		}
		return best;
	}

	private seedOf(name: string): number {
		let seed = this.seeds.get(name);
		if (seed === undefined) {
			// Names that have gone for good are not worth remembering.
			if (this.seeds.size >= 10_000) this.seeds.clear();
			seed = textHash(name);
			this.seeds.set(name, seed);
		}
		return seed;
	}
}
