/** The nodes of one tree that are edited on their way out, and the elements whose attributes are. */
import { type Attribute, isAttribute, type NodeRef } from '../tree/index.ts';
import type { Edit } from './edits.ts';

export class EditedNodes {
	/** Of attributes, too. */
	private readonly byNode: ReadonlyMap<NodeRef, Edit>;
	private readonly attributesByNode: ReadonlyMap<number, readonly Attribute[]>;
	/** Both kinds, in document order. */
	private readonly sorted: readonly number[];

	constructor(byNode: ReadonlyMap<NodeRef, Edit>, attributesByNode: ReadonlyMap<number, readonly Attribute[]>) {
		this.byNode = byNode;
		this.attributesByNode = attributesByNode;
		const all = new Set([...[...byNode.keys()].filter((ref) => !isAttribute(ref)), ...attributesByNode.keys()]);
		this.sorted = all.size === 0 ? [] : [...all].toSorted((a, b) => a - b);
	}

	get(node: NodeRef): Edit | undefined {
		return this.byNode.get(node);
	}

	/** The attributes of an element after its edits; null where they stay as they are. */
	attributes(node: number): readonly Attribute[] | null {
		return this.attributesByNode.get(node) ?? null;
	}

	/** Whether any of the nodes from `from` to before `to` is edited. */
	any(from: number, to: number): boolean {
		const { sorted } = this;
		let low = 0;
		let high = sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((sorted[middle] as number) < from) low = middle + 1;
			else high = middle;
		}
		return low < sorted.length && (sorted[low] as number) < to;
	}
}

export const NO_EDITS: EditedNodes = new EditedNodes(new Map(), new Map());
