/**
 * XSLT's match patterns (XSLT 1.0, section 5.2): `p[1]` means every p that is the first of its parent, wherever it
 * stands. A pattern is turned into the paths that find all its nodes: what does not begin at the root begins anywhere.
 * Wider than the standard in one thing: steps may go along any axis.
 */
import { bothSettled, type NodeSet, type Settlement, type Watch } from '../tree/index.ts';
import type { Expression, PathExpression, Step } from './ast.ts';
import { Workshop, type XPathOptions } from './compile-xpath.ts';
import type { XPathContext } from './frame.ts';
import { union } from './node-order.ts';
import type { XPath } from './xpath.ts';
import { XPathSyntaxError } from './xpath-error.ts';

export class Pattern {
	readonly source: string;
	/** One for each branch between `|`: finds all nodes that it matches. */
	readonly alternatives: readonly XPath[];
	/** The default priority of each branch (XSLT 1.0, section 5.5). */
	readonly priorities: readonly number[];
	readonly variables: ReadonlySet<string>;

	constructor(source: string, alternatives: readonly XPath[], priorities: readonly number[]) {
		this.source = source;
		this.alternatives = alternatives;
		this.priorities = priorities;
		this.variables = new Set(alternatives.flatMap((one) => [...one.variables]));
	}

	/** All nodes of the context's tree that match, in document order. The context's node does not count. */
	select(context: XPathContext): NodeSet {
		return union(this.alternatives.map((one) => one.nodes(context)));
	}

	/** Does the context's node match? Cheap where the context has a memo: all nodes are found to find one. */
	matches(context: XPathContext): boolean {
		return this.alternatives.some((one) => one.nodes(context).nodes.includes(context.node));
	}

	watch(watch: Watch): void {
		for (const one of this.alternatives) one.watch(watch);
	}

	settlement(uniqueIds: boolean): Settlement {
		return this.alternatives.reduce<Settlement>((known, one) => bothSettled(known, one.settlement(uniqueIds)), 'start');
	}
}

/** Throws XPathSyntaxError for what is no pattern. */
export function compilePattern(source: string, options: XPathOptions = {}): Pattern {
	const workshop = new Workshop(options);
	const whole = workshop.parse(source);
	const branches = whole.type === 'union' ? whole.operands : [whole];
	const alternatives = branches.map((one) => workshop.finish(source.slice(one.start, one.end), anywhere(one, source)));
	return new Pattern(source, alternatives, branches.map(priorityOf));
}

/** The path that finds every node of a branch. */
function anywhere(branch: Expression, source: string): Expression {
	if (branch.type === 'path') {
		if (branch.from === 'root') return branch;
		if (branch.from === 'here') return { ...branch, from: 'root', steps: [...fromAnywhere(branch), ...branch.steps] };
		if (startsPattern(branch.from)) return branch;
	} else if (startsPattern(branch)) return branch;
	const { start, end } = branch;
	const hint = 'A pattern is a path, as in //p or table[@id], or several with | between them.';
	throw new XPathSyntaxError('This is an expression, but no pattern.', source, start, end - start, hint);
}

const startsPattern = (expression: Expression): boolean =>
	expression.type === 'call' && (expression.name === 'id' || expression.name === 'key');

function fromAnywhere({ start }: PathExpression): Step[] {
	return [{ axis: 'descendant-or-self', test: { type: 'node' }, predicates: [], start, end: start }];
}

function priorityOf(branch: Expression): number {
	const path = branch.type === 'path' ? branch : null;
	const [step, more] = path?.steps ?? [];
	if (path?.from !== 'here' || step === undefined || more !== undefined || step.predicates.length > 0) return 0.5;
	if (step.axis !== 'child' && step.axis !== 'attribute') return 0.5;
	if (step.test.type === 'name') return 0;
	if (step.test.type === 'instruction') return step.test.target === null ? -0.5 : 0;
	return step.test.type === 'prefix' ? -0.25 : -0.5;
}
