/**
 * From selector to closures over the arrays of a tree, from right to left. A matcher of a whole selector answers in
 * three ways: with ancestors still to be tried, "not here" and "nowhere farther out" are not the same, and telling them
 * apart is what keeps a long chain of descendants from trying all combinations.
 */
import { ELEMENT, NONE, type Tree } from '../tree/index.ts';
import { attributeMatcher, exactName, hasToken } from './attribute-match.ts';
import { chainMatcher } from './compile-has.ts';
import { isStep } from './nth.ts';
import { complexProspect } from './prospect.ts';
import type { Complex, Compound, NthTest, Test } from './selector.ts';
import { FirstMatches, type Kind, nextElement, PerTree, Positions, previousElement } from './siblings.ts';
import { languageMatcher, STATE_MATCHERS } from './states.ts';

/** Nodes that are asked about are elements. */
export type Matcher = (tree: Tree, node: number) => boolean;

/** The compound does not match here. */
const NO = 0;
const YES = 1;
/** The compounds up to here match, and no ancestor completes the selector: elements farther out have even fewer. */
const HOPELESS = -1;

type Trial = (tree: Tree, node: number) => number;

export function complexMatcher(complex: Complex): Matcher {
	const trial = complexTrial(complex, complex.compounds.length - 1);
	return (tree, node) => trial(tree, node) === YES;
}

/** Like `complexMatcher`, for elements of which a test of the last compound is known to hold. */
export function matcherWithout(complex: Complex, known: Test): Matcher | null {
	const { compounds, combinators } = complex;
	const last = compounds[compounds.length - 1] as Compound;
	const rest: Compound = { name: last.name, tests: last.tests.filter((test) => test !== known) };
	if (compounds.length === 1 && rest.tests.length === 0 && rest.name.local === null) return null;
	return complexMatcher({ compounds: [...compounds.slice(0, -1), rest], combinators });
}

function complexTrial(complex: Complex, at: number): Trial {
	const matches = compoundMatcher(complex.compounds[at] as Compound);
	if (at === 0) return (tree, node) => (matches(tree, node) ? YES : NO);
	const left = complexTrial(complex, at - 1);
	const lasts = complexProspect({ ...complex, compounds: complex.compounds.slice(0, at) }) === 0;
	switch (complex.combinators[at]) {
		case '>':
			return (tree, node) => (matches(tree, node) ? parentTrial(tree, node, left) : NO);
		case '+':
			return (tree, node) => {
				if (!matches(tree, node)) return NO;
				const before = previousElement(tree, node);
				return before === NONE ? NO : left(tree, before);
			};
		case '~':
			return siblingTrial(matches, left, lasts);
		default: {
			const climbs = ancestorTrial(left, lasts);
			return (tree, node) => (matches(tree, node) ? climbs(tree, node) : NO);
		}
	}
}

function parentTrial(tree: Tree, node: number, left: Trial): number {
	const parent = tree.parents[node] as number;
	return tree.kinds[parent] === ELEMENT ? left(tree, parent) : NO;
}

/** How far up elements are asked one by one, before what was found above is remembered. */
const NEAR = 16;

function ancestorTrial(left: Trial, lasts: boolean): Trial {
	const remembered = new PerTree(lasts, () => new Map<number, number>());
	const climb: Trial = (tree, node) => {
		let at = tree.parents[node] as number;
		for (let steps = 0; at > 0 && steps < NEAR; steps++) {
			const found = left(tree, at);
			if (found !== NO) return found;
			at = tree.parents[at] as number;
		}
		return at > 0 ? far(tree, at) : HOPELESS;
	};
	const far: Trial = (tree, node) => {
		const answers = remembered.of(tree);
		let answer = answers.get(node);
		if (answer === undefined) answers.set(node, (answer = left(tree, node) || climb(tree, node)));
		return answer;
	};
	return climb;
}

function siblingTrial(matches: Matcher, left: Trial, lasts: boolean): Trial {
	const remembered = new PerTree(lasts, () => new FirstMatches());
	const isLeft: Matcher = (tree, node) => left(tree, node) === YES;
	return (tree, node) => (matches(tree, node) && remembered.of(tree).before(tree, node, isLeft) ? YES : NO);
}

function compoundMatcher({ name, tests }: Compound): Matcher {
	const matchers = tests.map(testMatcher);
	const isNamed = nameMatcher(name);
	if (isNamed !== null) matchers.unshift(isNamed);
	const [first, second, ...others] = matchers;
	if (first === undefined) return () => true;
	if (second === undefined) return first;
	if (others.length === 0) return (tree, node) => first(tree, node) && second(tree, node);
	return (tree, node) => matchers.every((matches) => matches(tree, node));
}

function nameMatcher(name: Compound['name']): Matcher | null {
	const { prefix, local } = name;
	if (local === null) {
		if (prefix === null || prefix === '*') return null;
		const beginning = `${prefix}:`;
		return (tree, node) => {
			const found = tree.names[node] as string;
			return prefix === '' ? !found.includes(':') : found.startsWith(beginning);
		};
	}
	const exact = exactName(name);
	if (exact !== null) return (tree, node) => tree.names[node] === exact;
	const ending = `:${local}`;
	return (tree, node) => {
		const found = tree.names[node] as string;
		return found === local || found.endsWith(ending);
	};
}

function testMatcher(test: Test): Matcher {
	switch (test.kind) {
		case 'id':
			return (tree, node) => tree.attribute(node, 'id') === test.value;
		case 'class': {
			const matches = hasToken(test.value);
			return (tree, node) => {
				const value = tree.attribute(node, 'class');
				return value !== null && matches(value);
			};
		}
		case 'attribute':
			return attributeMatcher(test);
		case 'contains':
			return (tree, node) => tree.stringValue(node).includes(test.value);
		case 'lang':
			return languageMatcher(test.ranges);
		case 'nth':
			return nthMatcher(test);
		case 'is':
			return listMatcher(test.list);
		case 'not': {
			const matches = listMatcher(test.list);
			return (tree, node) => !matches(tree, node);
		}
		case 'has':
			return some(test.list.map(hasMatcher));
		default:
			return STATE_MATCHERS[test.kind];
	}
}

const listMatcher = (list: readonly Complex[]): Matcher => some(list.map(complexMatcher));

function some(matchers: readonly Matcher[]): Matcher {
	const [only, ...others] = matchers;
	if (only !== undefined && others.length === 0) return only;
	return (tree, node) => matchers.some((matches) => matches(tree, node));
}

function hasMatcher({ compounds, combinators }: Complex): Matcher {
	return chainMatcher(
		compounds.map((compound, at) => ({ combinator: combinators[at] ?? ' ', matches: compoundMatcher(compound) })),
	);
}

function nthMatcher(test: NthTest): Matcher {
	const { fromEnd, ofType, of } = test;
	if (test.a === 0 && test.b === 1 && !ofType && of === null) {
		const beside = fromEnd ? nextElement : previousElement;
		return (tree, node) => beside(tree, node) === NONE;
	}
	const kind = nthKind(test);
	const lasts = of === null || of.every((complex) => complexProspect(complex) === 0);
	const remembered = new PerTree(lasts, () => new Positions(kind));
	return (tree, node) => {
		const position = remembered.of(tree).of(tree, node, fromEnd);
		return position !== 0 && isStep(test, position);
	};
}

function nthKind({ ofType, of }: NthTest): Kind {
	if (ofType) return (tree, node) => tree.names[node] as string;
	if (of === null) return () => '';
	const counts = listMatcher(of);
	return (tree, node) => (counts(tree, node) ? '' : null);
}
