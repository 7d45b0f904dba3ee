/**
 * A theme that says something by itself: for when there is no content, and rules that look for some would leave the page
 * empty. The words stand where a theme keeps its main text, and in its title.
 */
import { compileCss } from '../css/index.ts';
import { DOCUMENT, NONE } from '../tree/index.ts';
import { SegmentBuilder, type ThemeMarkup, themeDoctype } from './theme-markup.ts';

export interface Notice {
	/** Both as HTML. */
	readonly title: string;
	readonly text: string;
}

export type NoticePage = (notice: Notice) => string;

/** Where a theme keeps its main text, the likelier first. */
const MAIN = ['main', '[role=main]', '#main', '#content', 'article', 'body'];

export function noticePage(theme: ThemeMarkup): NoticePage {
	const parts = new NoticeParts(theme).all();
	return (notice) => parts.map((part) => (typeof part === 'string' ? part : notice[part.what])).join('');
}

type Part = string | { readonly what: keyof Notice };

class NoticeParts {
	private readonly theme: ThemeMarkup;
	private readonly places: ReadonlyMap<number, keyof Notice>;
	private readonly parts: Part[] = [];
	private builder: SegmentBuilder;

	constructor(theme: ThemeMarkup) {
		this.theme = theme;
		this.builder = new SegmentBuilder(theme);
		const places: [number, keyof Notice][] = [
			[this.first(['head title']), 'title'],
			[this.first(MAIN), 'text'],
		];
		this.places = new Map(places.filter(([node]) => node !== NONE));
	}

	all(): readonly Part[] {
		this.builder.text(themeDoctype(this.theme));
		this.children(DOCUMENT);
		this.flush();
		return this.parts;
	}

	private first(selectors: readonly string[]): number {
		for (const selector of selectors) {
			const [node] = compileCss(selector).select(this.theme.tree, null);
			if (node !== undefined) return node;
		}
		return NONE;
	}

	private children(node: number): void {
		for (const child of this.theme.tree.children(node)) this.node(child);
	}

	private node(node: number): void {
		const { tree } = this.theme;
		const place = this.places.get(node);
		const after = tree.after(node);
		if (place === undefined && ![...this.places.keys()].some((one) => one > node && one < after)) {
			return this.builder.copy(node);
		}
		this.builder.open(node);
		if (place !== undefined) {
			this.flush();
			this.parts.push({ what: place });
		}
		// The words take the place of a main text; before all of a page they only come first.
		if (place === undefined || tree.names[node] === 'body') this.children(node);
		this.builder.close(node);
	}

	private flush(): void {
		const html = this.builder.finish().map((segment) => (segment.kind === 'literal' ? segment.html : ''));
		this.parts.push(html.join(''));
		this.builder = new SegmentBuilder(this.theme);
	}
}
