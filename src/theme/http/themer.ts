/**
 * The one contract between HTTP and the rules: the middleware knows pages as text coming in and text going out, the
 * plan knows nothing of fields, codings and sockets. Whatever changes here changes on both sides.
 */
import type { Context, RawRequest } from '../../convention/index.ts';

/** What conditions may ask about a request and its response. */
export interface PageFacts {
	/** The path of the target, percent-decoded where it decodes; what outer mounts took off is not in it. */
	readonly path: string;
	/** The query as it was sent, without `?`; empty when there is none. */
	readonly query: string;
	/** Whom the request is for, with the port where one was said. */
	readonly host: string;
	readonly scheme: string;
	readonly parameters: Readonly<Record<string, string>>;
	/** A request field: the values of all lines of that name, joined; null when there is none. */
	header(name: string): string | null;
	/** The status of the content. */
	readonly status: number;
	/** For whom fragments are fetched. */
	readonly exchange: { readonly request: RawRequest; readonly context: Context };
	readonly debug: 'off' | 'report';
}

export interface Themer {
	/** Changes whenever rules, theme or included files change: part of every ETag. */
	readonly revision: string;
	/** Request fields that conditions look at: for Vary. */
	readonly varies: readonly string[];
	/** Whether any part can leave before the content is complete. */
	readonly streams: boolean;
	/** Null: no theme applies for sure, decided from the facts alone, and there is nothing to do. */
	begin(facts: PageFacts): Page | null;
	/** The theme without content: holes left as the theme has them. */
	bare(facts: PageFacts): string;
	/** The theme with a few words in place of content, as HTML; '' when it has no place for them. */
	notice(facts: PageFacts, notice: { readonly title: string; readonly text: string }): string;
	/** URLs in fields through the link map; null when there is none. */
	readonly links: Links | null;
}

export interface Links {
	url(url: string): string;
	setCookie(value: string): string;
	/** Whether fields are mapped, too. */
	readonly inFields: boolean;
}

/** One page on its way. What it throws or rejects with costs the page its theme; see `limitOf`. */
export interface Page {
	/** Content comes in; answers what can leave now, '' when nothing can. */
	write(text: string): string | Promise<string>;
	/** The content is complete: the rest of the page. */
	end(): PageResult | Promise<PageResult>;
}

export interface PageResult {
	readonly text: string;
	/** False: the page passes through as it came in, byte for byte. Never after `write` has answered something. */
	readonly themed: boolean;
	/** For the log. */
	readonly warnings: readonly string[];
}

/** The limit that an error of a page stands for, which it names in its property `limit`; null for every other error. */
export function limitOf(error: unknown): string | null {
	// Elements inside each other, with `maxDepth` raised beyond what the stack can take.
	if (error instanceof RangeError && error.message.includes('call stack')) return 'depth';
	if (!(error instanceof Error) || !('limit' in error)) return null;
	return typeof error.limit === 'string' ? error.limit : 'limit';
}
