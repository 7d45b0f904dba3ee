/** Interleaves the targets of a work: every round measures each once, and no round begins with the same one. */
import { measure } from './measure.ts';
import type { Bench, Run } from './run.ts';
import { rotated } from './statistics.ts';
import type { Work } from './suites.ts';
import type { Target } from './target.ts';

/** All runs of one target in one work, in the order of the rounds. */
export interface Series {
	readonly target: string;
	readonly ours: boolean;
	/** Why it was not measured at all. */
	readonly missing: string | null;
	readonly runs: readonly Run[];
}

export interface Outcome {
	readonly work: Work;
	readonly series: readonly Series[];
}

/** Runs a work. `tell` hears of each measurement that begins. */
export async function runWork(
	bench: Bench,
	work: Work,
	rounds: number,
	tell: (line: string) => void,
): Promise<Outcome> {
	const missing = new Map(work.targets.map((target) => [target, missingFrom(bench, work, target)]));
	const present = work.targets.filter((target) => missing.get(target) === null);
	const runs = new Map<Target, Run[]>(work.targets.map((target) => [target, []]));
	const most = Math.min(rounds, work.mostRounds ?? rounds);
	for (let round = 0; round < most; round++) {
		for (const target of rotated(present, round)) {
			tell(`${work.name}, round ${round + 1} of ${most}: ${target.name}`);
			const run = await measure(bench, work, target);
			if (run.fault !== null) tell(`  no figure: ${run.fault}`);
			runs.get(target)?.push(run);
		}
	}
	const series = work.targets.map((target) => ({
		target: target.name,
		ours: target.ours === true,
		missing: missing.get(target) ?? null,
		runs: runs.get(target) ?? [],
	}));
	return { work, series };
}

function missingFrom(bench: Bench, work: Work, target: Target): string | null {
	const absent = { files: 'no origin: nginx is not installed', php: 'php-fpm is not installed' };
	if (work.behind !== null && bench.origins[work.behind] === null) return absent[work.behind];
	return target.missing();
}
