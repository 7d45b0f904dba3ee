/**
 * One page, from its first byte to its last: reads the content, chooses the theme as soon as that is certain, and writes
 * as far as what has been read allows.
 */
import { guardFor } from '../markup/index.ts';
import { HtmlOutput, XhtmlOutput } from '../output/index.ts';
import { applyTemplates, type Facts, Page } from '../page/index.ts';
import { DOCUMENT, HtmlBuilder, KeyIndex, type Settlement, type Tree } from '../tree/index.ts';
import type { Notice } from './notice.ts';
import type { Plan } from './plan.ts';
import type { CompiledTheme } from './theme-choice.ts';
import { HtmlWalk, type Watcher, writeSegments } from './walk.ts';

export interface PageEnd {
	readonly text: string;
	/** False: nothing applies, and the page stays as it came in. */
	readonly themed: boolean;
}

export class PageRun {
	readonly page: Page;
	/** The theme, once it has been chosen: null when there is none for this page. */
	theme: CompiledTheme | null | undefined = undefined;
	private readonly plan: Plan;
	private readonly builder: HtmlBuilder;
	private readonly index: KeyIndex;
	private readonly watcher: Watcher | null;
	private walk: HtmlWalk | null = null;
	private ended = false;
	private readonly settled = (settlement: Settlement): boolean => this.isSettled(settlement);

	/** `documents`: what was fetched for this page, by href. */
	constructor(
		plan: Plan,
		facts: Facts,
		documents: ReadonlyMap<string, Tree> = new Map(),
		watcher: Watcher | null = null,
	) {
		this.plan = plan;
		this.watcher = watcher;
		this.index = new KeyIndex(plan.watch);
		const { dialect, limits } = plan;
		this.builder = new HtmlBuilder({ dialect, index: this.index, ...limits });
		const parameters = { ...plan.options.parameters, ...facts.parameters };
		this.page = new Page(
			plan.setting,
			this.builder.tree,
			this.index,
			{ ...facts, header: (name) => facts.header(name), parameters },
			documents,
		);
	}

	/** Whether it is certain before any content that no theme is chosen. */
	get isUnthemed(): boolean {
		return this.choose() === null;
	}

	/** The theme without content: the first that fits what is known of the request, else the last. */
	bare(): string {
		return this.likely?.bare ?? '';
	}

	/** The same theme with a few words in place of content; '' when there is no theme at all. */
	notice(notice: Notice): string {
		return this.likely?.notice(notice) ?? '';
	}

	private get likely(): CompiledTheme | undefined {
		return this.choose() ?? this.plan.themes.at(-1);
	}

	/** Content comes in; what can leave goes out. Throws MarkupLimit or PageLimit. */
	write(text: string): string {
		this.builder.write(text);
		if (this.plan.dialect !== 'html') return '';
		return this.advance();
	}

	/** The content is complete. */
	end(): PageEnd {
		this.builder.end();
		this.ended = true;
		if (this.plan.dialect === 'libxml2') return this.endXhtml();
		const text = this.advance();
		if (this.theme !== null) return { text, themed: true };
		if (this.plan.edits.empty) return { text: '', themed: false };
		return { text: this.editedContent(), themed: true };
	}

	private advance(): string {
		if (this.theme === undefined) this.theme = this.choose();
		if (!this.theme) return '';
		this.walk ??= new HtmlWalk(this.page, this.theme.segments, this.watcher);
		return this.walk.advance(this.settled, this.isSettled(this.plan.edits.settlement));
	}

	/** The theme for this page, null for none; undefined while that is open. */
	private choose(): CompiledTheme | null | undefined {
		const { root } = this.page;
		if (this.plan.edits.takesAll) return null;
		for (const condition of this.plan.nothemes) {
			if (!this.isSettled(condition.settlement)) return undefined;
			if (condition.holds(root)) return null;
		}
		for (const theme of this.plan.themes) {
			if (!this.isSettled(theme.condition.settlement)) return undefined;
			if (theme.condition.holds(root)) return theme;
		}
		return null;
	}

	private isSettled(settlement: Settlement): boolean {
		if (this.ended || settlement === 'start') return true;
		if (settlement === 'end') return false;
		const { reached } = this.builder;
		if (settlement === 'head') return reached !== 'start';
		if (settlement === 'body') return reached === 'body';
		return settlement.ids.every((id) => {
			const [first] = this.index.ids.get(id) ?? [];
			return first !== undefined && this.builder.isClosed(first);
		});
	}

	private editedContent(): string {
		const out = new HtmlOutput(NOTHING_AROUND);
		const { tree, root } = this.page;
		applyTemplates(root, { tree, nodes: [DOCUMENT] }, null, out);
		return doctypeOf(tree) + out.html;
	}

	private endXhtml(): PageEnd {
		this.theme = this.choose() ?? null;
		const { tree, root } = this.page;
		const { doctypePublic, doctypeSystem, declaration } = this.plan.output;
		const declared = doctypePublic === null && doctypeSystem === null ? {} : { doctypePublic, doctypeSystem };
		const out = new XhtmlOutput({ ...declared, declaration });
		if (this.theme === null) applyTemplates(root, { tree, nodes: [DOCUMENT] }, null, out);
		else writeSegments(this.page, this.theme.segments, out);
		return { text: out.finish(), themed: true };
	}
}

const NOTHING_AROUND = guardFor([]);

/** The doctype as it stands in the source. */
export function doctypeOf(tree: Tree): string {
	return tree.doctypeStart < 0 ? '' : tree.source.slice(tree.doctypeStart, tree.doctypeEnd);
}
