/**
 * Whether a subtree of a source can be put somewhere as it stands: every start tag opens an element there and does
 * nothing else, every end tag left out is one the parser supplies, and raw text and comments end where the builder says.
 * That the source's other end tags have partners is the builder's word (UNBALANCED).
 */

import {
	BLOCK,
	BUTTON,
	COMMENT,
	DEFINITION,
	DOCUMENT,
	ELEMENT,
	FORM,
	HEADING,
	hazardOf,
	INSTRUCTION,
	LIST_ITEM,
	OPTION,
	PARAGRAPH,
	RUBY_PART,
	SELECT,
	TABLE,
	TABLE_PART,
	TEMPLATE,
	TEXT,
	type Tree,
} from '../tree/index.ts';
import { conflicts, IN_NOSCRIPT, inside, NO_TEXT, ON_FOREIGN, ON_TEMPLATE, ruleOf } from './nesting.ts';
import { commentHolds, endsItself, nameEnds, rawTextHolds, textHolds } from './source-slices.ts';

/** Elements whose end tag ends all that is open inside, whatever it is. */
const STRONG =
	BLOCK | PARAGRAPH | HEADING | LIST_ITEM | DEFINITION | FORM | BUTTON | TABLE | TABLE_PART | SELECT | TEMPLATE;

/** What may follow an element without an end tag; nothing else ends it. */
const FOLLOWERS: readonly (readonly [element: number, followers: number])[] = [
	[PARAGRAPH, BLOCK | PARAGRAPH],
	[LIST_ITEM, LIST_ITEM],
	[DEFINITION, DEFINITION],
	[OPTION, OPTION],
	[RUBY_PART, RUBY_PART],
	[TABLE_PART, TABLE_PART],
];

const levels: ReadonlyMap<string, number> = new Map([
	['td', 1],
	['th', 1],
	['tr', 2],
]);
const levelOf = (name: string): number => levels.get(name) ?? 3;

/** Frames of the walk, kept from call to call; a call reads nothing that another left. */
const frames: number[] = [];
const frameEnds: number[] = [];
const frameStates: number[] = [];

/** The first node that does not fit, NONE (-1) when all do. */
export function firstMisfit(tree: Tree, root: number, outer: number): number {
	const end = tree.after(root);
	let depth = 0;
	let at = tree.starts[root] as number;
	frameEnds[0] = end;
	frameStates[0] = outer;
	for (let node = root; node < end; node++) {
		for (; node >= (frameEnds[depth] as number); depth--) {
			const last = frames[depth] as number;
			if (at !== tree.closeStarts[last] && !isBlank(tree.source, at, tree.closeStarts[last] as number)) return node;
			at = tree.ends[last] as number;
		}
		if (tree.starts[node] !== at && !isBlank(tree.source, at, tree.starts[node] as number)) return node;
		const state = frameStates[depth] as number;
		const after = tree.after(node);
		const isOpen = opens(tree, node, root, state);
		if (isOpen === MISFIT) return node;
		if (isOpen === ENTERED && tree.openEnds[node] !== tree.closeStarts[node]) {
			depth++;
			frames[depth] = node;
			frameEnds[depth] = after;
			frameStates[depth] = insideOf(tree, node, state);
			at = tree.openEnds[node] as number;
		} else if (isOpen === ENTERED || isOpen === LEFT) {
			at = tree.ends[node] as number;
			node = after - 1;
		}
	}
	for (; depth > 0; depth--) {
		const last = frames[depth] as number;
		if (!isBlank(tree.source, at, tree.closeStarts[last] as number)) return last;
		at = tree.ends[last] as number;
	}
	return -1;
}

type Step = 0 | 1 | 2 | 3;
/** What a node is for the walk: it does not fit, has an inside, has none that matters, or is not in the source. */
const MISFIT = 0;
const ENTERED = 1;
const LEFT = 2;
const ABSENT = 3;

function opens(tree: Tree, node: number, root: number, state: number): Step {
	const kind = tree.kinds[node];
	if (kind !== ELEMENT) return kind === DOCUMENT || leafFits(tree, node, state) ? LEFT : MISFIT;
	if (isImplied(tree, node)) return tree.closeStarts[node] === tree.ends[node] ? ABSENT : MISFIT;
	const name = tree.names[node] as string;
	const rule = ruleOf(name);
	if (conflicts(state, name, rule) || !nameEnds(tree.source, (tree.starts[node] as number) + name.length + 1))
		return MISFIT;
	if (rule.isVoid && (state & ON_FOREIGN) === 0) return tree.after(node) === node + 1 ? LEFT : MISFIT;
	if (!endFits(tree, node, root, state)) return MISFIT;
	if (!rule.isRaw) return name !== 'noscript' || rawFits(tree, node, name, state) ? ENTERED : MISFIT;
	return rawFits(tree, node, name, state) ? LEFT : MISFIT;
}

