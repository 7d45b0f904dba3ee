/** Lists of nodes brought into document order, and several of them made one. */
import { ATTRIBUTE, compareRefs, type NodeRef, type NodeSet } from '../tree/index.ts';
import { XPathError } from './xpath-error.ts';

/** In document order and none twice; the list itself where it is so already. */
export function inOrder(nodes: NodeRef[]): NodeRef[] {
	let previous = -1;
	for (const node of nodes) {
		const later = node < ATTRIBUTE && previous < ATTRIBUTE ? node > previous : compareRefs(previous, node) < 0;
		if (!later && previous !== -1) return [...new Set(nodes)].sort(compareRefs);
		previous = node;
	}
	return nodes;
}

/** All nodes of all sets, which have to be of one tree: between two, there is no order. */
export function union(sets: readonly NodeSet[]): NodeSet {
	const filled = sets.filter((set) => set.nodes.length > 0);
	const [first] = filled;
	if (first === undefined) return sets[0] as NodeSet;
	if (filled.some((set) => set.tree !== first.tree)) {
		throw new XPathError("'|' joins nodes of one document, and these are of two.");
	}
	return filled.length === 1 ? first : { tree: first.tree, nodes: inOrder(filled.flatMap((set) => set.nodes)) };
}
