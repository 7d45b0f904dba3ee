/** Which nodes xsl:number counts, found once for each tree: a long list is numbered in one pass. */
import type { Frame } from '../page/index.ts';
import { attributeAt, elementOf, isAttribute, NONE, type NodeRef, type Tree } from '../tree/index.ts';
import type { Pattern } from '../xpath/index.ts';
import { spendSteps } from './spend.ts';

export interface Counted {
	/** In document order. */
	readonly nodes: readonly NodeRef[];
	/** The place of each among those of its parent, from 1. */
	readonly places: ReadonlyMap<NodeRef, number>;
}

export type Counter = (frame: Frame) => Counted;

interface Kept {
	readonly upTo: number;
	readonly counted: Counted;
}

export const parentOf = (tree: Tree, ref: NodeRef): number =>
	isAttribute(ref) ? elementOf(ref) : (tree.parents[ref] ?? NONE);

function countedOf(tree: Tree, nodes: readonly NodeRef[]): Counted {
	const places = new Map<NodeRef, number>();
	const perParent = new Map<number, number>();
	for (const node of nodes) {
		const parent = parentOf(tree, node);
		const place = (perParent.get(parent) ?? 0) + 1;
		perParent.set(parent, place);
		places.set(node, place);
	}
	return { nodes, places };
}

/** Those that a pattern matches. */
export function countPattern(pattern: Pattern): Counter {
	const find = (frame: Frame): Counted => {
		spendSteps(frame, frame.tree.count);
		return countedOf(frame.tree, pattern.select(frame.at(frame.tree, 0, 1, 1)).nodes);
	};
	if (pattern.variables.size > 0) return find;
	const kept = new WeakMap<Tree, Kept>();
	return (frame) => {
		const known = kept.get(frame.tree);
		if (known?.upTo === frame.tree.count) return known.counted;
		const counted = find(frame);
		kept.set(frame.tree, { upTo: frame.tree.count, counted });
		return counted;
	};
}

/** Without a pattern: those of the same kind and name as the node at hand. */
export function countAlike(): Counter {
	const kept = new WeakMap<Tree, Map<string, Kept>>();
	return (frame) => {
		const { tree, node } = frame;
		if (isAttribute(node)) return attributesAlike(tree, node);
		const key = `${tree.kinds[node]} ${tree.names[node]}`;
		const known = kept.get(tree)?.get(key);
		if (known?.upTo === tree.count) return known.counted;
		spendSteps(frame, tree.count);
		const nodes: number[] = [];
		for (let n = 0; n < tree.count; n++) {
			if (tree.kinds[n] === tree.kinds[node] && tree.names[n] === tree.names[node]) nodes.push(n);
		}
		const counted = countedOf(tree, nodes);
		const byKey = kept.get(tree) ?? new Map<string, Kept>();
		kept.set(tree, byKey.set(key, { upTo: tree.count, counted }));
		return counted;
	};
}

/** An attribute has no siblings: its own element is all that is looked at. */
function attributesAlike(tree: Tree, ref: NodeRef): Counted {
	const name = tree.attributes(elementOf(ref))[attributeAt(ref)]?.name;
	return countedOf(tree, name === undefined ? [] : [ref]);
}
