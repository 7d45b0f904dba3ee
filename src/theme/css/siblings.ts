/**
 * Element siblings, and their positions. What is remembered of a tree is filled in document order and each child is
 * looked at once, so that long lists cost what they are long, and not the square of it.
 */
import { ELEMENT, NONE, type Tree } from '../tree/index.ts';

/** The element before among its siblings, or NONE: what ends right before a node belongs to its sibling before. */
export function previousElement(tree: Tree, node: number): number {
	const parent = tree.parents[node] as number;
	let at = node - 1;
	while (at > parent) {
		while (tree.parents[at] !== parent) at = tree.parents[at] as number;
		if (tree.kinds[at] === ELEMENT) return at;
		at--;
	}
	return NONE;
}

/** The element behind among its siblings, or NONE. */
export function nextElement(tree: Tree, node: number): number {
	let next = tree.nextSibling(node);
	while (next !== NONE && tree.kinds[next] !== ELEMENT) next = tree.nextSibling(next);
	return next;
}

export function firstElement(tree: Tree, parent: number): number {
	const first = tree.firstChild(parent);
	return first === NONE || tree.kinds[first] === ELEMENT ? first : nextElement(tree, first);
}

/** Something remembered for every tree; forgotten with it, and, if it may change while a tree grows, when it has grown. */
export class PerTree<Memory> {
	private readonly memories: WeakMap<Tree, { readonly count: number; readonly memory: Memory }> = new WeakMap();
	private readonly lasts: boolean;
	private readonly make: () => Memory;

	constructor(lasts: boolean, make: () => Memory) {
		this.lasts = lasts;
		this.make = make;
	}

	of(tree: Tree): Memory {
		const known = this.memories.get(tree);
		if (known !== undefined && (this.lasts || known.count === tree.count)) return known.memory;
		const memory = this.make();
		this.memories.set(tree, { count: tree.count, memory });
		return memory;
	}
}

/** What tells apart the siblings that are counted together; null for those that do not count. */
export type Kind = (tree: Tree, node: number) => string | null;

interface Family {
	/** Up to where its children have been counted. */
	last: number;
	readonly counts: Map<string, number>;
}

/** Counts elements among their siblings. */
export class Positions {
	private readonly families: Map<number, Family> = new Map();
	private readonly positions: Map<number, number> = new Map();
	private readonly kind: Kind;

	constructor(kind: Kind) {
		this.kind = kind;
	}

	/** From 1, from the first or from the last; 0 for one that does not count. */
	of(tree: Tree, node: number, fromEnd: boolean): number {
		const parent = tree.parents[node] as number;
		let family = this.families.get(parent);
		if (family === undefined) this.families.set(parent, (family = { last: NONE, counts: new Map() }));
		if (fromEnd || family.last < node) this.count(tree, parent, family, fromEnd ? Number.POSITIVE_INFINITY : node);
		const position = this.positions.get(node) ?? 0;
		if (!fromEnd || position === 0) return position;
		return (family.counts.get(this.kind(tree, node) ?? '') ?? 0) - position + 1;
	}

	private count(tree: Tree, parent: number, family: Family, upTo: number): void {
		let child = family.last === NONE ? firstElement(tree, parent) : nextElement(tree, family.last);
		for (; child !== NONE && child <= upTo; child = nextElement(tree, child)) {
			family.last = child;
			const kind = this.kind(tree, child);
			if (kind === null) continue;
			const position = (family.counts.get(kind) ?? 0) + 1;
			family.counts.set(kind, position);
			this.positions.set(child, position);
		}
	}
}

/** Whether a sibling before an element matches; remembers the first that does. */
export class FirstMatches {
	private readonly families: Map<number, { last: number; first: number }> = new Map();

	before(tree: Tree, node: number, matches: (tree: Tree, node: number) => boolean): boolean {
		const parent = tree.parents[node] as number;
		let family = this.families.get(parent);
		if (family === undefined) this.families.set(parent, (family = { last: NONE, first: NONE }));
		if (family.first !== NONE) return family.first < node;
		let child = family.last === NONE ? firstElement(tree, parent) : nextElement(tree, family.last);
		for (; child !== NONE && child < node; child = nextElement(tree, child)) {
			family.last = child;
			if (!matches(tree, child)) continue;
			family.first = child;
			return true;
		}
		return false;
	}
}
