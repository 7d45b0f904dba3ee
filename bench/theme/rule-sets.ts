/** The themes of the bench: one design, and rules for it from few to many. They stand in `site/`. */
import { fileURLToPath } from 'node:url';
import { compileTheme } from '../../src/theme/compile-theme.ts';
import { PageRun, type Plan, type PlanOptions } from '../../src/theme/plan/index.ts';

/** `36`: head copies, class merges, nested conditions, drops, columns, edits of content. `xslt`: those, and a menu by XSLT. */
export type RuleSet = '8' | '36' | 'xslt' | 'stream';

export const pathOf = (set: RuleSet): string => fileURLToPath(new URL(`site/rules-${set}.xml`, import.meta.url));

export function planOf(set: RuleSet, options: PlanOptions = {}): Plan {
	return compileTheme(pathOf(set), options).plan;
}

/** What rules may ask about a request; these ask for the path. */
export const facts = {
	path: '/news',
	query: '',
	host: 'www.example.com',
	scheme: 'http',
	parameters: {},
	header: (): null => null,
} as const;

/** The page as it leaves, in bytes. */
export function themedBytes(plan: Plan, source: string): Uint8Array {
	const run = new PageRun(plan, facts);
	const early = run.write(source);
	const { text } = run.end();
	return encoder.encode(early === '' ? text : early + text);
}

const encoder = new TextEncoder();
