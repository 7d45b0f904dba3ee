/** Comparisons, by what is known of their sides beforehand. */

import type { Comparison, Expression } from './ast.ts';
import { attributeHere } from './attribute-here.ts';
import { booleanCode, type Code, type Kind } from './code.ts';
import { compare, compareNumbers } from './compare.ts';
import type { Compiler } from './compile.ts';
import { kindOf } from './kind-of.ts';
import { attributeEquals } from './recognise.ts';

type ComparisonExpression = Extract<Expression, { type: 'comparison' }>;

export function compileComparison(expression: ComparisonExpression, compiler: Compiler): Code {
	const { operator } = expression;
	const exact = attributeEquals(expression);
	if (exact !== null) return booleanCode((frame) => attributeHere(frame, exact.name) === exact.value);
	const counted = emptiness(expression);
	if (counted !== null) {
		const { boolean } = compiler.compile(counted.nodes);
		return counted.some ? booleanCode(boolean) : booleanCode((frame) => !boolean(frame));
	}
	const [left, right] = [compiler.compile(expression.left), compiler.compile(expression.right)];
	const kinds = [left.kind, right.kind];
	if (kinds.includes('nodes') || kinds.includes('any')) {
		return booleanCode((frame) => compare(operator, left.value(frame), right.value(frame)));
	}
	if (operator === '=' || operator === '!=') return equality(operator, left, right, kinds);
	return booleanCode((frame) => compareNumbers(operator, left.number(frame), right.number(frame)));
}

/** Section 3.4: booleans before numbers before strings. */
function equality(operator: '=' | '!=', left: Code, right: Code, kinds: readonly Kind[]): Code {
	const same = operator === '=';
	if (kinds.includes('boolean')) return booleanCode((f) => (left.boolean(f) === right.boolean(f)) === same);
	if (kinds.includes('number')) return booleanCode((f) => (left.number(f) === right.number(f)) === same);
	return booleanCode((f) => (left.string(f) === right.string(f)) === same);
}

/** `count(x) > 0` and its like only ask whether there is any. */
const SOME: ReadonlySet<string> = new Set(['> 0', '!= 0', '>= 1'] satisfies `${Comparison} ${number}`[]);
const NONE: ReadonlySet<string> = new Set(['= 0', '< 1', '<= 0'] satisfies `${Comparison} ${number}`[]);

function emptiness({ operator, left, right }: ComparisonExpression): { nodes: Expression; some: boolean } | null {
	if (left.type !== 'call' || left.name !== 'count' || right.type !== 'number') return null;
	const [nodes] = left.args;
	const asked = `${operator} ${right.value}`;
	if (nodes === undefined || kindOf(nodes) !== 'nodes' || (!SOME.has(asked) && !NONE.has(asked))) return null;
	return { nodes, some: SOME.has(asked) };
}
