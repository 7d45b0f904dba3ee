/** Fragments asked for within an exchange in memory, and the same without any: a table of what is where. */
import type { TestContext } from 'node:test';
import type { App, Context } from '../../../src/convention/index.ts';
import { raw, respond } from '../../../src/convention/index.ts';
import { exchange, type MemoryExchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type Fragment, type FragmentOptions, Fragments, type PageFetch } from '../../../src/theme/includes/index.ts';

/** Fragments that are closed when the test is over. */
export function fragments(t: TestContext, options: FragmentOptions): Fragments {
	const one = new Fragments(options);
	t.after(() => one.close());
	return one;
}

export interface Page {
	readonly fetch: PageFetch;
	readonly context: Context;
	readonly exchange: MemoryExchange;
}

/** A page that is being made: its exchange lasts until the test is over, or until it is aborted. */
export function page(t: TestContext, one: Fragments, request: string | MemoryRequest = '/news/today?x=1'): Page {
	let fetch: PageFetch | null = null;
	let context: Context | null = null;
	const { promise, resolve } = Promise.withResolvers<Response>();
	const app: App = (asked, around) => {
		fetch = one.forPage(raw(asked), around);
		context = around;
		return promise;
	};
	const running = exchange(app, request);
	running.answer.catch(() => {});
	t.after(() => resolve(respond(204)));
	if (fetch === null || context === null) throw new Error('The app was not called at once');
	return { fetch, context, exchange: running };
}

/** The text of a fragment, or why there is none: `!timeout`. */
export function said(fragment: Fragment): string {
	return fragment.ok ? fragment.text : `!${fragment.reason}`;
}

/** A fetcher that knows these documents, and a list of what it was asked for. */
export function library(documents: Readonly<Record<string, string>>): { fetch: PageFetch; asked: string[] } {
	const asked: string[] = [];
	const fetch: PageFetch = async (href) => {
		asked.push(href);
		const text = documents[href];
		if (text === undefined) return { ok: false, reason: 'status', detail: 'Answered 404' };
		return { ok: true, text, type: 'text/html', status: 200 };
	};
	return { fetch, asked };
}
