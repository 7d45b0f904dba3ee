/** Paths and filters: steps one behind the other, each from all that the one before has found. */
import { isAttribute, type NodeSet } from '../tree/index.ts';
import type { Expression, PathExpression } from './ast.ts';
import { type Code, nodesCode } from './code.ts';
import type { Compiler } from './compile.ts';
import { applyPredicates, compilePredicate, compileStep, type StepCode } from './compile-step.ts';
import { isLasting } from './facts.ts';
import type { Frame } from './frame.ts';
import { print } from './print.ts';
import { simplify } from './simplify.ts';
import { stringValue } from './value.ts';
import { NO_LIMIT } from './walks.ts';

type Start = (frame: Frame) => NodeSet;
/** All nodes, whether there is any, or the first in the document. */
type Wanted = 'all' | 'any' | 'first';

export function compilePath(path: PathExpression, compiler: Compiler): Code {
	const simple = { ...path, steps: simplify(path.steps) };
	const steps = simple.steps.map((step) => compileStep(step, compiler));
	const start = startOf(path.from, compiler);
	const select = selector(start, steps);
	const code = nodesCode(
		(frame) => select(frame, 'all'),
		(frame) => select(frame, 'any').nodes.length > 0,
		(frame) => firstText(select(frame, 'first'), frame),
	);
	if (steps.length === 0 || !isLasting(path)) return code;
	return remembered(code, `xpath ${print(simple)}`, compiler.inPredicate);
}

function startOf(from: PathExpression['from'], compiler: Compiler): Start {
	if (from === 'root') return ({ tree }) => ({ tree, nodes: [0] });
	return from === 'here' ? ({ tree, node }) => ({ tree, nodes: [node] }) : compiler.compile(from).nodes;
}

function selector(start: Start, steps: readonly StepCode[]): (frame: Frame, wanted: Wanted) => NodeSet {
	const end = steps.length - 1;
	return (frame, wanted) => {
		const from = start(frame);
		const { tree } = from;
		let { nodes } = from;
		for (let i = 0; i <= end && nodes.length > 0; i++) {
			const step = steps[i] as StepCode;
			const one = i === end && (wanted === 'any' || (wanted === 'first' && step.forward && nodes.length === 1));
			nodes = step.take(frame.evaluation, tree, nodes, one ? 1 : NO_LIMIT);
		}
		return { tree, nodes };
	};
}

/** The text of a node costs what is in it. */
function firstText({ tree, nodes: [first] }: NodeSet, { evaluation }: Frame): string {
	if (first === undefined) return '';
	if (!isAttribute(first)) evaluation.context.spend?.(tree.after(first) - first);
	return stringValue(tree, first);
}

/** Found once for each tree. Asked again and again by a predicate, even whether there is any is worth the whole answer. */
function remembered(code: Code, key: string, askedOften: boolean): Code {
	const known = (frame: Frame): NodeSet | undefined => {
		const found = frame.evaluation.memo?.get(key);
		return found?.tree === frame.tree ? found : undefined;
	};
	const nodes = (frame: Frame): NodeSet => {
		const found = known(frame) ?? code.nodes(frame);
		frame.evaluation.memo ??= new Map();
		frame.evaluation.memo.set(key, found);
		return found;
	};
	if (askedOften) return nodesCode(nodes);
	return nodesCode(
		nodes,
		(frame) => {
			const found = known(frame);
			return found === undefined ? code.boolean(frame) : found.nodes.length > 0;
		},
		(frame) => {
			const found = known(frame);
			return found === undefined ? code.string(frame) : firstText(found, frame);
		},
	);
}

/** `(//p)[2]`: positions count through the whole set (section 3.3). */
export function compileFilter(of: Expression, predicates: readonly Expression[], compiler: Compiler): Code {
	const { nodes } = compiler.compile(of);
	const compiled = predicates.map((one) => compilePredicate(one, compiler));
	return nodesCode((frame) => {
		const set = nodes(frame);
		return { tree: set.tree, nodes: applyPredicates(compiled, frame.evaluation, set.tree, set.nodes) };
	});
}
