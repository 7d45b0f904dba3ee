/** The theme's own markup as it is written out: as it stands in its file, with URLs made absolute where that is asked for. */
import { prefixAttributes, prefixComment, prefixCss } from '../links/index.ts';
import { guardFor, type Spelling, spellingOf } from '../markup/index.ts';
import { HtmlOutput } from '../output/index.ts';
import { type Attribute, COMMENT, DOCUMENT, ELEMENT, NONE, TEXT, type Tree } from '../tree/index.ts';
import type { Live } from './inline-theme.ts';
import type { Literal, Segment, Step } from './segment.ts';
import { writtenTag } from './walk.ts';

export interface ThemeMarkup {
	readonly tree: Tree;
	/** In front of relative URLs; null for none. */
	readonly prefix: string | null;
	/** Only the places that Diazo knows (THEME 1.5). */
	readonly compat: boolean;
	/** Of a theme in the rules: what is worked out for each page. */
	readonly live: Live | null;
}

/** Collects segments; markup that nothing interrupts becomes one literal. */
export class SegmentBuilder {
	private readonly theme: ThemeMarkup;
	private readonly done: Segment[] = [];
	private html = '';
	private steps: Step[] = [];

	constructor(theme: ThemeMarkup) {
		this.theme = theme;
	}

	add(segment: Segment): void {
		this.flush();
		this.done.push(segment);
	}

	finish(): readonly Segment[] {
		this.flush();
		return this.done;
	}

	private flush(): void {
		if (this.steps.length === 0 && this.html === '') return;
		this.done.push({ kind: 'literal', html: this.html, steps: this.steps } satisfies Literal);
		this.html = '';
		this.steps = [];
	}

	/** Text that belongs to no node: the doctype, say. */
	text(html: string): void {
		this.html += html;
	}

	open(node: number): void {
		const { tree } = this.theme;
		const attributes = prefixed(this.theme, node);
		this.html += startTag(this.theme, node);
		this.steps.push({ what: 'open', tree, node, attributes, text: null });
	}

	close(node: number): void {
		const { tree } = this.theme;
		this.html += endTag(tree, node);
		this.steps.push({ what: 'close', tree, node, attributes: null, text: null });
	}

	/** A node with all below it. */
	copy(node: number): void {
		const { tree, prefix } = this.theme;
		if (prefix === null) {
			this.html += htmlOf(tree, node);
			this.steps.push({ what: 'copy', tree, node, attributes: null, text: null });
		} else this.copyPrefixed(node);
	}

	private copyPrefixed(node: number): void {
		const { tree } = this.theme;
		if (tree.kinds[node] !== ELEMENT) return this.leaf(node);
		this.open(node);
		for (let child = tree.firstChild(node); child !== NONE; child = tree.nextSibling(child)) this.copyPrefixed(child);
		this.close(node);
	}

	private leaf(node: number): void {
		const { tree, prefix, compat } = this.theme;
		const slice = htmlOf(tree, node);
		const parent = tree.parents[node] as number;
		let text: string | null = null;
		if (tree.kinds[node] === COMMENT) text = prefixComment(tree.text(node), prefix ?? '', !compat);
		else if (tree.kinds[node] === TEXT && tree.names[parent] === 'style')
			text = prefixCss(tree.text(node), prefix ?? '', !compat);
		if (text === tree.text(node)) text = null;
		this.html += text === null ? slice : slice.replace(tree.text(node), () => text);
		this.steps.push({ what: 'copy', tree, node, attributes: null, text });
	}
}

/** The attributes of a theme element with absolute URLs; null where they stay as they are. */
export function prefixed({ tree, prefix, compat }: ThemeMarkup, node: number): readonly Attribute[] | null {
	if (prefix === null) return null;
	return prefixAttributes(tree.names[node] as string, tree.attributes(node), prefix, !compat);
}

/** The start tag of a theme element, as it stands or with absolute URLs. */
export function startTag(theme: ThemeMarkup, node: number): string {
	const { tree } = theme;
	const attributes = prefixed(theme, node);
	if (attributes === null && !isMade(tree, node)) return tree.source.slice(tree.starts[node], tree.openEnds[node]);
	const spelling = spellingIn(tree, node);
	return writtenTag(spelling, attributes ?? tree.attributes(node), markOf(tree, node, spelling));
}

/** How the tags of a theme element are written where it stands. */
export function spellingIn(tree: Tree, node: number): Spelling {
	const around: string[] = [];
	let parent = tree.parents[node] as number;
	for (; parent > DOCUMENT; parent = tree.parents[parent] as number) around.push(tree.names[parent] as string);
	return spellingOf(tree.names[node] as string, around.toReversed());
}

/** The end of its start tag: an element of SVG or MathML without an end tag ends with it. */
export function markOf(tree: Tree, node: number, { isForeign }: Spelling): '>' | '/>' {
	return isForeign && !isMade(tree, node) && tree.openEnds[node] === tree.ends[node] ? '/>' : '>';
}

const isMade = (tree: Tree, node: number): boolean => (tree.starts[node] as number) < 0;

/** The end tag as it stands; an element whose tag was implied has none. */
function endTag(tree: Tree, node: number): string {
	if (!isMade(tree, node)) return tree.source.slice(tree.closeStarts[node], tree.ends[node]);
	const name = tree.names[node] as string;
	return VOID.has(name) ? '' : `</${name}>`;
}

/** A node with all below it as it stands, or as it is written when it was made. */
function htmlOf(tree: Tree, node: number): string {
	if (!isMade(tree, node)) return tree.source.slice(tree.starts[node], tree.ends[node]);
	const out = new HtmlOutput(guardFor([]));
	out.copy(tree, node);
	return out.html;
}

/** HTML, section 13.1.2: elements without content or end tag. */
export const VOID: ReadonlySet<string> = new Set(
	'area base br col embed hr img input link meta source track wbr'.split(' '),
);

/** The theme's own doctype, HTML's where it has none. */
export function themeDoctype({ tree }: ThemeMarkup): string {
	if (tree.doctypeStart < 0) return '<!DOCTYPE html>\n';
	return `${tree.source.slice(tree.doctypeStart, tree.doctypeEnd)}\n`;
}

/** The whole theme, with nothing brought in. */
export function bareTheme(theme: ThemeMarkup): string {
	const builder = new SegmentBuilder(theme);
	builder.text(themeDoctype(theme));
	const { tree } = theme;
	for (const child of tree.children(DOCUMENT)) builder.copy(child);
	return builder
		.finish()
		.map((segment) => (segment.kind === 'literal' ? segment.html : ''))
		.join('');
}
