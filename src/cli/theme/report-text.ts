/** The report on a page, for people. */
import { type PageReport, type RuleOutcome, type RuleReport, whereText } from '../../theme/explain/index.ts';

/** What is in front of a rule: whether it did something. */
const MARKS: Readonly<Record<RuleOutcome, string>> = {
	applied: '+',
	'no-theme': '-',
	condition: '-',
	'no-theme-node': '!',
	'no-content': '!',
	shadowed: '-',
};

export function reportText(report: PageReport, name: string): string {
	const { content, page, time, rules, themed } = report;
	const size = themed ? `${content} characters in, ${page} out` : `${content} characters, printed as they came`;
	const applied = rules.filter(({ outcome }) => outcome === 'applied').length;
	const parts = [
		`${name}: ${size}, ${milliseconds(time)}`,
		choiceText(report),
		...(rules.length === 0 ? [] : [rules.map(ruleText).join('\n')]),
		`${rules.length} rules: ${applied} did something, ${rules.length - applied} did not (- not asked to, ! nothing matched)`,
	];
	return `${parts.join('\n\n')}\n`;
}

function choiceText({ theme, choices }: PageReport): string {
	const lines = choices.map(({ kind, name, where, tests, chosen }) => {
		const failed = tests.filter(({ holds }) => !holds).map(({ test }) => test);
		const held = tests.map(({ test }) => test).join(' and ');
		const why = chosen ? held || 'it has no condition' : `no: ${failed.join(' and ')}`;
		const place = where === null ? '' : ` (${whereText(where)})`;
		return `  ${kind === 'notheme' ? 'notheme' : name}${place}: ${why}`;
	});
	return [`Theme: ${theme ?? 'none'}`, ...lines].join('\n');
}

function ruleText({ where, rule, outcome, ...rest }: RuleReport): string {
	return `${MARKS[outcome]} ${whereText(where)}  ${rule}\n    ${outcomeText({ where, rule, outcome, ...rest })}`;
}

function outcomeText(report: RuleReport): string {
	const { outcome, tests, shadowedBy, wrote, time } = report;
	const counts = countText(report);
	switch (outcome) {
		case 'no-theme':
			return 'no theme was chosen';
		case 'condition':
			return `${counts}; its condition does not hold: ${tests.flatMap(({ test, holds }) => (holds ? [] : [test])).join(' and ')}`;
		case 'no-theme-node':
			return `${counts}; nothing matches in the theme`;
		case 'shadowed':
			return `${counts}; ${shadowedBy === null ? '' : `${whereText(shadowedBy.where)} was there first: ${shadowedBy.rule}`}`;
		default: {
			const missing = outcome === 'no-content' ? '; nothing matches in the content' : '';
			const written = wrote === null ? '' : `; wrote ${wrote} characters`;
			return `${counts}${missing}${written}${time === null ? '' : ` in ${milliseconds(time)}`}`;
		}
	}
}

function countText({ themeNodes, contentNodes }: RuleReport): string {
	const parts = [];
	if (themeNodes !== null) parts.push(`${themeNodes} in the theme`);
	if (contentNodes !== null) parts.push(`${contentNodes} in the content`);
	return parts.join(', ');
}

const milliseconds = (time: number): string => `${time.toFixed(2)} ms`;
