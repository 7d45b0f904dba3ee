/**
 * Where in written markup a place is, and so what may be put there. It asks what a browser would have open at an offset:
 * elements, a start tag, a comment, a script. Where an end tag is left out, its element is open up to what ends it.
 */
import { DOCUMENT, ELEMENT, hazardOf, NONE, parseHtml, TABLE_PART, TEXT, type Tree } from '../tree/index.ts';
import { DOCUMENT_STATE, inside, ON_FOREIGN, ON_RAW, ruleOf } from './nesting.ts';
import { endsItself, quoteAround } from './source-slices.ts';

/** Between tags: markup may stand here, as far as what is open around it allows. */
export interface ContentPlace {
	readonly kind: 'content';
	/** What start tags would do here: a state of nesting.ts. */
	readonly state: number;
	/** The innermost open element; '' when none is. */
	readonly name: string;
}

export type Place =
	| ContentPlace
	/** In a script or the like: text without references. `before`: what the element holds in front of the place. */
	| { readonly kind: 'raw'; readonly name: string; readonly before: string }
	/** In an attribute's value, between two of `quote`. */
	| { readonly kind: 'value'; readonly quote: string }
	/** `where` nothing can stand. */
	| { readonly kind: 'nowhere'; readonly where: string };

/** The page was accepted as long as it is. */
const NO_LIMITS = { maxDepth: Number.POSITIVE_INFINITY, maxNodes: Number.POSITIVE_INFINITY };
const OUTSIDE: ContentPlace = { kind: 'content', state: DOCUMENT_STATE, name: '' };

export class PlaceFinder {
	private readonly tree: Tree;
	private readonly outer: ContentPlace | null;

	/** `outer`: the place that `html` will stand in; null for a document. Throws MarkupLimit for a piece that is too deep. */
	constructor(html: string, outer: ContentPlace | null) {
		this.tree = parseHtml(html, outer === null ? NO_LIMITS : { fragment: true });
		this.outer = outer;
	}

	/** The place at an offset in UTF-16 units. */
	at(offset: number): Place {
		const { tree } = this;
		let { state, name } = this.outer ?? OUTSIDE;
		let parent = DOCUMENT;
		for (;;) {
			const child = this.childAt(parent, offset, state);
			if (child === NONE) break;
			const special = this.inToken(child, offset);
			if (special !== null) return special;
			name = tree.names[child] as string;
			state = inside(state, name, ruleOf(name));
			parent = child;
		}
		if (this.outer === null && (parent === DOCUMENT || name === 'html')) return this.besideBody(offset);
		if ((state & ON_RAW) !== 0) {
			return { kind: 'raw', name, before: tree.source.slice(tree.openEnds[parent], offset) };
		}
		// Its mode changes with the first that is no part of a table, and rows behind that would not count.
		const isOfRows = name === 'template' && tree.children(parent).some((child) => this.isTablePart(child));
		return isOfRows ? nowhere('a template of table parts') : { kind: 'content', state, name };
	}

	private isTablePart(node: number): boolean {
		return this.tree.isElement(node) && (hazardOf(this.tree.names[node] as string) & TABLE_PART) !== 0;
	}

	/** The first child that the offset is in; the first, because an end tag that is left out stands no earlier than the next start tag. */
	private childAt(parent: number, offset: number, state: number): number {
		const { tree } = this;
		let child = tree.firstChild(parent);
		while (child !== NONE && (tree.starts[child] as number) <= offset) {
			if (this.holds(child, offset, state)) return child;
			child = tree.nextSibling(child);
		}
		return NONE;
	}

	private holds(node: number, offset: number, state: number): boolean {
		const { tree } = this;
		const start = tree.starts[node] as number;
		const end = tree.ends[node] as number;
		if (tree.kinds[node] === TEXT && !tree.source.startsWith('<![CDATA[', start)) return false;
		if (start < offset && offset < end) return true;
		if (tree.kinds[node] !== ELEMENT) return false;
		const openEnd = tree.openEnds[node] as number;
		const closeStart = tree.closeStarts[node] as number;
		if (offset < openEnd || offset > closeStart) return false;
		return openEnd !== end || !this.isEmpty(node, state);
	}

	/** It ends with its start tag. */
	private isEmpty(node: number, state: number): boolean {
		const { tree } = this;
		const name = tree.names[node] as string;
		const isForeign = (state & ON_FOREIGN) !== 0 || name === 'svg' || name === 'math';
		if (!isForeign) return ruleOf(name).isVoid;
		return endsItself(tree.source, tree.openEnds[node] as number, tree.starts[node] as number);
	}

	/** null: not within a token but in an element. */
	private inToken(node: number, offset: number): Place | null {
		const { tree } = this;
		if (tree.kinds[node] !== ELEMENT) return nowhere('a comment');
		if (offset < (tree.openEnds[node] as number)) {
			const quote = quoteAround(tree.source, tree.starts[node] as number, offset);
			return quote === '' ? nowhere('a tag, outside of quotes') : { kind: 'value', quote };
		}
		return offset > (tree.closeStarts[node] as number) ? nowhere('a tag') : null;
	}

	/** Outside of head and body, where markup would begin one of them and the tag behind it count no more. */
	private besideBody(offset: number): Place {
		const { tree } = this;
		const html = tree.children(DOCUMENT).find((node) => tree.isElement(node)) ?? NONE;
		const parts = html === NONE ? [] : tree.children(html);
		const isBehind = (name: string): boolean =>
			[html, ...parts].some((node) => {
				if (node === NONE || tree.names[node] !== name || tree.starts[node] === tree.openEnds[node]) return false;
				return (tree.starts[node] as number) >= offset;
			});
		if (isBehind('html') || isBehind('head')) return nowhere('front of the head');
		if (parts.some((node) => tree.names[node] === 'frameset')) return nowhere('a page of frames');
		const name = isBehind('body') ? 'head' : 'body';
		const state = inside(inside(DOCUMENT_STATE, 'html', ruleOf('html')), name, ruleOf(name));
		return { kind: 'content', state, name };
	}
}

const nowhere = (where: string): Place => ({ kind: 'nowhere', where });
