/** The conditions on an element of rules: tests that must all hold, in Diazo's order. */

import type { Mistakes } from './mistakes.ts';
import type { MarkupAttribute, Selection, Test } from './model.ts';
import type { RuleAttributes } from './rule-attributes.ts';
import { CONDITIONS } from './vocabulary.ts';

/** `content`: what an empty if-content is about. */
export function readCondition(attributes: RuleAttributes, content: Selection | null, mistakes: Mistakes): Test[] {
	return CONDITIONS.flatMap((name): Test[] => {
		const attribute = attributes.written(name);
		if (attribute === null) return [];
		const negated = name.includes('-not') || name === 'if-not';
		if (name.endsWith('-path')) return pathTest(attribute, negated, mistakes);
		if (attribute.value.trim() === '') return emptyTest(attribute, negated, content, mistakes);
		const expression = attributes.expressionOf(attribute);
		const kind = name.endsWith('-content') || expression.language === 'css' ? 'content' : 'expression';
		return [{ kind, expression, negated }];
	});
}

function pathTest({ name, value, place }: MarkupAttribute, negated: boolean, mistakes: Mistakes): Test[] {
	const patterns = value.split(/[ \t\r\n]+/).filter((one) => one !== '');
	if (patterns.length > 0) return [{ kind: 'path', patterns, negated, place }];
	mistakes.error('empty-condition', `${name} is empty.`, place, 'Name a path, such as /news.');
	return [];
}

function emptyTest(
	{ name, place }: MarkupAttribute,
	negated: boolean,
	content: Selection | null,
	mistakes: Mistakes,
): Test[] {
	if (!name.endsWith('-content')) {
		mistakes.error('empty-condition', `${name} is empty.`, place);
		return [];
	}
	if (content === null) {
		const message = `An empty ${name} means the rule's own content, and there is none here.`;
		mistakes.error('empty-condition', message, place);
		return [];
	}
	const test = { kind: 'content', expression: { ...content.select, place }, negated } as const;
	return [content.children ? { ...test, children: true } : test];
}
