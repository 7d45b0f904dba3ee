/** EXSLT's functions on numbers. */
import type { NodeSet } from '../../tree/index.ts';
import { stringToNumber, stringValue } from '../value.ts';
import { argument, type FunctionDefinition, nodesFunction, numberAt, numberFunction, textAt } from './definition.ts';

const SET = { nodeSets: [0] };

const CONSTANTS: Readonly<Record<string, number>> = {
	PI: Math.PI,
	E: Math.E,
	SQRRT2: Math.SQRT2,
	LN2: Math.LN2,
	LN10: Math.LN10,
	LOG2E: Math.LOG2E,
	SQRT1_2: Math.SQRT1_2,
};

const numbersOf = ({ tree, nodes }: NodeSet): number[] => nodes.map((n) => stringToNumber(stringValue(tree, n)));

/** NaN when there is nothing or something is no number. */
const extreme = (numbers: readonly number[], best: 'min' | 'max'): number =>
	numbers.length === 0 ? Number.NaN : numbers.reduce((a, b) => Math[best](a, b));

const extremeNumber = (best: 'min' | 'max'): FunctionDefinition =>
	numberFunction([1, 1], (frame, args) => extreme(numbersOf(argument(args, 0).nodes(frame)), best), SET);

const extremeNodes = (best: 'min' | 'max'): FunctionDefinition =>
	nodesFunction(
		[1, 1],
		(frame, args) => {
			const set = argument(args, 0).nodes(frame);
			const numbers = numbersOf(set);
			const wanted = extreme(numbers, best);
			return { tree: set.tree, nodes: set.nodes.filter((_, i) => numbers[i] === wanted) };
		},
		SET,
	);

const ONE_ARGUMENT = ['abs', 'sqrt', 'log', 'exp', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const;
const TWO_ARGUMENTS = { power: Math.pow, atan2: Math.atan2 };

/** To so many digits, cut off and not rounded. */
function constant(name: string, digits: number): number {
	const value = CONSTANTS[name] ?? Number.NaN;
	return digits >= 1 && digits < 17 ? Number(String(value).slice(0, Math.floor(digits) + 1)) : value;
}

export const mathFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'math:min': extremeNumber('min'),
	'math:max': extremeNumber('max'),
	'math:lowest': extremeNodes('min'),
	'math:highest': extremeNodes('max'),
	'math:random': numberFunction([0, 0], () => Math.random(), { variable: true }),
	'math:constant': numberFunction([2, 2], (frame, args) => constant(textAt(frame, args, 0), numberAt(frame, args, 1))),
	...Object.fromEntries(
		ONE_ARGUMENT.map((name) => [
			`math:${name}`,
			numberFunction([1, 1], (frame, args) => Math[name](numberAt(frame, args, 0))),
		]),
	),
	...Object.fromEntries(
		Object.entries(TWO_ARGUMENTS).map(([name, run]) => [
			`math:${name}`,
			numberFunction([2, 2], (frame, args) => run(numberAt(frame, args, 0), numberAt(frame, args, 1))),
		]),
	),
};
