/** What `?theme=debug` shows of a page, as JSON: the report that explains it (explain/), in words for people. */
import {
	explainPage,
	explainStreaming,
	type PageReport,
	type RuleReport,
	settlementText,
	type Where,
	whereText,
} from '../explain/index.ts';
import type { Facts } from '../page/index.ts';
import type { CompiledTheme, Plan } from '../plan/index.ts';
import type { Selection } from '../rules/index.ts';
import type { Tree } from '../tree/index.ts';

export type RuleStatus = RuleReport['outcome'] | 'unreachable';

export interface DebugRule {
	readonly number: number;
	/** As written: `replace`, `copy`, `append` … */
	readonly name: string;
	readonly theme: string | null;
	readonly content: string | null;
	/** What it brings in otherwise, or changes: in words; '' for nothing. */
	readonly also: string;
	/** `rules.xml:12:7`. */
	readonly where: string;
	readonly status: RuleStatus;
	/** One sentence about it; '' when there is nothing to add. */
	readonly why: string;
	readonly tests: readonly { readonly test: string; readonly holds: boolean }[];
	readonly themeNodes: number | null;
	readonly contentNodes: number | null;
	readonly wrote: number | null;
	/** Milliseconds. */
	readonly time: number | null;
}

export interface DebugReport {
	readonly path: string;
	readonly theme: string | null;
	readonly choices: PageReport['choices'] extends readonly (infer Choice)[]
		? readonly (Omit<Choice, 'where'> & { readonly where: string | null })[]
		: never;
	readonly rules: readonly DebugRule[];
	readonly content: number;
	readonly page: number;
	/** Milliseconds: reading the content, writing the page, and what rules looked for in it. */
	readonly parse: number;
	readonly walk: number;
	/** Whether it can leave before the content is complete, and where it waits for more of it. */
	readonly streams: boolean;
	readonly stops: readonly {
		readonly what: string;
		readonly where: string;
		readonly waits: string;
		readonly advice: string | null;
	}[];
	/** About the rules, and about this page. */
	readonly warnings: readonly string[];
}

export interface Explained {
	readonly plan: Plan;
	readonly content: string;
	readonly facts: Facts;
	readonly documents: ReadonlyMap<string, Tree>;
	/** The theme that was chosen. */
	readonly theme: CompiledTheme | null;
	readonly parse: number;
	readonly walk: number;
	/** A file's name as people are to see it. */
	readonly shown: (name: string) => string;
}

export function debugReport(explained: Explained): DebugReport {
	const { plan, content, facts, documents, theme, parse, walk, shown } = explained;
	const place = (where: Where): string => shown(whereText(where));
	const report = explainPage(plan, content, facts, documents);
	const streaming = explainStreaming(plan);
	const stops = streaming.themes[plan.themes.findIndex(({ tree }) => tree === theme?.tree)]?.stops ?? [];
	return {
		path: facts.path,
		theme: report.theme === null ? null : shown(report.theme),
		choices: report.choices.map((one) => ({
			...one,
			name: shown(one.name),
			where: one.where === null ? null : place(one.where),
		})),
		rules: report.rules.map((rule, number) => debugRule(plan, rule, number, place)),
		content: report.content,
		page: report.page,
		parse,
		walk,
		streams: streaming.streams,
		stops: stops.map(({ what, where, waits, advice }) => ({
			what,
			where: place(where),
			waits: settlementText(waits),
			advice,
		})),
		warnings: plan.warnings.map(({ message, hint }) => (hint === null ? message : `${message} ${hint}`)),
	};
}

function debugRule(plan: Plan, report: RuleReport, number: number, place: (where: Where) => string): DebugRule {
	const rule = plan.set.rules[number];
	const hidden = plan.warnings.find(({ code, place }) => code === 'unreachable' && place === rule?.place);
	const { themeNodes, contentNodes, tests, wrote, time, outcome } = report;
	return {
		number,
		name: rule?.spelled ?? report.rule,
		theme: selectionText(rule?.theme),
		content: selectionText(rule?.content),
		also: alsoText(rule),
		where: place(report.where),
		status: hidden !== undefined && outcome !== 'no-theme' ? 'unreachable' : outcome,
		why: hidden?.message ?? whyText(report, place),
		tests,
		themeNodes,
		contentNodes,
		wrote,
		time,
	};
}

function selectionText(selection: Selection | null | undefined): string | null {
	if (selection === null || selection === undefined) return null;
	const text = selection.select.text.trim().replace(/\s+/g, ' ');
	return selection.children ? `${text} › children` : text;
}

function alsoText(rule: Plan['set']['rules'][number] | undefined): string {
	if (rule === undefined) return '';
	const { attributes, reference, body, edit } = rule;
	const parts: string[] = [];
	if (attributes !== null) {
		const { action, names } = attributes;
		parts.push(`${action} ${names === '*' ? 'all attributes' : names.join(', ')}`);
	}
	if (reference !== null && reference.href !== '') parts.push(reference.href);
	if (body !== null) parts.push('markup of its own');
	if (edit !== null) parts.push('a function');
	return parts.join(', ');
}

function whyText({ outcome, tests, shadowedBy }: RuleReport, place: (where: Where) => string): string {
	switch (outcome) {
		case 'condition': {
			const failed = tests.filter(({ holds }) => !holds).map(({ test }) => test);
			return `Does not hold: ${failed.join(' and ')}`;
		}
		case 'shadowed':
			return shadowedBy === null ? '' : `Instead: ${shadowedBy.rule} (${place(shadowedBy.where)})`;
		case 'no-theme-node':
			return 'Nothing in this theme is selected.';
		case 'no-content':
			return 'Nothing in the content is selected.';
		case 'no-theme':
			return 'This page has no theme.';
		default:
			return '';
	}
}
