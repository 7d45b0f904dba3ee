/** A themer whose rules are one line: the content between two marks. What a test is about, it gives itself. */
import type { App, Middleware } from '../../../src/convention/index.ts';
import { respond } from '../../../src/convention/index.ts';
import {
	type HttpThemeOptions,
	type Page,
	type PageFacts,
	type ThemeLogEntry,
	type Themer,
	themed,
} from '../../../src/theme/http/index.ts';

export interface FakeThemer extends Themer {
	/** The facts of all pages so far. */
	readonly facts: PageFacts[];
	/** What was written to pages. */
	readonly written: string[];
}

export function fakeThemer(parts: Partial<Themer> & { readonly page?: Partial<Page> } = {}): FakeThemer {
	const facts: PageFacts[] = [];
	const written: string[] = [];
	const { page, ...rest } = parts;
	return {
		revision: 'r1',
		varies: [],
		streams: false,
		links: null,
		notice: (_given, { title, text }) => `[notice ${title}]${text}`,
		bare: (given) => `[bare ${given.path}?${given.query}]`,
		begin: (given) => {
			facts.push(given);
			let text = '';
			const usual: Page = {
				write: (more) => {
					written.push(more);
					text += more;
					return '';
				},
				end: () => ({ text: `[theme]${text}[/theme]`, themed: true, warnings: [] }),
			};
			return { ...usual, ...page };
		},
		...rest,
		facts,
		written,
	};
}

/** Says what it gets as soon as it gets it. */
export function streamingThemer(page: Partial<Page> = {}): FakeThemer {
	let begun = false;
	return fakeThemer({
		streams: true,
		page: {
			write: (text) => {
				const out = begun ? text : `[theme]${text}`;
				begun = true;
				return out;
			},
			end: () => ({ text: '[/theme]', themed: true, warnings: [] }),
			...page,
		},
	});
}

export interface Watched {
	readonly layer: Middleware;
	readonly lines: ThemeLogEntry[];
}

/** The middleware with this themer, and what it logs. */
export function watched(themer: Themer | null, options: HttpThemeOptions = {}): Watched {
	const lines: ThemeLogEntry[] = [];
	return { lines, layer: themed(() => themer, { log: (entry) => lines.push(entry), ...options }) };
}

export const HTML = 'text/html; charset=utf-8';

/** An app that answers with a page. */
export function page(
	body: NonNullable<Parameters<typeof respond>[2]> = '<p>content</p>',
	fields: Record<string, string> = {},
	status = 200,
): App {
	return () => respond(status, { 'Content-Type': HTML, ...fields }, body);
}
