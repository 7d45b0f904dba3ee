/** Which nodes a step wants: by kind, by name, and by the predicates that need no position. */
import { COMMENT, ELEMENT, INSTRUCTION, isAttribute, TEXT, type Tree } from '../tree/index.ts';
import type { NodeTest } from './ast.ts';
import type { Frame } from './frame.ts';

/** Any kind at all. */
export const ANY = -1;

/** Where an index lists all nodes that can pass. */
export interface Hint {
	readonly table: 'ids' | 'classes' | 'names';
	readonly key: string;
}

export interface NodeFilter {
	/** Of the tree's kinds, or ANY. */
	readonly kind: number;
	/** Null: any. */
	readonly name: string | null;
	/** `svg:`, or null. */
	readonly prefix: string | null;
	readonly predicate: ((frame: Frame) => boolean) | null;
	readonly hint: Hint | null;
}

const KINDS: Readonly<Record<NodeTest['type'], number>> = {
	name: ELEMENT,
	any: ELEMENT,
	prefix: ELEMENT,
	node: ANY,
	text: TEXT,
	comment: COMMENT,
	instruction: INSTRUCTION,
};

export function nodeFilter(test: NodeTest, predicate: NodeFilter['predicate'], hint: Hint | null): NodeFilter {
	const name = test.type === 'name' ? test.name : test.type === 'instruction' ? test.target : null;
	return { kind: KINDS[test.type], name, prefix: test.type === 'prefix' ? `${test.prefix}:` : null, predicate, hint };
}

/** `frame` is the step's own, to be moved about. */
export function passes(filter: NodeFilter, tree: Tree, node: number, frame: Frame): boolean {
	if (filter.kind !== ANY) {
		if (isAttribute(node) || tree.kinds[node] !== filter.kind) return false;
		const name = tree.names[node] as string;
		if (filter.name !== null && filter.name !== name) return false;
		if (filter.prefix !== null && !name.startsWith(filter.prefix)) return false;
	}
	if (filter.predicate === null) return true;
	frame.node = node;
	return filter.predicate(frame);
}

/** The same for the attributes, whose names are what a name test means on their axis. */
export function passesAttribute(filter: NodeFilter, name: string, ref: number, frame: Frame): boolean {
	if (filter.kind !== ANY && filter.kind !== ELEMENT) return false;
	if (filter.name !== null && filter.name !== name) return false;
	if (filter.prefix !== null && !name.startsWith(filter.prefix)) return false;
	if (filter.predicate === null) return true;
	frame.node = ref;
	return filter.predicate(frame);
}
