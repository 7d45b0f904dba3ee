/** Comparisons of whatever there is (XPath 1.0, section 3.4): a node-set compares when one of its nodes does. */
import type { NodeSet } from '../tree/index.ts';
import type { Comparison } from './ast.ts';
import { isNodeSet, stringToNumber, stringValue, toBoolean, toNumber, toString, type XPathValue } from './value.ts';

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
	'=': '=',
	'!=': '!=',
	'<': '>',
	'<=': '>=',
	'>': '<',
	'>=': '<=',
};

export function compare(operator: Comparison, a: XPathValue, b: XPathValue): boolean {
	if (isNodeSet(a)) return isNodeSet(b) ? compareSets(operator, a, b) : compareSet(operator, a, b);
	if (isNodeSet(b)) return compareSet(MIRRORED[operator], b, a);
	if (operator !== '=' && operator !== '!=') return compareNumbers(operator, toNumber(a), toNumber(b));
	return equal(a, b) === (operator === '=');
}

function equal(a: XPathValue, b: XPathValue): boolean {
	if (typeof a === 'boolean' || typeof b === 'boolean') return toBoolean(a) === toBoolean(b);
	if (typeof a === 'number' || typeof b === 'number') return toNumber(a) === toNumber(b);
	return toString(a) === toString(b);
}

export function compareNumbers(operator: Comparison, a: number, b: number): boolean {
	switch (operator) {
		case '=':
			return a === b;
		case '!=':
			return a !== b;
		case '<':
			return a < b;
		case '<=':
			return a <= b;
		case '>':
			return a > b;
		default:
			return a >= b;
	}
}

function compareSet(operator: Comparison, set: NodeSet, value: XPathValue): boolean {
	if (typeof value === 'boolean') return compare(operator, set.nodes.length > 0, value);
	const { tree, nodes } = set;
	if (typeof value === 'string' && (operator === '=' || operator === '!=')) {
		return nodes.some((node) => (stringValue(tree, node) === value) === (operator === '='));
	}
	const number = toNumber(value);
	return nodes.some((node) => compareNumbers(operator, stringToNumber(stringValue(tree, node)), number));
}

const textsOf = ({ tree, nodes }: NodeSet): string[] => nodes.map((node) => stringValue(tree, node));

function compareSets(operator: Comparison, a: NodeSet, b: NodeSet): boolean {
	if (a.nodes.length === 0 || b.nodes.length === 0) return false;
	const [some, others] = [textsOf(a), textsOf(b)];
	if (operator === '=') {
		const texts = new Set(others);
		return some.some((text) => texts.has(text));
	}
	/** None differ only where all are one text. */
	if (operator === '!=') return new Set([...some, ...others]).size > 1;
	const least = operator === '<' || operator === '<=';
	return compareNumbers(operator, extreme(some, least), extreme(others, !least));
}

/** What is no number compares with nothing, and does not stand in the way of what is. */
function extreme(texts: readonly string[], least: boolean): number {
	const numbers = texts.map(stringToNumber).filter((number) => !Number.isNaN(number));
	return numbers.reduce((a, b) => (least === b < a ? b : a), numbers[0] ?? Number.NaN);
}
