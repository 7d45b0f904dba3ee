/** One step of a path, as a function from nodes to nodes. */
import type { NodeRef, Tree } from '../tree/index.ts';
import type { Expression, Step } from './ast.ts';
import type { Compiler } from './compile.ts';
import { isPlain } from './facts.ts';
import { type Evaluation, Frame } from './frame.ts';
import { kindOf } from './kind-of.ts';
import { type Hint, type NodeFilter, nodeFilter } from './node-filter.ts';
import { inOrder } from './node-order.ts';
import { attributeEquals, classTest, conjuncts } from './recognise.ts';
import { starts } from './starts.ts';
import { toBoolean } from './value.ts';
import { NO_LIMIT, WALKS } from './walks.ts';

export interface StepCode {
	/** Of one node, the first that is found is the first in the document. */
	readonly forward: boolean;
	/** Given nodes in order, gives nodes in order; `limit` of them are enough. */
	readonly take: (evaluation: Evaluation, tree: Tree, nodes: readonly NodeRef[], limit: number) => NodeRef[];
}

/** A node that a predicate is tried on costs as much as so many that only their names are looked at of. */
const PREDICATE_COST = 12;
/** Nodes that may be looked at before anybody is told. */
const MOST_UNTOLD = 4096;

function spend({ context }: Evaluation, looks: number): void {
	context.spend?.(looks);
}

const BACKWARD = new Set(['ancestor', 'ancestor-or-self', 'preceding', 'preceding-sibling']);
const SCANS = new Set(['descendant', 'descendant-or-self', 'following']);

export function compileStep(step: Step, compiler: Compiler): StepCode {
	const firstCounting = step.predicates.findIndex((one) => !isPlain(one));
	const split = firstCounting === -1 ? step.predicates.length : firstCounting;
	const plain = step.predicates.slice(0, split);
	const hint = SCANS.has(step.axis) ? hintOf(step, plain) : null;
	if (hint !== null && step.axis !== 'following') compiler.hints.push(hint);
	const filter = nodeFilter(step.test, allOf(plain, compiler), hint);
	const counting = step.predicates.slice(split).map((one) => compilePredicate(one, compiler));
	const forward = !BACKWARD.has(step.axis) && counting.length === 0;
	return { forward, take: counting.length === 0 ? takeAll(step, filter) : takeCounting(step, filter, counting) };
}

function allOf(predicates: readonly Expression[], compiler: Compiler): NodeFilter['predicate'] {
	const tests = predicates.map((one) => compiler.predicate(one).boolean);
	const [first, second, more] = tests;
	if (first === undefined || second === undefined) return first ?? null;
	if (more === undefined) return (frame) => first(frame) && second(frame);
	return (frame) => tests.every((test) => test(frame));
}

/** What a node must have to pass, if an index could know it. */
function hintOf(step: Step, predicates: readonly Expression[]): Hint | null {
	const needed = predicates.flatMap(conjuncts);
	for (const one of needed) {
		const equals = attributeEquals(one);
		if (equals?.name === 'id' && equals.value !== '') return { table: 'ids', key: equals.value };
	}
	for (const one of needed) {
		const found = classTest(one);
		if (found !== null) return { table: 'classes', key: found.name };
	}
	return step.test.type === 'name' ? { table: 'names', key: step.test.name } : null;
}

function takeAll({ axis }: Step, filter: NodeFilter): StepCode['take'] {
	const walk = WALKS[axis];
	const cost = filter.predicate === null ? 1 : PREDICATE_COST;
	return (evaluation, tree, nodes, limit) => {
		const frame = new Frame(evaluation, tree, 0);
		let out: NodeRef[] = [];
		let looked = 0;
		for (const node of starts(axis, tree, nodes)) {
			looked += walk(frame, node, filter, limit, out);
			if (out.length >= limit) break;
			if (looked < MOST_UNTOLD) continue;
			spend(evaluation, looked * cost);
			looked = 0;
			// Many nodes have the same ancestors: what was found twice must not fill the memory.
			if (out.length > 2 * tree.count + MOST_UNTOLD) out = inOrder(out);
		}
		spend(evaluation, looked * cost);
		return inOrder(out);
	};
}

/** Positions count from each node on its own, along the axis. */
function takeCounting({ axis }: Step, filter: NodeFilter, predicates: readonly Predicate[]): StepCode['take'] {
	const walk = WALKS[axis];
	const enough = predicates[0]?.nth ?? NO_LIMIT;
	const cost = filter.predicate === null ? 1 : PREDICATE_COST;
	return (evaluation, tree, nodes, limit) => {
		const out: NodeRef[] = [];
		for (const node of nodes) {
			const found: NodeRef[] = [];
			const looked = walk(new Frame(evaluation, tree, 0), node, filter, enough, found);
			spend(evaluation, looked * cost);
			for (const one of applyPredicates(predicates, evaluation, tree, found)) out.push(one);
			if (out.length >= limit) break;
		}
		return inOrder(out);
	};
}

export interface Predicate {
	/** `[3]`, or null. */
	readonly nth: number | null;
	readonly test: (frame: Frame) => boolean;
}

/** A number is a position; what may turn out to be one is looked at when it is there (section 2.4). */
export function compilePredicate(expression: Expression, compiler: Compiler): Predicate {
	const code = compiler.predicate(expression);
	const nth = expression.type === 'number' ? expression.value : null;
	const kind = kindOf(expression);
	if (kind === 'number') return { nth, test: (frame) => code.number(frame) === frame.position };
	if (kind !== 'any') return { nth, test: code.boolean };
	return {
		nth,
		test: (frame) => {
			const value = code.value(frame);
			return typeof value === 'number' ? value === frame.position : toBoolean(value);
		},
	};
}

export function applyPredicates(
	predicates: readonly Predicate[],
	evaluation: Evaluation,
	tree: Tree,
	nodes: readonly NodeRef[],
): readonly NodeRef[] {
	let left = nodes;
	for (const { nth, test } of predicates) {
		if (left.length === 0) return left;
		if (nth !== null) {
			left = Number.isInteger(nth) && nth > 0 ? left.slice(nth - 1, nth) : [];
			continue;
		}
		spend(evaluation, left.length * PREDICATE_COST);
		const frame = new Frame(evaluation, tree, 0);
		frame.size = left.length;
		left = left.filter((node, i) => {
			frame.node = node;
			frame.position = i + 1;
			return test(frame);
		});
	}
	return left;
}
