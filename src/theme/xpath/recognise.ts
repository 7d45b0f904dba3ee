/** Ways of writing that stand for something simpler: what they mean is found without walking. */
import type { Expression } from './ast.ts';

/** `@name` asked of the node at hand, or null. */
export function attributeName(expression: Expression): string | null {
	if (expression.type !== 'path' || expression.from !== 'here') return null;
	const [step, more] = expression.steps;
	if (step?.axis !== 'attribute' || more !== undefined || step.predicates.length > 0) return null;
	return step.test.type === 'name' ? step.test.name : null;
}

const textOf = (expression: Expression | undefined): string | null =>
	expression?.type === 'string' ? expression.value : null;

/** `@name = 'value'`, either way round. */
export function attributeEquals(expression: Expression): { readonly name: string; readonly value: string } | null {
	if (expression.type !== 'comparison' || expression.operator !== '=') return null;
	const { left, right } = expression;
	const name = attributeName(left) ?? attributeName(right);
	const value = textOf(right) ?? textOf(left);
	return name === null || value === null ? null : { name, value };
}

export interface ClassTest {
	readonly name: string;
	/** Other white space than the blank separates as well: the writer took care of it. */
	readonly normalized: boolean;
}

const called = (expression: Expression | undefined, name: string): readonly Expression[] =>
	expression?.type === 'call' && expression.name === name ? expression.args : [];

/** `contains(concat(' ', normalize-space(@class), ' '), ' x ')`, with or without normalize-space(). */
export function classTest(expression: Expression): ClassTest | null {
	const [whole, part] = called(expression, 'contains');
	const [before, text, after, more] = called(whole, 'concat');
	if (textOf(before) !== ' ' || textOf(after) !== ' ' || text === undefined || more !== undefined) return null;
	const [inner] = called(text, 'normalize-space');
	if (attributeName(inner ?? text) !== 'class') return null;
	const name = /^ ([^ \t\r\n\f]+) $/.exec(textOf(part) ?? '')?.[1];
	return name === undefined ? null : { name, normalized: inner !== undefined };
}

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;

/** Is the name one of the words? */
export function hasClass(words: string, { name, normalized }: ClassTest): boolean {
	for (let at = words.indexOf(name); at !== -1; at = words.indexOf(name, at + 1)) {
		const end = at + name.length;
		const [before, after] = [
			at === 0 ? 32 : words.charCodeAt(at - 1),
			end === words.length ? 32 : words.charCodeAt(end),
		];
		if (normalized ? isSpace(before) && isSpace(after) : before === 32 && after === 32) return true;
	}
	return false;
}

/** What a predicate needs at least: the operands of `and`, and theirs. */
export function conjuncts(expression: Expression): readonly Expression[] {
	return expression.type === 'and' ? expression.operands.flatMap(conjuncts) : [expression];
}
