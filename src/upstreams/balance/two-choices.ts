/**
 * The better of two that were drawn by lot ("the power of two choices"): nearly as good as the best of all, and many balancers
 * that do not know of each other do not all run to the same one.
 */
import type { Candidate, Policy } from './policy.ts';

/** What it costs to ask one more of it; the smaller the better. */
export type Cost = (candidate: Candidate) => number;

/** Exchanges under way, for its weight. */
export const byActive: Cost = ({ active, share }) => (active + 1) / share;

/** The same times how long an answer takes lately. Whoever has not answered yet is tried. */
export const byLatency: Cost = ({ active, share, latency }) => (latency < 0 ? active : latency * (active + 1)) / share;

export class TwoChoices implements Policy {
	private readonly cost: Cost;
	private readonly random: () => number;

	/** `random`: from 0 to below 1. */
	constructor(cost: Cost, random: () => number = Math.random) {
		this.cost = cost;
		this.random = random;
	}

	choose<C extends Candidate>(candidates: readonly C[]): C {
		const { length } = candidates;
		if (length === 1) return candidates[0] as C;
		const first = Math.floor(this.random() * length);
		const second = (first + 1 + Math.floor(this.random() * (length - 1))) % length;
		const [one, other] = [candidates[first] as C, candidates[second] as C];
		return this.cost(other) < this.cost(one) ? other : one;
	}
}
