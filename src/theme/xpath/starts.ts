/**
 * Where several nodes are stepped on from, their walks overlap: the descendants of an ancestor hold those of its
 * descendant. These are the nodes that it is enough to start from, so that no step costs more than one walk over the
 * tree. Only for steps without positions: a position counts from each node on its own.
 */
import { elementOf, isAttribute, type NodeRef, type Tree } from '../tree/index.ts';
import type { Axis } from './ast.ts';
import { followingStart } from './walks.ts';

/** `nodes` in document order. */
export function starts(axis: Axis, tree: Tree, nodes: readonly NodeRef[]): readonly NodeRef[] {
	if (nodes.length < 2) return nodes;
	switch (axis) {
		case 'descendant':
		case 'descendant-or-self':
			return outermost(tree, nodes);
		case 'following': {
			const first = nodes.reduce((a, b) => (followingStart(tree, b) < followingStart(tree, a) ? b : a));
			return [first];
		}
		case 'preceding':
			return nodes.slice(-1);
		case 'following-sibling':
			return oneForEachParent(tree, nodes);
		case 'preceding-sibling':
			return oneForEachParent(tree, nodes.toReversed());
		case 'parent':
			return oneForEachParent(tree, nodes, true);
		default:
			return nodes;
	}
}

/** Nodes inside of others left out; attributes have nothing inside and are inside of nothing. */
function outermost(tree: Tree, nodes: readonly NodeRef[]): NodeRef[] {
	let covered = 0;
	return nodes.filter((node) => {
		if (isAttribute(node)) return true;
		if (node < covered) return false;
		covered = tree.after(node);
		return true;
	});
}

function oneForEachParent(tree: Tree, nodes: readonly NodeRef[], attributes = false): NodeRef[] {
	const seen = new Set<number>();
	return nodes.filter((node) => {
		if (isAttribute(node) && !attributes) return false;
		const parent = isAttribute(node) ? elementOf(node) : (tree.parents[node] ?? 0);
		return !seen.has(parent) && seen.add(parent) !== undefined;
	});
}
