/**
 * The axes (XPath 1.0, section 2.2), each a walk from one node that collects what passes, in the order of the axis, and
 * ends when it has `limit` nodes. Attributes have parents and no siblings or children. Each tells how many nodes it looked at.
 */
import { attributeRef, elementOf, isAttribute, NONE, type NodeRef, type Tree } from '../tree/index.ts';
import type { Axis } from './ast.ts';
import type { Frame } from './frame.ts';
import { ANY, type NodeFilter, passes, passesAttribute } from './node-filter.ts';

export const NO_LIMIT: number = 2 ** 30;

export type Walk = (frame: Frame, from: NodeRef, filter: NodeFilter, limit: number, out: NodeRef[]) => number;

const parentOf = (tree: Tree, ref: NodeRef): number =>
	isAttribute(ref) ? elementOf(ref) : (tree.parents[ref] as number);

const self: Walk = (frame, from, filter, limit, out) => {
	if (out.length < limit && passes(filter, frame.tree, from, frame)) out.push(from);
	return 1;
};

const child: Walk = (frame, from, filter, limit, out) => {
	const { tree } = frame;
	if (isAttribute(from)) return 0;
	const end = tree.after(from);
	let looked = 0;
	for (let n = from + 1; n < end && out.length < limit; n = tree.after(n)) {
		looked++;
		if (passes(filter, tree, n, frame)) out.push(n);
	}
	return looked;
};

/** All from `start` to before `end`; an index shortens the way. */
function scan(frame: Frame, start: number, end: number, filter: NodeFilter, limit: number, out: NodeRef[]): number {
	const { tree } = frame;
	const { hint, kind, name, predicate } = filter;
	const listed = hint === null ? undefined : frame.evaluation.context.index(tree)?.[hint.table].get(hint.key);
	if (listed !== undefined) {
		const first = firstFrom(listed, start);
		let i = first;
		for (; i < listed.length && out.length < limit; i++) {
			const node = listed[i] as number;
			if (node >= end) break;
			if (passes(filter, tree, node, frame)) out.push(node);
		}
		return i - first + 1;
	}
	if (filter.prefix === null && predicate === null) return scanPlainly(tree, start, end, filter, limit, out);
	const { kinds, names } = tree;
	let n = start;
	for (; n < end && out.length < limit; n++) {
		if ((kind !== ANY && kinds[n] !== kind) || (name !== null && names[n] !== name)) continue;
		if (passes(filter, tree, n, frame)) out.push(n);
	}
	return n - start;
}

/** A loop of its own for what most scans are: a kind and perhaps a name. */
function scanPlainly(
	{ kinds, names }: Tree,
	start: number,
	end: number,
	{ kind, name }: NodeFilter,
	limit: number,
	out: NodeRef[],
): number {
	for (let n = start; n < end; n++) {
		if (kinds[n] !== kind && kind !== ANY) continue;
		if (name !== null && names[n] !== name) continue;
		if (out.push(n) >= limit) return n - start + 1;
	}
	return end - start;
}

/** The place of the first number that is not below `start`. */
function firstFrom(sorted: readonly number[], start: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] as number) < start) low = middle + 1;
		else high = middle;
	}
	return low;
}

const descendant: Walk = (frame, from, filter, limit, out) => {
	return isAttribute(from) ? 0 : scan(frame, from + 1, frame.tree.after(from), filter, limit, out);
};

const descendantOrSelf: Walk = (frame, from, filter, limit, out) => {
	if (isAttribute(from)) return self(frame, from, filter, limit, out);
	return scan(frame, from, frame.tree.after(from), filter, limit, out);
};

const parent: Walk = (frame, from, filter, limit, out) => {
	const found = parentOf(frame.tree, from);
	return found === NONE ? 0 : self(frame, found, filter, limit, out);
};

const ancestorOrSelf: Walk = (frame, from, filter, limit, out) => {
	let looked = 0;
	for (let n = from; n !== NONE && out.length < limit; n = parentOf(frame.tree, n)) {
		looked += self(frame, n, filter, limit, out);
	}
	return looked;
};

const ancestor: Walk = (frame, from, filter, limit, out) => {
	const found = parentOf(frame.tree, from);
	return found === NONE ? 0 : ancestorOrSelf(frame, found, filter, limit, out);
};

/** Of an attribute: all behind it, which the children of its element are. */
export const followingStart = (tree: Tree, ref: NodeRef): number =>
	isAttribute(ref) ? elementOf(ref) + 1 : tree.after(ref);

const following: Walk = (frame, from, filter, limit, out) => {
	return scan(frame, followingStart(frame.tree, from), frame.tree.count, filter, limit, out);
};

/** What has ended before: neither ancestors nor the node itself. */
const preceding: Walk = (frame, from, filter, limit, out) => {
	const { tree } = frame;
	const node = elementOf(from);
	let n = node - 1;
	for (; n > 0 && out.length < limit; n--) {
		if (tree.after(n) <= node && passes(filter, tree, n, frame)) out.push(n);
	}
	return node - n;
};

const followingSibling: Walk = (frame, from, filter, limit, out) => {
	const { tree } = frame;
	if (isAttribute(from) || from === 0) return 0;
	const end = tree.after(parentOf(tree, from));
	let looked = 0;
	for (let n = tree.after(from); n < end && out.length < limit; n = tree.after(n)) {
		looked++;
		if (passes(filter, tree, n, frame)) out.push(n);
	}
	return looked;
};

const precedingSibling: Walk = (frame, from, filter, limit, out) => {
	const { tree } = frame;
	if (isAttribute(from) || from === 0) return 0;
	const before: number[] = [];
	for (let n = parentOf(tree, from) + 1; n < from; n = tree.after(n)) before.push(n);
	for (let i = before.length - 1; i >= 0 && out.length < limit; i--) {
		const n = before[i] as number;
		if (passes(filter, tree, n, frame)) out.push(n);
	}
	return before.length;
};

const attribute: Walk = (frame, from, filter, limit, out) => {
	const { tree } = frame;
	if (isAttribute(from) || !tree.isElement(from)) return 0;
	const all = tree.attributes(from);
	for (let i = 0; i < all.length && out.length < limit; i++) {
		const ref = attributeRef(from, i);
		if (passesAttribute(filter, all[i]?.name ?? '', ref, frame)) out.push(ref);
	}
	return all.length;
};

export const WALKS: Readonly<Record<Axis, Walk>> = {
	ancestor,
	'ancestor-or-self': ancestorOrSelf,
	attribute,
	child,
	descendant,
	'descendant-or-self': descendantOrSelf,
	following,
	'following-sibling': followingSibling,
	/** HTML has no namespace nodes. */
	namespace: () => 0,
	parent,
	preceding,
	'preceding-sibling': precedingSibling,
	self,
};
