/** What one rule did to one page. */
import { Diagnostics } from '../diagnostics/index.ts';
import type { Page } from '../page/index.ts';
import type { CompiledCondition } from '../plan/index.ts';
import { type CompiledTheme, compileSelector, type Plan, selected } from '../plan/index.ts';
import type { Condition, Rule } from '../rules/index.ts';
import { ruleText, testText } from './rule-text.ts';
import type { RuleTimes } from './rule-times.ts';
import { contentShadow, themeShadow } from './shadows.ts';
import { type Where, whereOf } from './where.ts';

export type RuleOutcome =
	| 'applied'
	/** No theme was chosen, and so no rule about one. */
	| 'no-theme'
	/** Its condition does not hold. */
	| 'condition'
	/** It matches nothing in the theme. */
	| 'no-theme-node'
	/** It matches nothing in the content. */
	| 'no-content'
	/** Another rule was there first. */
	| 'shadowed';

export interface TestReport {
	readonly test: string;
	readonly holds: boolean;
}

export interface RuleReport {
	readonly where: Where;
	readonly rule: string;
	readonly outcome: RuleOutcome;
	/** Nodes of the theme that it is about; null for a rule about the content. */
	readonly themeNodes: number | null;
	/** Nodes of the content, or of the document it names, that it selects; null when it selects none. */
	readonly contentNodes: number | null;
	readonly tests: readonly TestReport[];
	readonly shadowedBy: { readonly where: Where; readonly rule: string } | null;
	/** Characters; null where that is not measured: changes of attributes and of content. */
	readonly wrote: number | null;
	/** Milliseconds. */
	readonly time: number | null;
}

export interface FinishedPage {
	readonly plan: Plan;
	readonly page: Page;
	readonly theme: CompiledTheme | null;
	readonly times: RuleTimes;
}

export function testsOf(condition: Condition, compiled: CompiledCondition, page: Page): TestReport[] {
	return condition.flatMap((test, index) => {
		const asked = compiled.tests[index];
		return asked === undefined ? [] : [{ test: testText(test), holds: page.answer(asked) }];
	});
}

export function reportRule(finished: FinishedPage, number: number): RuleReport {
	const { plan, page, theme, times } = finished;
	const rule = plan.set.rules[number] as Rule;
	const themeNodes = rule.theme === null ? null : (theme?.placed.matches.get(number) ?? 0);
	const contentNodes = contentCount(finished, rule, number);
	const tests = testsOf(rule.condition, plan.conditions[number] as CompiledCondition, page);
	const early = earlyOutcome(finished, rule, tests, themeNodes);
	const shadowedBy = early === null ? shadow(finished, number) : null;
	const outcome = early ?? (shadowedBy !== null ? 'shadowed' : contentNodes === 0 ? 'no-content' : 'applied');
	const work = times.byRule.get(number);
	const measured = rule.theme !== null && rule.attributes === null;
	return {
		where: whereOf(rule.place),
		rule: ruleText(rule),
		outcome,
		themeNodes,
		contentNodes,
		tests,
		shadowedBy,
		wrote: measured ? (work?.written ?? 0) : null,
		time: measured && work !== undefined ? work.time : null,
	};
}

function earlyOutcome(
	{ theme }: FinishedPage,
	rule: Rule,
	tests: readonly TestReport[],
	themeNodes: number | null,
): RuleOutcome | null {
	if (rule.theme !== null && theme === null) return 'no-theme';
	if (tests.some(({ holds }) => !holds)) return 'condition';
	return themeNodes === 0 ? 'no-theme-node' : null;
}

function contentCount({ plan, page }: FinishedPage, rule: Rule, number: number): number | null {
	const href = rule.reference?.href ?? '';
	// What should have been fetched, and did not come.
	if (plan.wanted.some((one) => one.href === href) && !page.documents.has(href)) return 0;
	if (rule.content === null) return null;
	if (rule.theme === null) {
		const own = [
			...plan.edits.edits.filter(({ rules }) => rules.includes(number)),
			...plan.edits.attributes.filter((one) => one.rule === number),
		];
		return new Set(own.flatMap(({ pattern }) => pattern.select(page.root))).size;
	}
	const selector = compileSelector(rule.content.select, new Diagnostics());
	const document = href === '' ? page.tree : page.root.document(href);
	if (selector === null || document === null) return 0;
	const value = selected(selector, rule.content, href === '' ? page.root : page.root.at(document, 0, 1, 1));
	return typeof value === 'object' ? value.nodes.length : 1;
}

function shadow({ plan, page, theme }: FinishedPage, number: number): RuleReport['shadowedBy'] {
	const compiled = plan.rules.find((one) => one.number === number);
	let by: Rule | undefined;
	if (compiled !== undefined) by = theme === null ? undefined : themeShadow(theme, compiled, page.root)?.rule;
	else {
		const edit = contentShadow(plan, number, page.root);
		if (edit === null) return null;
		by = plan.set.rules[edit.rules[0] ?? -1];
		const template = plan.set.xsl.find(({ name }) => name === 'template');
		if (by === undefined && template !== undefined) return { where: whereOf(template.place), rule: 'xsl:template' };
	}
	return by === undefined ? null : { where: whereOf(by.place), rule: ruleText(by) };
}
