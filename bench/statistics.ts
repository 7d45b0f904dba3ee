/** The little arithmetic of comparing: medians, and ratios paired round by round. */

export interface Spread {
	readonly min: number;
	readonly median: number;
	readonly max: number;
}

/** Lowest, middle and highest; null of nothing. */
export function spread(values: readonly number[]): Spread | null {
	const sorted = values.toSorted((a, b) => a - b);
	const min = sorted[0];
	const max = sorted[sorted.length - 1];
	if (min === undefined || max === undefined) return null;
	const upper = sorted[sorted.length >> 1] ?? max;
	const lower = sorted[(sorted.length - 1) >> 1] ?? min;
	return { min, median: (lower + upper) / 2, max };
}

type Figures = readonly (number | null)[];

/**
 * `a` over `b` within each round, then the spread of those: a drift of the machine from round to round cancels out.
 * Rounds in which either has no figure are left out.
 */
export function pairedRatio(a: Figures, b: Figures): Spread | null {
	return spread(paired(a, b, (over, under) => (under === 0 ? null : over / under)));
}

/** The same for how much more `a` is than `b`. */
export function pairedDifference(a: Figures, b: Figures): Spread | null {
	return spread(paired(a, b, (more, less) => more - less));
}

function paired(a: Figures, b: Figures, compare: (a: number, b: number) => number | null): number[] {
	const results: number[] = [];
	for (let round = 0; round < Math.min(a.length, b.length); round++) {
		const one = a[round] ?? null;
		const other = b[round] ?? null;
		const result = one === null || other === null ? null : compare(one, other);
		if (result !== null) results.push(result);
	}
	return results;
}

/** The list turned by `by` places, so that no target always follows the same other one. */
export function rotated<T>(list: readonly T[], by: number): T[] {
	const start = list.length === 0 ? 0 : by % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}
