/** The standard word for word, slow and without any cleverness, to compare with. Paths and predicates only. */

import {
	attributeAt,
	attributeRef,
	COMMENT,
	compareRefs,
	ELEMENT,
	elementOf,
	isAttribute,
	TEXT,
	type Tree,
} from '../../../src/theme/tree/index.ts';
import type { Axis, Expression, NodeTest, Step } from '../../../src/theme/xpath/ast.ts';
import { compare } from '../../../src/theme/xpath/compare.ts';
import { FunctionNames } from '../../../src/theme/xpath/functions/function-names.ts';
import { toBoolean, toNumber, toString, type XPathValue } from '../../../src/theme/xpath/index.ts';
import { parseXPath } from '../../../src/theme/xpath/parser.ts';

interface Place {
	readonly tree: Tree;
	readonly node: number;
	readonly position: number;
	readonly size: number;
}

/** Steps that one evaluation may take: without any cleverness, some would take hours. */
const PATIENCE = 20_000;
let taken = 0;

/** Null: it would take too long. */
export function reference(source: string, tree: Tree, node: number): XPathValue | null {
	const expression = parseXPath(source, new FunctionNames(new Map(), new Map()));
	taken = 0;
	try {
		return evaluate(expression, { tree, node, position: 1, size: 1 });
	} catch (error) {
		if (taken > PATIENCE) return null;
		throw error;
	}
}

function evaluate(e: Expression, at: Place): XPathValue {
	switch (e.type) {
		case 'string':
		case 'number':
			return e.value;
		case 'negative':
			return -toNumber(evaluate(e.operand, at));
		case 'comparison':
			return compare(e.operator, evaluate(e.left, at), evaluate(e.right, at));
		case 'arithmetic': {
			const [a, b] = [toNumber(evaluate(e.left, at)), toNumber(evaluate(e.right, at))];
			return { '+': a + b, '-': a - b, '*': a * b, div: a / b, mod: a % b }[e.operator];
		}
		case 'and':
			return e.operands.every((one) => toBoolean(evaluate(one, at)));
		case 'or':
			return e.operands.some((one) => toBoolean(evaluate(one, at)));
		case 'union':
			return set(
				at.tree,
				e.operands.flatMap((one) => nodesOf(evaluate(one, at))),
			);
		case 'filter':
			return set(at.tree, filter(e.predicates, at.tree, nodesOf(evaluate(e.of, at))));
		case 'path': {
			let nodes = e.from === 'root' ? [0] : e.from === 'here' ? [at.node] : nodesOf(evaluate(e.from, at));
			for (const step of e.steps)
				nodes = [
					...set(
						at.tree,
						nodes.flatMap((node) => stepFrom(at.tree, node, step)),
					).nodes,
				];
			return { tree: at.tree, nodes };
		}
		case 'call':
			return call(e.name, e.args, at);
		default:
			throw new Error(e.type);
	}
}

function call(name: string, args: readonly Expression[], at: Place): XPathValue {
	const values = args.map((arg) => evaluate(arg, at));
	const text = (i: number): string => toString(values[i] ?? { tree: at.tree, nodes: [at.node] });
	switch (name) {
		case 'position':
			return at.position;
		case 'last':
			return at.size;
		case 'count':
			return nodesOf(values[0] ?? '').length;
		case 'not':
			return !toBoolean(values[0] ?? false);
		case 'contains':
			return text(0).includes(text(1));
		case 'concat':
			return values.map(toString).join('');
		case 'normalize-space':
			return text(0)
				.split(/[ \t\r\n]+/)
				.filter(Boolean)
				.join(' ');
		case 'string':
			return text(0);
		default:
			throw new Error(name);
	}
}

const nodesOf = (value: XPathValue): readonly number[] => (typeof value === 'object' ? value.nodes : []);
const set = (tree: Tree, nodes: readonly number[]) => ({ tree, nodes: [...new Set(nodes)].sort(compareRefs) });

function stepFrom(tree: Tree, node: number, step: Step): readonly number[] {
	if (++taken > PATIENCE) throw new Error('too long');
	const found = along(step.axis, tree, node).filter((one) => passes(step.test, step.axis, tree, one));
	return filter(step.predicates, tree, found);
}

function filter(predicates: readonly Expression[], tree: Tree, nodes: readonly number[]): readonly number[] {
	return predicates.reduce<readonly number[]>(
		(left, predicate) =>
			left.filter((node, i) => {
				const value = evaluate(predicate, { tree, node, position: i + 1, size: left.length });
				return typeof value === 'number' ? value === i + 1 : toBoolean(value);
			}),
		nodes,
	);
}

const parentOf = (tree: Tree, node: number): number =>
	isAttribute(node) ? elementOf(node) : (tree.parents[node] ?? -1);
const ancestorsOf = (tree: Tree, node: number): number[] => {
	const parent = parentOf(tree, node);
	return parent === -1 ? [] : [parent, ...ancestorsOf(tree, parent)];
};

function along(axis: Axis, tree: Tree, node: number): number[] {
	const all = Array.from({ length: tree.count }, (_, i) => i);
	const under = (one: number): boolean => ancestorsOf(tree, one).includes(node);
	const siblings = isAttribute(node) ? [] : all.filter((n) => n > 0 && tree.parents[n] === tree.parents[node]);
	const before = all.filter((n) => compareRefs(n, node) < 0 && !ancestorsOf(tree, node).includes(n)).toReversed();
	switch (axis) {
		case 'self':
			return [node];
		case 'child':
			return all.filter((n) => tree.parents[n] === node);
		case 'descendant':
			return all.filter(under);
		case 'descendant-or-self':
			return [node, ...all.filter(under)];
		case 'parent':
			return ancestorsOf(tree, node).slice(0, 1);
		case 'ancestor':
			return ancestorsOf(tree, node);
		case 'ancestor-or-self':
			return [node, ...ancestorsOf(tree, node)];
		case 'following':
			return all.filter((n) => compareRefs(n, node) > 0 && !under(n));
		case 'preceding':
			return before;
		case 'following-sibling':
			return siblings.filter((n) => n > node);
		case 'preceding-sibling':
			return siblings.filter((n) => n < node).toReversed();
		case 'attribute':
			return isAttribute(node) ? [] : tree.attributes(node).map((_, i) => attributeRef(node, i));
		default:
			return [];
	}
}

function passes(test: NodeTest, axis: Axis, tree: Tree, node: number): boolean {
	const principal = axis === 'attribute' ? isAttribute(node) : !isAttribute(node) && tree.kinds[node] === ELEMENT;
	const name = isAttribute(node) ? tree.attributes(elementOf(node))[attributeAt(node)]?.name : tree.names[node];
	switch (test.type) {
		case 'node':
			return true;
		case 'any':
			return principal;
		case 'name':
			return principal && name === test.name;
		case 'text':
			return !isAttribute(node) && tree.kinds[node] === TEXT;
		case 'comment':
			return !isAttribute(node) && tree.kinds[node] === COMMENT;
		default:
			throw new Error(test.type);
	}
}
