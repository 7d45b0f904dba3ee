/** Hostile content, and rules that ask for everything: CPU time for a megabyte, and how it grows with the length. */
import { PageRun, type Plan } from '../../src/theme/plan/index.ts';
import { page } from '../micro/theme-pages.ts';
import { cpuTime } from './cpu-time.ts';
import { hostilePages } from './hostile-pages.ts';
import { hostileRules } from './hostile-rules.ts';
import { facts, planOf } from './rule-sets.ts';

export const MOST_PER_MEGABYTE = 250;
/** Time grows by length to this: 1 is linear, 2 is not. Between two lengths caches and the collector cost something, too. */
export const MOST_EXPONENT = 1.4;

const SHORT = 250_000;
const LONG = 1_000_000;

export interface HostileRow {
	readonly name: string;
	readonly perMegabyte: number;
	readonly exponent: number;
	/** What the limits make of it: passed through for one of them, or themed. */
	readonly limited: string | null;
}

/** So that what would be given up is measured to its end. */
const UNLIMITED = { maxNodes: 50_000_000, maxDepth: 50_000_000 };

export function measureHostile(rounds: number, tell: (line: string) => void): HostileRow[] {
	const plan = planOf('36', UNLIMITED);
	const guarded = planOf('36');
	for (let i = 0; i < 50; i++) limitHit(plan, page(100_000));
	const pages = hostilePages.map((one) => {
		tell(`theme: ${one.name}`);
		return grown(one.name, plan, one.page(SHORT), one.page(LONG), rounds, limitHit(guarded, one.page(LONG)));
	});
	const rules = hostileRules.map((one) => {
		tell(`theme: rules, ${one.name}`);
		return grown(`rules: ${one.name}`, one.plan(), page(SHORT), page(LONG), rounds, null);
	});
	return [...pages, ...rules];
}

function grown(
	name: string,
	plan: Plan,
	short: string,
	long: string,
	rounds: number,
	limited: string | null,
): HostileRow {
	const least = (source: string): number =>
		Math.min(...Array.from({ length: rounds + 1 }, () => cpuTime(() => limitHit(plan, source), 1)));
	const [little, much] = [least(short), least(long)];
	return {
		name,
		perMegabyte: (much / long.length) * 1e6,
		exponent: Math.log(much / little) / Math.log(long.length / short.length),
		limited,
	};
}

/** Themes it; the limit that was in the way, or null. */
export function limitHit(plan: Plan, source: string): string | null {
	try {
		const run = new PageRun(plan, facts);
		run.write(source);
		run.end();
		return null;
	} catch (error) {
		return (error as { limit?: string }).limit ?? (error as Error).message;
	}
}
