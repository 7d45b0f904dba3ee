/** Themes in code, in development, asked in memory; and what is put into their pages, read again. */
import type { TestContext } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import type { ClientData } from '../../../src/theme/debug/client.ts';
import { type Theme, type ThemeOptions, theme } from '../../../src/theme/index.ts';
import type { RulesInput } from '../../../src/theme/rules/index.ts';

export const THEME =
	'<!DOCTYPE html><html><head><title>T</title></head><body><nav id="nav"></nav><main id="main">theme</main><p id="foot"></p></body></html>';

export const RULES: RulesInput = {
	theme: { html: THEME },
	rules: [
		{ replace: { theme: 'title', content: 'title' } },
		{ fill: { theme: '#main', content: '#content' } },
		{ append: { theme: '#nav', content: '.menu', when: { path: '/menu' } } },
		{ replace: { theme: '#foot', content: '.none' } },
	],
};

export const CONTENT = '<title>Old</title><div id="content"><p>there</p></div><p class="menu">menu</p>';

/** A theme in development that ends with its test. */
export function developed(t: TestContext, rules: RulesInput | string = RULES, options: ThemeOptions = {}): Theme {
	const layer = theme(rules, { development: true, log: () => {}, ...options });
	t.after(() => layer.close());
	return layer;
}

export const app =
	(fields: Record<string, string> = {}, content = CONTENT): App =>
	() =>
		respond(200, { 'Content-Type': 'text/html', ...fields }, content);

/** What a page tells its browser. */
export function dataIn(page: string): ClientData {
	const found = /<script type="application\/json">(.*?)<\/script>/s.exec(page);
	if (found === null) throw new Error(`No data in ${page}`);
	return JSON.parse(found[1] as string) as ClientData;
}

/** The page without what was put into it. */
export const without = (page: string): string =>
	page.replace(/<script type="application\/json">.*?<\/script><script.*?<\/script>/s, '');