/**
 * The state in an element of a tree. A template begins with what it holds: rows only, or cells only, and nothing
 * else beside them, because their mode would last.
 */
export function insideOf(tree: Tree, node: number, state: number): number {
	const name = tree.names[node] as string;
	const within = inside(state, name, ruleOf(name));
	if (name !== 'template' || (state & ON_FOREIGN) !== 0) return within;
	const names = tree.children(node).flatMap((child) => (tree.isElement(child) ? [tree.names[child] as string] : []));
	const level = levelOf(names[0] ?? '');
	const isOneKind = names.every((part) => (hazardOf(part) & TABLE_PART) !== 0 && levelOf(part) === level);
	return names.length > 0 && isOneKind ? within | ON_TEMPLATE : within;
}

/** Nothing of the source is missing in the tree, white space aside. */
function isBlank(source: string, start: number, end: number): boolean {
	return start <= end && source.slice(start, end).trim() === '';
}

/** Stands in the tree only: no tag of it is written, so nothing changes inside. */
function isImplied(tree: Tree, node: number): boolean {
	return tree.starts[node] === tree.openEnds[node];
}

function leafFits(tree: Tree, node: number, state: number): boolean {
	const start = tree.starts[node] as number;
	const end = tree.ends[node] as number;
	const kind = tree.kinds[node];
	if (kind === COMMENT || kind === INSTRUCTION) return commentHolds(tree.source, start, end);
	if (kind !== TEXT) return true;
	return textHolds(tree.source, start, end) && ((state & NO_TEXT) === 0 || tree.source.slice(start, end).trim() === '');
}

function rawFits(tree: Tree, node: number, name: string, state: number): boolean {
	const start = tree.openEnds[node] as number;
	const end = tree.closeStarts[node] as number;
	if ((state & ON_FOREIGN) !== 0) return !tree.source.slice(start, end).includes('<');
	return rawTextHolds(tree.source, start, end, name);
}

function endFits(tree: Tree, node: number, root: number, state: number): boolean {
	const source = tree.source;
	const openEnd = tree.openEnds[node] as number;
	const end = tree.ends[node] as number;
	const hasEndTag = (tree.closeStarts[node] as number) < end;
	if ((state & ON_FOREIGN) !== 0 || isForeignRoot(tree, node)) {
		// What ends itself here did not where it was read, if it was read as HTML.
		if (endsItself(source, openEnd, tree.starts[node] as number)) return end === openEnd;
		return hasEndTag && source.charCodeAt(end - 1) === 62;
	}
	if (hasEndTag) return source.charCodeAt(end - 1) === 62;
	return node !== root && isEndedByNext(tree, node, root);
}

function isForeignRoot(tree: Tree, node: number): boolean {
	const name = tree.names[node];
	return name === 'svg' || name === 'math';
}

/** Whether what comes behind ends an element without an end tag. */
function isEndedByNext(tree: Tree, node: number, root: number): boolean {
	const name = tree.names[node] as string;
	const hazard = hazardOf(name);
	const followers = FOLLOWERS.find(([element]) => (hazard & element) !== 0)?.[1] ?? 0;
	if (followers === 0) return false;
	const next = tree.after(node);
	const parent = tree.parents[node] as number;
	if (next < tree.after(parent)) {
		if (tree.kinds[next] !== ELEMENT || isImplied(tree, next)) return false;
		const nextName = tree.names[next] as string;
		if ((hazardOf(nextName) & followers) === 0) return false;
		return (hazard & TABLE_PART) === 0 || levelOf(nextName) >= levelOf(name);
	}
	if (parent < root || isImplied(tree, parent)) return false;
	const around = hazardOf(tree.names[parent] as string);
	// Of what else may be in a `select` some parsers ignore the end tags.
	if ((hazard & OPTION) !== 0) return (around & (SELECT | OPTION)) !== 0;
	return (hazard & RUBY_PART) !== 0 || (around & STRONG) !== 0;
}

/** Inside `noscript` no stretch may contain what ends it for one kind of parser. */
export function breaksNoscript(state: number, slice: string): boolean {
	return (state & IN_NOSCRIPT) !== 0 && /<\/noscript/i.test(slice);
}
