/**
 * Where elements go in libxml2 2.9's HTML parser, which Diazo's themes and rules were made with. End tags of html and
 * body close for good there; what comes behind stands beside them.
 */
import type { TreeRules } from './dialect.ts';
import { type ElementKind, HEADISH, kindOf } from './element-kind.ts';
import { UNBALANCED } from './hazards.ts';
import { BODY, HEAD, HTML } from './html-frame.ts';
import { closes, isEmptyKind, priorityOf } from './libxml2-closing.ts';
import type { OpenElements } from './open-elements.ts';
import { DOCUMENT, ELEMENT, NONE } from './tree.ts';

const P = kindOf('p');
const BESIDE_BODY: ReadonlySet<ElementKind> = new Set(['noframes', 'frame', 'frameset'].map(kindOf));
/** The first node of the document. */
const FIRST = 1;

export class Libxml2Dialect implements TreeRules {
	private readonly open: OpenElements;
	private readonly fragment: boolean;
	private elements = false;
	private headSeen = false;
	private bodySeen = false;
	/** Tags of html, head and body that were dropped: as many of their end tags are dropped too. */
	private dropped = 0;
	/** The first root, when a second one stands in it. */
	private reopened = NONE;

	constructor(open: OpenElements, fragment: boolean) {
		this.open = open;
		this.fragment = fragment;
	}

	get begun(): boolean {
		return this.fragment || this.elements;
	}

	get asksForBlanks(): boolean {
		const kind = this.open.kind();
		return kind === null || kind === HTML || kind === HEAD;
	}

	get headOver(): boolean {
		return this.bodySeen || (this.headSeen && this.open.count(HEAD) === 0);
	}

	get bodyBegun(): boolean {
		return this.bodySeen;
	}

	startTag(kind: ElementKind, start: number, end: number): boolean {
		const { open } = this;
		this.closeFor(kind, start);
		if (!this.fragment) this.imply(kind, start);
		if (this.isMisplaced(kind)) {
			this.dropped++;
			open.markUnbalanced();
			return false;
		}
		this.begin(kind, start, end);
		if (isEmptyKind(kind)) open.close(end, end);
		return true;
	}

	private closeFor(kind: ElementKind, at: number): void {
		const { open } = this;
		for (let top = open.kind(); top !== null && closes(kind, top); top = open.kind()) open.closeTo(open.depth - 1, at);
	}

	private isMisplaced(kind: ElementKind): boolean {
		if (this.fragment) return kind === HTML || kind === HEAD || kind === BODY;
		if (kind === HTML) return this.open.depth > 0;
		if (kind === HEAD) return this.open.depth !== 1;
		return kind === BODY && this.open.count(BODY) > 0;
	}

	private imply(kind: ElementKind, at: number): void {
		const { open } = this;
		if (kind === HTML) return;
		if (open.depth === 0) this.begin(HTML, at, at);
		if (kind === HEAD || kind === BODY) return;
		if (open.depth === 1 && (kind.bits & HEADISH) !== 0) {
			if (!this.headSeen && !this.bodySeen) this.begin(HEAD, at, at);
		} else if (!BESIDE_BODY.has(kind) && !this.bodySeen && open.count(HEAD) === 0) {
			this.begin(BODY, at, at);
		}
	}

	private begin(kind: ElementKind, start: number, end: number): void {
		const { open } = this;
		const parent = open.depth === 0 && !this.fragment ? this.rootParent() : open.top;
		open.open(kind, start, end, parent);
		this.elements = true;
		if (kind === HEAD) this.headSeen = true;
		else if (kind === BODY) this.bodySeen = true;
	}

	/** A second root goes into the first where that is the first node, and there is no doctype; else beside it. */
	private rootParent(): number {
		const { tree } = this.open;
		if (tree.count <= FIRST || tree.doctypeStart !== NONE || tree.kinds[FIRST] !== ELEMENT) return DOCUMENT;
		for (let n = tree.after(FIRST); n < tree.count; n++) if (tree.parents[n] === DOCUMENT) tree.parents[n] = FIRST;
		tree.afters[FIRST] = 0;
		tree.hazards[FIRST] = (tree.hazards[FIRST] as number) | UNBALANCED;
		this.reopened = FIRST;
		return FIRST;
	}

	endTag(kind: ElementKind, start: number, end: number): void {
		const { open } = this;
		if (this.dropped > 0 && (kind === HTML || kind === BODY || kind === HEAD)) {
			this.dropped--;
			return open.markUnbalanced();
		}
		if (open.count(kind) === 0) return open.markUnbalanced();
		const priority = priorityOf(kind);
		let depth = open.depth;
		const { kinds } = open;
		for (; kinds[depth] !== kind; depth--) {
			if (priorityOf(kinds[depth] as ElementKind) > priority) return open.markUnbalanced();
		}
		open.closeTo(depth, start);
		open.close(start, end);
	}

	/** Text directly in html or head, or nowhere at all, gets a paragraph. */
	text(at: number, blank: boolean): boolean {
		const { open } = this;
		if (this.fragment) return true;
		if (!blank && this.asksForBlanks) {
			this.closeFor(P, at);
			this.imply(P, at);
			this.begin(P, at, at);
		}
		return open.top !== DOCUMENT;
	}

	end(at: number): void {
		const { open } = this;
		open.closeTo(0, at);
		if (this.reopened === NONE) return;
		const { tree } = open;
		tree.afters[FIRST] = tree.count;
		tree.hazards[DOCUMENT] = (tree.hazards[DOCUMENT] as number) | (tree.hazards[FIRST] as number);
	}
}
