/** `:has()`: from an element forward. What was found is remembered, so that nested elements do not ask the same again and again. */
import { ELEMENT, NONE, type Tree } from '../tree/index.ts';
import type { Combinator } from './selector.ts';
import { firstElement, nextElement, PerTree } from './siblings.ts';
import { firstBehind } from './sorted.ts';

type Matcher = (tree: Tree, node: number) => boolean;

export interface Link {
	readonly combinator: Combinator;
	readonly matches: Matcher;
}

/** Whether a chain of links leads from an element to anything. */
export function chainMatcher(links: readonly Link[]): Matcher {
	return links.reduceRight<Matcher>(
		(rest, { combinator, matches }) => {
			return leads(combinator, (tree, node) => matches(tree, node) && rest(tree, node));
		},
		() => true,
	);
}

function leads(combinator: Combinator, matches: Matcher): Matcher {
	if (combinator === '+') {
		return (tree, node) => {
			const next = nextElement(tree, node);
			return next !== NONE && matches(tree, next);
		};
	}
	if (combinator === '~') return leadsToSibling(matches);
	return combinator === '>' ? (tree, node) => hasChild(tree, node, matches) : leadsToDescendant(matches);
}

/** Descendants are looked through one by one, until that has cost as much as finding all that match once. */
function leadsToDescendant(matches: Matcher): Matcher {
	const remembered = new PerTree(false, () => ({ visits: 0, all: null as readonly number[] | null }));
	return (tree, node) => {
		const memory = remembered.of(tree);
		const after = tree.after(node);
		if (memory.all === null) {
			memory.visits += after - node;
			if (memory.visits <= tree.count) return firstMatch(tree, node, after, matches);
			memory.all = allMatches(tree, matches);
		}
		const next = memory.all[firstBehind(memory.all, node)];
		return next !== undefined && next < after;
	};
}

/** Per parent the last child that matches: what stands before it has a match behind it. */
function leadsToSibling(matches: Matcher): Matcher {
	const remembered = new PerTree(false, () => new Map<number, number>());
	return (tree, node) => {
		const lasts = remembered.of(tree);
		const parent = tree.parents[node] as number;
		let last = lasts.get(parent);
		if (last === undefined) {
			last = NONE;
			for (let child = firstElement(tree, parent); child !== NONE; child = nextElement(tree, child)) {
				if (matches(tree, child)) last = child;
			}
			lasts.set(parent, last);
		}
		return last > node;
	};
}

function hasChild(tree: Tree, node: number, matches: Matcher): boolean {
	for (let child = firstElement(tree, node); child !== NONE; child = nextElement(tree, child)) {
		if (matches(tree, child)) return true;
	}
	return false;
}

function firstMatch(tree: Tree, node: number, after: number, matches: Matcher): boolean {
	for (let at = node + 1; at < after; at++) if (tree.kinds[at] === ELEMENT && matches(tree, at)) return true;
	return false;
}

function allMatches(tree: Tree, matches: Matcher): readonly number[] {
	const all: number[] = [];
	for (let at = 1; at < tree.count; at++) if (tree.kinds[at] === ELEMENT && matches(tree, at)) all.push(at);
	return all;
}
