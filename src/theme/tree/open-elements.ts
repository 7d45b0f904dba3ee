/**
 * The elements that are open, from the document down, and what happens to a tree when one opens or closes: numbers,
 * offsets, hazards. Which ones open and close is for html-dialect.ts and libxml2-dialect.ts to say.
 */
import {
	BREAKOUT,
	BUTTON,
	type ElementKind,
	END_OPTIONAL,
	FOREIGN_ROOT,
	INTEGRATION,
	PARAGRAPH,
	SCOPE,
} from './element-kind.ts';
import { UNBALANCED } from './hazards.ts';
import type { IndexFiller } from './index-filler.ts';
import { MarkupLimit } from './markup-limit.ts';
import { type Attribute, DOCUMENT, ELEMENT, NONE, type NodeKind, Tree } from './tree.ts';

const FENCE = PARAGRAPH | SCOPE | BUTTON;

export class OpenElements {
	readonly tree: Tree;
	/** The innermost open element's node; the document's when none is open. */
	top = 0;
	depth = 0;
	/** The content of the innermost element is svg or math. */
	foreign = false;
	private readonly nodes: number[] = [0];
	readonly kinds: (ElementKind | null)[] = [null];
	/** Of the kinds, for those who look through all that is open. */
	readonly bits: number[] = [0];
	/** The innermost paragraph, or element that hides those outside, at each depth: where one can look without walking. */
	private readonly fences: number[] = [0];
	private readonly foreigns: boolean[] = [false];
	/** How many are open, by the kind's id. */
	private readonly counts: number[] = [];
	private readonly maxDepth: number;
	private readonly maxNodes: number;

	private readonly filler: IndexFiller | null;

	constructor(capacity: number, maxDepth: number, maxNodes: number, filler: IndexFiller | null) {
		this.filler = filler;
		this.tree = new Tree(capacity);
		this.tree.add(DOCUMENT, '', NONE);
		this.maxDepth = maxDepth;
		this.maxNodes = maxNodes;
	}

	/** null for the document. */
	kind(depth: number = this.depth): ElementKind | null {
		return this.kinds[depth] as ElementKind | null;
	}

	node(depth: number): number {
		return this.nodes[depth] as number;
	}

	count(kind: ElementKind): number {
		return this.counts[kind.id] ?? 0;
	}

	/** An element with its start tag at [start, openEnd). */
	open(kind: ElementKind, start: number, openEnd: number, parent: number = this.top): number {
		if (this.depth >= this.maxDepth) throw new MarkupLimit('depth', this.maxDepth);
		const { tree } = this;
		if (tree.count > this.maxNodes) throw new MarkupLimit('nodes', this.maxNodes);
		const node = tree.addAt(ELEMENT, kind.name, parent, start, openEnd, NONE);
		tree.hazards[node] = kind.hazard;
		if (this.filler !== null) this.filler.name(kind, node);
		this.push(kind, node);
		return node;
	}

	/** Puts an element on top that is in the tree already. */
	push(kind: ElementKind, node: number): void {
		const depth = ++this.depth;
		this.nodes[depth] = this.top = node;
		this.kinds[depth] = kind;
		this.bits[depth] = kind.bits;
		this.fences[depth] = (kind.bits & FENCE) === 0 ? (this.fences[depth - 1] as number) : depth;
		if ((kind.bits & FOREIGN_ROOT) !== 0) this.foreign = true;
		else if (this.foreign && (kind.bits & INTEGRATION) !== 0) this.foreign = false;
		this.foreigns[depth] = this.foreign;
		this.counts[kind.id] = (this.counts[kind.id] ?? 0) + 1;
	}

	/** Closes the innermost, with its end tag at [start, end). */
	close(start: number, end: number): void {
		const { tree, top, depth } = this;
		const kind = this.kinds[depth] as ElementKind;
		tree.afters[top] = tree.count;
		tree.closeStarts[top] = start;
		tree.ends[top] = end;
		const parent = tree.parents[top] as number;
		tree.hazards[parent] = (tree.hazards[parent] as number) | (tree.hazards[top] as number);
		this.counts[kind.id] = (this.counts[kind.id] as number) - 1;
		this.depth = depth - 1;
		this.top = this.nodes[depth - 1] as number;
		this.foreign = this.foreigns[depth - 1] as boolean;
	}

	/** Closes all that is deeper than `depth`, whose end tags are missing, at `at`. */
	closeTo(depth: number, at: number): void {
		while (this.depth > depth) {
			if (((this.kinds[this.depth] as ElementKind).bits & END_OPTIONAL) === 0) this.markUnbalanced();
			this.close(at, at);
		}
	}

	/** An element got an attribute after its start tag. */
	addLate(attribute: Attribute, node: number): void {
		this.filler?.late(attribute, node);
	}

	/** Something is wrong with what stands directly in the innermost element. */
	markUnbalanced(): void {
		this.tree.hazards[this.top] = (this.tree.hazards[this.top] as number) | UNBALANCED;
	}

	/** Leaves svg and math, because of a tag that cannot stand in there. */
	breakOut(kind: ElementKind, at: number): void {
		if ((kind.bits & BREAKOUT) === 0) return;
		let depth = this.depth;
		while (depth > 0 && this.foreigns[depth]) depth--;
		this.closeTo(depth, at);
	}

	/** The depth of the paragraph that a block would end; 0 when there is none. */
	paragraphDepth(): number {
		const depth = this.fences[this.depth] as number;
		return ((this.bits[depth] as number) & PARAGRAPH) === 0 ? 0 : depth;
	}

	/** A text, comment or processing instruction. */
	leaf(kind: NodeKind, name: string, start: number, end: number): number {
		if (this.tree.count > this.maxNodes) throw new MarkupLimit('nodes', this.maxNodes);
		const node = this.tree.addAt(kind, name, this.top, start, NONE, end);
		this.tree.afters[node] = node + 1;
		return node;
	}
}
