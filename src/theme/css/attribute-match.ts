/** One attribute against one test. Values are compared where they stand: no test splits or copies them. */
import type { Tree } from '../tree/index.ts';
import type { AttributeTest, Name, Operator } from './selector.ts';

type ValueTest = (value: string) => boolean;

export function attributeMatcher(test: AttributeTest): (tree: Tree, node: number) => boolean {
	const matchesValue = valueTest(test);
	const absent = test.operator === '!=';
	const name = exactName(test.name);
	if (name !== null) {
		return (tree, node) => {
			const value = tree.attribute(node, name);
			return value === null ? absent : matchesValue(value);
		};
	}
	const ending = `:${test.name.local}`;
	return (tree, node) => {
		const named = tree.attributes(node).filter(({ name }) => name === test.name.local || name.endsWith(ending));
		return absent ? named.every(({ value }) => matchesValue(value)) : named.some(({ value }) => matchesValue(value));
	};
}

/** As the tree has it, prefix and all; null when any prefix will do. */
export function exactName({ prefix, local }: Name): string | null {
	if (prefix === '*') return null;
	return prefix === null || prefix === '' ? (local ?? '') : `${prefix}:${local ?? ''}`;
}

function valueTest({ operator, value, ignoreCase }: AttributeTest): ValueTest {
	if (!ignoreCase) return plainTest(operator, value);
	const test = plainTest(operator, asciiLower(value));
	return (found) => test(asciiLower(found));
}

function plainTest(operator: Operator, value: string): ValueTest {
	switch (operator) {
		case 'exists':
			return () => true;
		case '=':
			return (found) => found === value;
		case '!=':
			return (found) => found !== value;
		case '~=':
			return hasToken(value);
		case '|=':
			return (found) => found === value || (found.startsWith(value) && found.charAt(value.length) === '-');
		case '^=':
			return (found) => value !== '' && found.startsWith(value);
		case '$=':
			return (found) => value !== '' && found.endsWith(value);
		default:
			return (found) => value !== '' && found.includes(value);
	}
}

/** True for white space of HTML, and beyond both ends (NaN). */
const parts = (code: number): boolean => code === 32 || (code >= 9 && code <= 13 && code !== 11) || Number.isNaN(code);

/** Whether `token` is one of the words of a value. */
export function hasToken(token: string): (value: string) => boolean {
	if (!isToken(token)) return () => false;
	return (value) => {
		for (let at = value.indexOf(token); at !== -1; at = value.indexOf(token, at + 1)) {
			if (parts(value.charCodeAt(at - 1)) && parts(value.charCodeAt(at + token.length))) return true;
		}
		return false;
	};
}

/** Nothing, and what has white space in it, is never a word. */
export const isToken = (token: string): boolean => token !== '' && !/[ \t\n\f\r]/.test(token);

export function asciiLower(text: string): string {
	return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
