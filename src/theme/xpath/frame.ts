/** What an evaluation may ask of the world, and where it stands. */
import type { SourceFile } from '../diagnostics/index.ts';
import type { KeyIndex, NodeRef, NodeSet, Tree } from '../tree/index.ts';
import type { DecimalFormat } from './decimal-format.ts';
import type { XPathValue } from './value.ts';

/** What a stylesheet declares for functions: xsl:key and xsl:decimal-format. */
export interface Declared {
	/** The nodes of `tree` that have `value` as a key, in document order; null: there is no such key. */
	keyed(name: string, value: string, tree: Tree, context: XPathContext): readonly NodeRef[] | null;
	/** '' names the usual one; null: there is no such format. */
	decimalFormat(name: string): DecimalFormat | null;
}

/** Everything an evaluation may ask. */
export interface XPathContext {
	readonly tree: Tree;
	readonly node: NodeRef;
	/** From 1. */
	readonly position: number;
	readonly size: number;
	/** XSLT's current(): the node that the outermost expression is evaluated for. */
	readonly current: { readonly tree: Tree; readonly node: NodeRef };
	/** Undefined: there is no such variable, which is an error. */
	variable(name: string): XPathValue | undefined;
	/** XSLT's document(); null when there is none. */
	document(href: string): Tree | null;
	/** What document('') is: the file that the expression stands in, as XML; null when that is none. */
	source?(file: SourceFile): Tree | null;
	/** Told how many nodes were looked at, or of as much other work; throws when that is too much. */
	spend?(looks: number): void;
	/** What was watched while the tree was read, or null. */
	index(tree: Tree): KeyIndex | null;
	/**
	 * Answers of absolute paths without variables, kept while the tree does not change, so that each is found once.
	 * Null: each evaluation is on its own.
	 */
	readonly memo: Map<unknown, NodeSet> | null;
	/**
	 * Allows dyn:evaluate(). Only for expressions whose strings never come from a request: what it is given is compiled.
	 * Off by default.
	 */
	readonly dynamic?: boolean;
	/** Undefined: nothing is declared. */
	readonly declared?: Declared | undefined;
}

/** What all frames of one evaluation share. */
export interface Evaluation {
	readonly context: XPathContext;
	memo: Map<unknown, NodeSet> | null;
	/** How many dyn:evaluate() are under way. */
	nested: number;
}

/** The node at hand. A predicate uses one frame for all its candidates: nobody may keep a frame. */
export class Frame {
	readonly evaluation: Evaluation;
	readonly tree: Tree;
	node: NodeRef;
	position = 1;
	size = 1;

	constructor(evaluation: Evaluation, tree: Tree, node: NodeRef) {
		this.evaluation = evaluation;
		this.tree = tree;
		this.node = node;
	}
}

export function outermostFrame(context: XPathContext): Frame {
	const frame = new Frame({ context, memo: context.memo, nested: 0 }, context.tree, context.node);
	frame.position = context.position;
	frame.size = context.size;
	return frame;
}
