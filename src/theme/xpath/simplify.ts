/** Steps that say the same with less walking. */
import type { Step } from './ast.ts';
import { isPlain } from './facts.ts';

const isBare = (step: Step, axis: Step['axis']): boolean =>
	step.axis === axis && step.test.type === 'node' && step.predicates.length === 0;

/** What `descendant-or-self::node()/` followed by one of these axes comes to, where no predicate counts. */
const MERGED: Partial<Record<Step['axis'], Step['axis']>> = {
	child: 'descendant',
	descendant: 'descendant',
	self: 'descendant-or-self',
	'descendant-or-self': 'descendant-or-self',
};

export function simplify(steps: readonly Step[]): Step[] {
	const simple: Step[] = [];
	const useful = steps.filter((step) => !isBare(step, 'self'));
	for (const step of useful.length === 0 ? steps.slice(0, 1) : useful) {
		const last = simple.at(-1);
		if (last === undefined || !isBare(last, 'descendant-or-self')) simple.push(step);
		else simple.splice(-1, 1, ...merged(last, step));
	}
	return simple;
}

function merged(scan: Step, step: Step): Step[] {
	const axis = step.predicates.every(isPlain) ? MERGED[step.axis] : undefined;
	if (axis !== undefined) return [{ ...step, axis }];
	/** Only elements have attributes. */
	return step.axis === 'attribute' ? [{ ...scan, test: { type: 'any' } }, step] : [scan, step];
}
