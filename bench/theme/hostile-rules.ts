/** Rules that make the most of every page: what there is, is asked for and edited everywhere. Each with two that bring content in. */
import { fileURLToPath } from 'node:url';
import { compileTheme } from '../../src/theme/compile-theme.ts';
import type { Plan } from '../../src/theme/plan/index.ts';
import type { RuleInput } from '../../src/theme/rules/index.ts';

const RULES: Readonly<Record<string, RuleInput>> = {
	'every element loses an attribute': { attrs: { content: '//*', drop: ['class'] } },
	'every element is stripped': { strip: { content: 'body *' } },
	'every text is replaced': { replace: { content: '//text()', html: 'x' } },
	'//*//* in a condition': { drop: { theme: '#nav', when: { content: '//*//*' } } },
	'//*//*//* counted': { fill: { theme: '#nav', content: 'xpath:count(//*//*//*)' } },
	'//*//*//nothing brought in': { fill: { theme: '#nav', content: '//*//*//nothing' } },
	'long chains of descendants': { drop: { content: 'div div div div div div .nothing, * * * * * * nothing' } },
	'siblings of siblings': { drop: { content: '* ~ * ~ * ~ .nothing, :nth-last-child(2n) ~ nothing' } },
	'elements that have something': {
		drop: { content: 'div:has(nothing), p:has(~ nothing), :not(:has(span)) > nothing' },
	},
	positions: { drop: { content: '//*[position() = last()]/*[last()]/nothing' } },
	'the text of every element': { drop: { content: "//*[contains(., 'nothing there')]" } },
};

export interface HostileRules {
	readonly name: string;
	readonly plan: () => Plan;
}

const root = fileURLToPath(new URL('site', import.meta.url));

export const hostileRules: readonly HostileRules[] = Object.entries(RULES).map(([name, rule]) => ({
	name,
	plan: () =>
		compileTheme(
			{
				theme: 'theme.html',
				rules: [
					{ fill: { theme: '#main', content: '#content' } },
					{ append: { theme: 'head', content: 'head > *' } },
					rule,
				],
			},
			{ root },
		).plan,
}));
