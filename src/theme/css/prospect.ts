/**
 * How far ahead a selector looks: what has not been read yet may change its answer. 0: nothing; INSIDE: what is in the
 * element; BEHIND: also its following siblings; ANYWHERE: more than that.
 */
import type { Complex, Compound, Test } from './selector.ts';

export const INSIDE = 1;
export const BEHIND = 2;
export const ANYWHERE = 3;

export function prospect(compound: Compound): number {
	return Math.max(0, ...compound.tests.map(testProspect));
}

/** Of a whole selector, seen from the element that it selects. */
export function complexProspect({ compounds }: Complex): number {
	const prospects = compounds.map(prospect);
	const own = prospects.pop() ?? 0;
	return prospects.some((other) => other > 0) ? ANYWHERE : own;
}

function testProspect(test: Test): number {
	switch (test.kind) {
		case 'empty':
		case 'contains':
			return INSIDE;
		case 'nth': {
			const of = test.of === null ? 0 : farthest(test.of);
			if (of > 0) return ANYWHERE;
			return test.fromEnd ? BEHIND : 0;
		}
		case 'not':
		case 'is':
			return farthest(test.list);
		case 'has':
			return Math.max(...test.list.map(relativeProspect));
		default:
			return 0;
	}
}

const farthest = (list: readonly Complex[]): number => Math.max(0, ...list.map(complexProspect));

function relativeProspect({ compounds, combinators }: Complex): number {
	if (compounds.some((compound) => prospect(compound) === ANYWHERE)) return ANYWHERE;
	return combinators[0] === '+' || combinators[0] === '~' ? BEHIND : INSIDE;
}
