/** Rules and their tests in one line, near to how they were written. */
import type { AttributeChange, Condition, Rule, Selection, Test } from '../rules/index.ts';

/** `replace theme-children '#main' by content '#content'`. */
export function ruleText({ spelled, theme, content, attributes, reference, body, edit }: Rule): string {
	const parts = [spelled];
	if (attributes !== null) parts.push(attributesText(attributes));
	if (theme !== null) parts.push(selectionText('theme', theme));
	if (content !== null) parts.push(selectionText('content', content));
	if (reference !== null && reference.href !== '') parts.push(`href '${reference.href}'`);
	if (body !== null) parts.push('and what it says itself');
	if (edit !== null) parts.push('by a function');
	return parts.join(' ');
}

export function selectionText(name: string, { select, children }: Selection): string {
	return `${name}${children ? '-children' : ''} '${oneLine(select.text)}'`;
}

const attributesText = ({ action, names }: AttributeChange): string =>
	`(${action} ${names === '*' ? 'all attributes' : names.join(', ')})`;

/** `if-content '.wide'`, as the XML has it. */
export function testText(test: Test): string {
	const sign = test.negated ? '-not' : '';
	switch (test.kind) {
		case 'path':
			return `if${sign}-path '${test.patterns.join(' ')}'`;
		case 'header':
			return `if${sign} header ${test.name}${test.value === null ? '' : `: ${test.value}`}`;
		case 'content':
			return `if${sign}-content '${oneLine(test.expression.text)}'`;
		default:
			return `if${sign} '${oneLine(test.expression.text)}'`;
	}
}

export const conditionText = (condition: Condition): string => condition.map(testText).join(' and ');

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
