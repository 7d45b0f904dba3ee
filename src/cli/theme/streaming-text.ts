/** The report on streaming, for people. */
import {
	explainStreaming,
	type RuleStreaming,
	settlementText,
	type Wait,
	whereText,
} from '../../theme/explain/index.ts';
import type { Plan } from '../../theme/plan/index.ts';

export function streamingText(plan: Plan): string {
	const { streams, rules, themes } = explainStreaming(plan);
	const parts = [`Rules, and what must have been read of the content:\n${rules.map(ruleLines).join('\n')}`];
	if (!streams) parts.push('In xhtml nothing leaves before the content is complete.');
	else for (const { name, first, stops } of themes) parts.push(themeText(name, settlementText(first), stops));
	return parts.join('\n\n');
}

function ruleLines({ where, rule, work, waits, blocker }: RuleStreaming): string {
	const reason = blocker === null ? '' : ` (${blocker.what})`;
	const advice = blocker === null || blocker.advice === null ? '' : `\n      ${blocker.advice}`;
	return `  ${whereText(where)}  ${work}  ${settlementText(waits)}${reason}\n      ${rule}${advice}`;
}

function themeText(name: string, first: string, stops: readonly Wait[]): string {
	const begins =
		first === 'nothing' ? 'the first bytes leave at once' : `the first bytes leave when this has been read: ${first}`;
	if (stops.length === 0) return `${name}: ${begins}, and so do all others.`;
	return `${name}: ${begins}. It waits, in the order of the page:\n${stops.map(stopLines).join('\n')}`;
}

function stopLines({ where, what, waits, advice }: Wait): string {
	const line = `  ${whereText(where)}  for ${settlementText(waits)}: ${what}`;
	return advice === null ? line : `${line}\n      ${advice}`;
}
