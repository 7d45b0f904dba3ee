/** Between HTTP and the plan: chooses what is known at once, fetches what a page is made of, and feeds it to the plan. */

import { DebugRun, type Development } from './debug/index.ts';
import type { Links, Page, PageFacts, PageResult, Themer } from './http/index.ts';
import { type Fragment, type Fragments, type PageFetch, resolveIncludes } from './includes/index.ts';
import type { LinkMapper } from './links/index.ts';
import { serializeHtml } from './markup/index.ts';
import { Budget } from './page/index.ts';
import { canStream, type Notice, type PageEnd, PageRun, type Plan } from './plan/index.ts';
import { parseHtml, type Tree } from './tree/index.ts';
import { compileXPath, toString } from './xpath/index.ts';

/** Includes in the finished page that are resolved here rather than by a server further out. */
export interface ResolvedIncludes {
	readonly esi: boolean;
	readonly ssi: boolean;
}

export class PlanThemer implements Themer {
	readonly plan: Plan;
	readonly links: Links | null;
	readonly varies: readonly string[];
	private readonly fragments: Fragments;
	private readonly includes: ResolvedIncludes;
	private readonly development: Development | null;

	/** `development`: pages are followed by a script that keeps them up to date; null in production. */
	constructor(plan: Plan, fragments: Fragments, includes: ResolvedIncludes, development: Development | null = null) {
		this.plan = plan;
		this.fragments = fragments;
		this.includes = includes;
		this.development = development;
		this.varies = plan.fields;
		this.links = plan.links === null ? null : linksOf(plan.links, plan.linkPlaces);
	}

	get revision(): string {
		const { revision } = this.plan;
		return this.development === null ? revision : `${revision} in development`;
	}

	get streams(): boolean {
		return canStream(this.plan) && !this.resolves;
	}

	private get resolves(): boolean {
		return this.includes.esi || this.includes.ssi;
	}

	begin(facts: PageFacts): Page | null {
		const { plan, development } = this;
		const debugged = development !== null && facts.debug === 'report';
		if (!debugged && plan.edits.empty && new PageRun(plan, facts).isUnthemed) return null;
		let debug: DebugRun | null = null;
		const run = (documents?: ReadonlyMap<string, Tree>): Run => {
			if (!debugged) return new PageRun(plan, facts, documents);
			debug = new DebugRun(plan, facts, development.shown, documents);
			return debug;
		};
		const fetch = this.fragments.forPage(facts.exchange.request, facts.exchange.context);
		const ready = plan.wanted.length === 0;
		const page = this.finished(ready ? new ReadyPage(run()) : new WaitingPage(fetched(plan, fetch), run), fetch);
		return development === null ? page : development.page(page, plan, facts, () => debug?.report ?? null);
	}

	private finished(page: Page, fetch: PageFetch): Page {
		return this.resolves ? new ResolvingPage(page, fetch, this.includes) : page;
	}

	bare(facts: PageFacts): string {
		const html = new PageRun(this.plan, facts).bare();
		return this.development === null ? html : this.development.bare(html, this.plan, facts);
	}

	notice(facts: PageFacts, notice: Notice): string {
		return new PageRun(this.plan, facts).notice(notice);
	}
}

/** Content in, page out: a page of the plan, or one that reports about itself. */
interface Run {
	write(text: string): string;
	end(): PageEnd;
}

function linksOf(mapper: LinkMapper, places: readonly string[]): Links {
	return {
		url: (url) => (places.includes('location') ? mapper.url(url) : url),
		setCookie: (value) => (places.includes('cookie') ? mapper.setCookie(value) : value),
		inFields: places.includes('location') || places.includes('cookie'),
	};
}

class ReadyPage implements Page {
	private readonly run: Run;

	constructor(run: Run) {
		this.run = run;
	}

	write(text: string): string {
		return this.run.write(text);
	}

	end(): PageResult {
		return { ...this.run.end(), warnings: [] };
	}
}

/** What the rules name by URL, all at the same time; documents by href. */
async function fetched(plan: Plan, fetch: PageFetch): Promise<{ documents: Map<string, Tree>; warnings: string[] }> {
	const documents = new Map<string, Tree>();
	const warnings: string[] = [];
	await Promise.all(
		plan.wanted.map(async ({ href, timeout }) => {
			const fragment: Fragment = await fetch(href, { timeout });
			if (fragment.ok) documents.set(href, parseHtml(fragment.text, { dialect: plan.dialect }));
			else warnings.push(`${href}: ${fragment.detail}`);
		}),
	);
	return { documents, warnings };
}

/** A page whose fragments are on their way; content that comes meanwhile is kept. */
class WaitingPage implements Page {
	private readonly begun: Promise<{ run: Run; warnings: readonly string[] }>;

	constructor(fragments: ReturnType<typeof fetched>, run: (documents: ReadonlyMap<string, Tree>) => Run) {
		this.begun = fragments.then(({ documents, warnings }) => ({ run: run(documents), warnings }));
		// Whoever writes or ends hears of it; a page that is given up before has no one to tell.
		this.begun.catch(() => {});
	}

	async write(text: string): Promise<string> {
		return (await this.begun).run.write(text);
	}

	async end(): Promise<PageResult> {
		const { run, warnings } = await this.begun;
		return { ...run.end(), warnings };
	}
}

/** A page in whose text ESI and SSI includes are resolved when it is complete. */
class ResolvingPage implements Page {
	private readonly page: Page;
	private readonly fetch: PageFetch;
	private readonly includes: ResolvedIncludes;

	constructor(page: Page, fetch: PageFetch, includes: ResolvedIncludes) {
		this.page = page;
		this.fetch = fetch;
		this.includes = includes;
	}

	private early = '';

	async write(text: string): Promise<string> {
		this.early += await this.page.write(text);
		return '';
	}

	async end(): Promise<PageResult> {
		const { text, themed, warnings } = await this.page.end();
		const missed: string[] = [...warnings];
		if (!themed) return { text, themed, warnings };
		const resolved = await resolveIncludes(this.early + text, this.fetch, {
			...this.includes,
			select: selectFrom,
			missed: (href, { detail }) => missed.push(`${href}: ${detail}`),
			warn: ({ message }) => missed.push(message),
		});
		return { text: resolved, themed, warnings: missed };
	}
}

/** `;filter_xpath=`: the nodes that an expression selects in a fragment. Who writes includes writes this, too: rules, the theme, and the content. */
function selectFrom(html: string, xpath: string): string {
	const tree = parseHtml(html);
	const budget = new Budget();
	const value = compileXPath(xpath).evaluate({
		tree,
		node: 0,
		position: 1,
		size: 1,
		current: { tree, node: 0 },
		variable: () => undefined,
		document: () => null,
		index: () => null,
		spend: (looks) => budget.spendLooks(looks),
		memo: null,
	});
	if (typeof value !== 'object') return toString(value);
	return value.nodes.map((node) => serializeHtml(value.tree, node)).join('');
}
