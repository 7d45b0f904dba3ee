/** Fetches pieces of other documents for a page: from the app in this process, or from where the allow-list permits. */
import type { UpstreamStatistics } from '../../client/index.ts';
import { type Context, cancelPayload, type Key, key, type RawResponse, rawResponse } from '../../convention/index.ts';
import { type Destination, Destinations } from './destinations.ts';
import { fetchRun } from './fetch-run.ts';
import { type Fragment, type FragmentFailure, type FragmentWish, missed, type PageFetch } from './fragment.ts';
import type { FragmentContext } from './fragment-context.ts';
import { type FragmentOptions, type FragmentSettings, fragmentSettings } from './fragment-options.ts';
import { type Asked, fragmentRequest } from './fragment-request.ts';
import { fragmentText } from './fragment-text.ts';
import { PageFetches } from './page-fetches.ts';

export interface FragmentStatistics {
	/** Fetches that have begun, and those that have not ended yet. */
	readonly begun: number;
	readonly active: number;
	/** Asked for again on the same page, and not fetched again. */
	readonly shared: number;
	/** Failures by their reason. */
	readonly failed: Readonly<Partial<Record<FragmentFailure, number>>>;
	/** The connections of every origin that was ever asked. */
	readonly upstreams: Readonly<Record<string, UpstreamStatistics>>;
}

/** How many pages this one is part of, through all themes of the process. */
const depth = key<number>('fragment depth');

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export class Fragments {
	private readonly settings: FragmentSettings;
	private readonly destinations: Destinations;
	private readonly page: Key<PageFetches | null> = key('fragments of this page');
	private readonly failed: Partial<Record<FragmentFailure, number>> = {};
	private asked = 0;
	private begun = 0;
	private active = 0;

	/** Throws TypeError for a URL prefix that is none. */
	constructor(options: FragmentOptions = {}) {
		this.settings = fragmentSettings(options);
		this.destinations = new Destinations(this.settings);
	}

	/**
	 * The fragment that `href` names on the page that `asked` is for, or why there is none; never rejects. `context` is the
	 * page's: what is fetched once for it is not fetched again, and all of it ends when the client leaves.
	 */
	fetch(href: string, asked: Asked, context: Context, wish: FragmentWish = {}): Promise<Fragment> {
		this.asked++;
		const page = this.pageOf(context);
		const url = this.destinations.resolve(href, asked.url);
		const name = url instanceof URL ? url.href : `!${href}`;
		return page.once(name, async () => {
			this.begun++;
			this.active++;
			const fragment = url instanceof URL ? await this.run(url, asked, context, page, wish) : url;
			this.active--;
			if (!fragment.ok) this.failed[fragment.reason] = (this.failed[fragment.reason] ?? 0) + 1;
			return fragment;
		});
	}

	/** `fetch` for one page. */
	forPage(asked: Asked, context: Context): PageFetch {
		return (href, wish) => this.fetch(href, asked, context, wish);
	}

	private pageOf(context: Context): PageFetches {
		let page = context.get(this.page) ?? null;
		if (page === null) {
			page = new PageFetches(this.settings.concurrency);
			context.set(this.page, page);
		}
		return page;
	}

	private async run(
		url: URL,
		asked: Asked,
		context: Context,
		page: PageFetches,
		wish: FragmentWish,
	): Promise<Fragment> {
		const within = context.get(depth) ?? 0;
		if (within >= this.settings.maxDepth) return missed('too-deep', `A page within ${within} pages: a loop?`);
		return fetchRun(context, page, wish.timeout ?? this.settings.timeout, (inner) => {
			inner.set(depth, within + 1);
			// A page of its own: to wait for what its own outer page waits for would be for ever.
			inner.set(this.page, null);
			return this.follow(url, asked, inner);
		});
	}

	/** Asks, and goes where redirects lead as long as they may. */
	private async follow(from: URL, asked: Asked, inner: FragmentContext): Promise<Fragment> {
		let url = from;
		let cameFrom: Destination | null = null;
		for (let hops = 0; ; hops++) {
			const to = this.destinations.find(url);
			if (!to.ok) return to;
			// What stands elsewhere cannot send us, with the client's cookies, to our own app.
			if (cameFrom?.own === false && to.own) return missed('not-allowed', 'A redirect from elsewhere to our own app');
			const response = await this.ask(to, asked, inner);
			const location = REDIRECTS.includes(response.status) ? response.fields.get('location') : null;
			if (location === null) return this.read(response);
			cancelPayload(response.payload);
			if (hops >= this.settings.maxRedirects) return missed('redirect', `Redirected to ${location}`);
			const next = this.destinations.redirected(location, to, asked.url);
			if (!(next instanceof URL)) return next;
			cameFrom = to;
			url = next;
		}
	}

	private async ask(to: Destination, asked: Asked, inner: FragmentContext): Promise<RawResponse> {
		const request = fragmentRequest(to, asked, inner, this.settings.credentials);
		const response = rawResponse(await to.app(request, inner, inner));
		// At once, when nobody waits any more.
		inner.onClosed({ exchangeClosed: (reason) => cancelPayload(response.payload, reason) });
		return response;
	}

	private async read(response: RawResponse): Promise<Fragment> {
		const { status } = response;
		if (status === 200) return fragmentText(response, this.settings.maxBytes);
		cancelPayload(response.payload);
		return missed('status', `Answered ${status}`);
	}

	statistics(): FragmentStatistics {
		const upstreams: Record<string, UpstreamStatistics> = {};
		for (const [origin, one] of this.destinations.upstreams()) upstreams[origin] = one.statistics();
		const { begun, active, asked, failed } = this;
		return { begun, active, shared: asked - begun, failed: { ...failed }, upstreams };
	}

	/** Closes idle connections now and the others behind their exchange. */
	close(): Promise<void> {
		return this.destinations.close();
	}
}
