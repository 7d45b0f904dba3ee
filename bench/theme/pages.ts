/** Pages through rules: CPU time by size, set of rules and mode, beside what merely parsing the page costs. */
import { parse } from 'parse5';
import { parseHtml } from '../../src/theme/tree/index.ts';
import { page } from '../micro/theme-pages.ts';
import { pairedRatio, rotated, type Spread, spread } from '../statistics.ts';
import { cpuTime, warmed } from './cpu-time.ts';
import { planOf, themedBytes } from './rule-sets.ts';

/** Kilobytes of a page; and milliseconds that 36 rules may take for it. */
export const SIZES: readonly (readonly [kilobytes: number, most: number])[] = [
	[20, 0.4],
	[100, 1.5],
	[500, 9],
];

/** What 36 rules may take at most, over the time of parse5. */
export const MOST_OF_PARSE5 = 0.9;

export interface PageRow {
	readonly kilobytes: number;
	readonly subject: string;
	readonly milliseconds: Spread | null;
	/** Over parse5 in the same round. */
	readonly ratio: Spread | null;
}

type Subject = readonly [name: string, work: (source: string) => unknown];

export const OURS = '36 rules';
const PARSE5 = 'parse5, parsing alone';

function subjects(): Subject[] {
	const plans = [
		[OURS, planOf('36')],
		['8 rules', planOf('8')],
		['36 rules and XSLT', planOf('xslt')],
		['36 rules, XHTML', planOf('36', { mode: 'xhtml' })],
	] as const;
	return [
		...plans.map(([name, plan]): Subject => [name, (source) => themedBytes(plan, source)]),
		['parsing alone', parseHtml],
		[PARSE5, parse],
	];
}

export function measurePages(rounds: number, warm: number, tell: (line: string) => void): PageRow[] {
	const all = subjects();
	return SIZES.flatMap(([kilobytes]) => {
		const source = page(kilobytes * 1000);
		tell(`theme: pages of ${kilobytes} KB`);
		const times = new Map(all.map((one) => [one, warmed(() => one[1](source), warm)]));
		const figures = new Map<Subject, number[]>(all.map((one) => [one, []]));
		for (let round = 0; round < rounds; round++) {
			for (const one of rotated(all, round)) {
				figures.get(one)?.push(cpuTime(() => one[1](source), times.get(one) ?? 1));
			}
		}
		const reference = figures.get(all[all.length - 1] as Subject) ?? [];
		return all.map((one) => ({
			kilobytes,
			subject: one[0],
			milliseconds: spread(figures.get(one) ?? []),
			ratio: one[0] === PARSE5 ? null : pairedRatio(figures.get(one) ?? [], reference),
		}));
	});
}

/** Compiling the rules and their theme, files already read once. */
export function measureCompile(rounds: number, warm: number): Spread | null {
	const work = (): unknown => planOf('36');
	const times = warmed(work, warm);
	return spread(Array.from({ length: rounds }, () => cpuTime(work, times)));
}
