/** EXSLT's functions on sets of nodes. Nodes of two trees are never the same. */
import type { NodeSet } from '../../tree/index.ts';
import { compareRefs } from '../../tree/index.ts';
import { stringValue } from '../value.ts';
import { argument, booleanFunction, type FunctionDefinition, nodesFunction } from './definition.ts';

const BOTH = { nodeSets: [0, 1] };

const keep = (set: NodeSet, wanted: (node: number) => boolean): NodeSet => ({
	tree: set.tree,
	nodes: set.nodes.filter(wanted),
});

const shared = (a: NodeSet, b: NodeSet): ReadonlySet<number> => new Set(a.tree === b.tree ? b.nodes : []);

/** The nodes of `a` before or behind the first of `b`; all where `b` is empty, none where it is not in `a`. */
function beside(a: NodeSet, b: NodeSet, side: 'leading' | 'trailing'): NodeSet {
	const [first] = b.nodes;
	if (first === undefined) return a;
	if (a.tree !== b.tree || !a.nodes.includes(first)) return keep(a, () => false);
	return keep(a, (node) => (side === 'leading' ? compareRefs(node, first) < 0 : compareRefs(node, first) > 0));
}

function distinct(set: NodeSet): NodeSet {
	const seen = new Set<string>();
	return keep(set, (node) => {
		const { size } = seen;
		return seen.add(stringValue(set.tree, node)).size > size;
	});
}

const onTwo = (run: (a: NodeSet, b: NodeSet) => NodeSet): FunctionDefinition =>
	nodesFunction([2, 2], (frame, args) => run(argument(args, 0).nodes(frame), argument(args, 1).nodes(frame)), BOTH);

export const setFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'set:difference': onTwo((a, b) => {
		const other = shared(a, b);
		return keep(a, (node) => !other.has(node));
	}),
	'set:intersection': onTwo((a, b) => {
		const other = shared(a, b);
		return keep(a, (node) => other.has(node));
	}),
	'set:distinct': nodesFunction([1, 1], (frame, args) => distinct(argument(args, 0).nodes(frame)), { nodeSets: [0] }),
	'set:has-same-node': booleanFunction(
		[2, 2],
		(frame, args) => {
			const a = argument(args, 0).nodes(frame);
			const other = shared(a, argument(args, 1).nodes(frame));
			return a.nodes.some((node) => other.has(node));
		},
		BOTH,
	),
	'set:leading': onTwo((a, b) => beside(a, b, 'leading')),
	'set:trailing': onTwo((a, b) => beside(a, b, 'trailing')),
};
