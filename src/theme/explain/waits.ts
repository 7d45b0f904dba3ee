/** What each rule must have read of the content before it can be carried out, and which part of it asks for that. */
import type { CompiledCondition, CompiledRule, Plan } from '../plan/index.ts';
import type { Condition, MarkupElement, Rule } from '../rules/index.ts';
import { bothSettled, type Settlement } from '../tree/index.ts';
import { adviceFor, BODY_ADVICE, WHOLE_BODY_ADVICE } from './advice.ts';
import { ruleText, selectionText, testText } from './rule-text.ts';
import { waitsLonger } from './settlement-text.ts';
import { type Where, whereOf } from './where.ts';

/** One thing that is waited for. */
export interface Wait {
	readonly where: Where;
	/** What asks: `if-content '.wide'`. */
	readonly what: string;
	readonly waits: Settlement;
	/** How it would wait for less; null where it need not. */
	readonly advice: string | null;
}

export interface RuleStreaming {
	readonly where: Where;
	readonly rule: string;
	/** `fast`: found while the content is read. `tree`: looked for in what has been read. `xslt`: instructions are run. */
	readonly work: 'fast' | 'tree' | 'xslt';
	readonly waits: Settlement;
	/** What waits longest; null when nothing is waited for. */
	readonly blocker: Wait | null;
}

/** Those parts of a condition that ask something of the content. */
export function conditionWaits(condition: Condition, compiled: CompiledCondition, uniqueIds: boolean): Wait[] {
	return condition.flatMap((test, index) => {
		const waits = compiled.tests[index]?.settlement ?? 'start';
		if (waits === 'start' || (test.kind !== 'content' && test.kind !== 'expression')) return [];
		const { expression } = test;
		const advice = waits === 'end' ? adviceFor(expression, 'existence', uniqueIds) : null;
		return [{ where: whereOf(expression.place), what: testText(test), waits, advice }];
	});
}

/** All that a rule waits for: its condition, then what it brings in or changes. */
export function ruleWaits(plan: Plan, number: number): Wait[] {
	const rule = plan.set.rules[number] as Rule;
	const uniqueIds = plan.options.uniqueIds === true;
	const condition = conditionWaits(rule.condition, plan.conditions[number] as CompiledCondition, uniqueIds);
	const compiled = plan.rules.find((one) => one.number === number);
	const own = compiled === undefined ? patternWait(plan, number, rule) : broughtWait(rule, compiled, uniqueIds);
	return own === null ? condition : [...condition, own];
}

export function ruleStreaming(plan: Plan, number: number): RuleStreaming {
	const rule = plan.set.rules[number] as Rule;
	const all = ruleWaits(plan, number);
	const waits = all.reduce<Settlement>((known, one) => bothSettled(known, one.waits), 'start');
	return { where: whereOf(rule.place), rule: ruleText(rule), work: workOf(rule), waits, blocker: longest(all) };
}

export function longest(waits: readonly Wait[]): Wait | null {
	return waits.reduce<Wait | null>((best, one) => (waitsLonger(best?.waits ?? 'start', one.waits) ? one : best), null);
}

function broughtWait(rule: Rule, { brought, attributes }: CompiledRule, uniqueIds: boolean): Wait | null {
	const waits = attributes?.settlement ?? brought.settlement;
	if (waits === 'start') return null;
	if (asksInBody(rule)) {
		return { where: whereOf(rule.place), what: 'instructions in its body', waits, advice: BODY_ADVICE };
	}
	if (rule.content === null) return null;
	const { select } = rule.content;
	const what = selectionText('content', rule.content);
	const wholeBody = /^(?:html\s*>?\s*)?body\b[^\s>+~,]*$/.test(select.text.trim()) && attributes === null;
	const asked = attributes === null ? 'nodes' : 'attributes';
	const advice = waits !== 'end' ? null : wholeBody ? WHOLE_BODY_ADVICE : adviceFor(select, asked, uniqueIds);
	return { where: whereOf(select.place), what, waits, advice };
}

/** A change of the content: until it is certain what is changed, no content can leave at all. */
function patternWait({ edits }: Plan, number: number, rule: Rule): Wait | null {
	const patterns = [
		...edits.edits.filter(({ rules }) => rules.includes(number)),
		...edits.attributes.filter((one) => one.rule === number),
	];
	const waits = patterns.reduce<Settlement>((all, { pattern }) => bothSettled(all, pattern.settlement), 'start');
	if (rule.content === null || waits === 'start') return null;
	const { select } = rule.content;
	const what = selectionText('content', rule.content);
	return { where: whereOf(select.place), what, waits, advice: adviceFor(select, 'pattern', false) };
}

function workOf(rule: Rule): RuleStreaming['work'] {
	if (rule.mode !== null || asksInBody(rule)) return 'xslt';
	const { content, condition } = rule;
	const inTree = condition.some((test) => test.kind === 'content' && test.expression.language === 'xpath');
	return inTree || content?.select.language === 'xpath' ? 'tree' : 'fast';
}

function asksInBody({ body }: Rule): boolean {
	const asks = (element: MarkupElement): boolean =>
		element.namespace === 'xsl' ||
		element.namespace === 'diazo' ||
		element.attributes.some(({ value }) => value.includes('{')) ||
		element.children.some((child) => child.type === 'element' && asks(child));
	return body?.some((one) => one.type === 'element' && asks(one)) ?? false;
}
