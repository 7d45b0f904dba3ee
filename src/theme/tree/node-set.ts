/** Nodes and attributes of one tree, as XPath and selectors give them: in document order, none twice. */
import type { Tree } from './tree.ts';

/**
 * A node's number; or an attribute: the number of its element plus ATTRIBUTE times its position among the element's
 * attributes, from 1. Use `isAttribute`, `elementOf` and `attributeAt`.
 */
export type NodeRef = number;

export interface NodeSet {
	readonly tree: Tree;
	readonly nodes: readonly NodeRef[];
}

export const ATTRIBUTE: number = 2 ** 32;

export const isAttribute = (ref: NodeRef): boolean => ref >= ATTRIBUTE;
export const elementOf = (ref: NodeRef): number => ref % ATTRIBUTE;
export const attributeAt = (ref: NodeRef): number => Math.floor(ref / ATTRIBUTE) - 1;
export const attributeRef = (element: number, index: number): NodeRef => element + ATTRIBUTE * (index + 1);

/** Document order: an element before its attributes, those before its children. */
export function compareRefs(a: NodeRef, b: NodeRef): number {
	return (a % ATTRIBUTE) - (b % ATTRIBUTE) || a - b;
}
