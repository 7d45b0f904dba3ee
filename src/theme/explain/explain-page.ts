/** One page and what each rule did to it: the theme that was chosen and why, and rule by rule what came of it. */
import type { Facts } from '../page/index.ts';
import { HtmlWalk, PageRun, type Plan } from '../plan/index.ts';
import type { Tree } from '../tree/index.ts';
import { triedThemes } from './explain-streaming.ts';
import { type RuleReport, reportRule, type TestReport, testsOf } from './rule-report.ts';
import { RuleTimes } from './rule-times.ts';
import { type Where, whereOf } from './where.ts';

/** A theme, or a notheme, that was looked at. */
export interface ChoiceReport {
	readonly kind: 'theme' | 'notheme';
	readonly name: string;
	/** Null for a theme that the options gave. */
	readonly where: Where | null;
	readonly tests: readonly TestReport[];
	readonly chosen: boolean;
}

export interface PageReport {
	/** The name of the theme; null: none applies. */
	readonly theme: string | null;
	/** In the order in which they were tried, up to the one that was chosen. */
	readonly choices: readonly ChoiceReport[];
	readonly rules: readonly RuleReport[];
	/** Whether the page is changed at all. */
	readonly themed: boolean;
	/** Characters that came in, and went out. */
	readonly content: number;
	readonly page: number;
	/** Milliseconds for all of it. */
	readonly time: number;
}

/** `documents`: what rules name by URL, by href. Throws MarkupLimit or PageLimit as the page itself would. */
export function explainPage(
	plan: Plan,
	content: string,
	facts: Facts,
	documents: ReadonlyMap<string, Tree> = new Map(),
): PageReport {
	const times = new RuleTimes();
	const begun = performance.now();
	const run = new PageRun(plan, facts, documents, times);
	const early = run.write(content);
	const { text, themed } = run.end();
	const time = performance.now() - begun;
	const theme = run.theme ?? null;
	// In XHTML nobody is told what a rule writes: the same is written once more, as HTML, for that.
	if (plan.dialect === 'libxml2' && theme !== null) {
		new HtmlWalk(run.page, theme.segments, times).advance(() => true, true);
	}
	const finished = { plan, page: run.page, theme, times };
	return {
		theme: theme?.name ?? null,
		choices: choicesOf(plan, run),
		rules: plan.set.rules.map((_, number) => reportRule(finished, number)),
		themed,
		content: content.length,
		page: themed ? early.length + text.length : content.length,
		time,
	};
}

function choicesOf(plan: Plan, { page }: PageRun): ChoiceReport[] {
	const nothemes = plan.set.nothemes.filter(({ condition }) => condition.length > 0);
	const tried = triedThemes(plan);
	const all = [
		...plan.nothemes.map((compiled, index) => ({
			kind: 'notheme' as const,
			compiled,
			name: 'notheme',
			from: nothemes[index],
		})),
		...plan.themes.map((theme, index) => ({
			kind: 'theme' as const,
			compiled: theme.condition,
			name: theme.name,
			from: tried[index],
		})),
	];
	const choices: ChoiceReport[] = [];
	for (const { kind, name, compiled, from } of all) {
		const chosen = compiled.holds(page.root);
		const tests = testsOf(from?.condition ?? [], compiled, page);
		choices.push({ kind, name, where: from === undefined ? null : whereOf(from.place), tests, chosen });
		if (chosen) break;
	}
	return choices;
}
