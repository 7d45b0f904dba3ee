/** The namespace prefixes that the XPath of a set needs beside the usual ones. */
import { isUsual } from './markup-to-text.ts';
import type { Condition, Expression, RuleSet } from './model.ts';

export function otherPrefixes(set: RuleSet): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const { language, text, namespaces } of expressions(set)) {
		if (language !== 'xpath') continue;
		for (const [prefix, uri] of namespaces ?? []) {
			if (prefix === '' || isUsual(prefix, uri) || !text.includes(`${prefix}:`)) continue;
			if (!found.has(prefix)) found.set(prefix, uri);
		}
	}
	return found;
}

function expressions({ rules, themes, nothemes }: RuleSet): Expression[] {
	const conditions = [...rules, ...themes, ...nothemes].map(({ condition }) => condition);
	const selections = rules.flatMap(({ theme, content }) => [theme, content]);
	return [
		...conditions.flatMap((condition: Condition) =>
			condition.flatMap((one) => ('expression' in one ? [one.expression] : [])),
		),
		...selections.flatMap((one) => (one === null ? [] : [one.select])),
	];
}
