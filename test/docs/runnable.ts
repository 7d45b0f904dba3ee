/**
 * Runs the examples of a Markdown page: every block fenced as ```ts runnable is loaded as the module it is, under an
 * address of its own beside the page. 'turnabout' and 'turnabout/theme' mean the sources of this checkout, so nothing need be built.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** The modules' sources by the address they were given. */
const examples = new Map<string, string>();
/** What the package exports, by name. */
const sources = new Map(
	Object.entries({ turnabout: 'index.ts', 'turnabout/theme': 'theme/index.ts' }).map(([name, file]) => [
		name,
		new URL(`../../src/${file}`, import.meta.url).href,
	]),
);

registerHooks({
	resolve(specifier, context, next) {
		if (examples.has(specifier)) return { url: specifier, format: 'module-typescript', shortCircuit: true };
		return next(sources.get(specifier) ?? specifier, context);
	},
	load(url, context, next) {
		const source = examples.get(url);
		return source === undefined ? next(url, context) : { format: 'module-typescript', source, shortCircuit: true };
	},
});

export interface Example {
	/** The line of the page it begins in. */
	readonly line: number;
	readonly source: string;
	/** Loads it; what it exports. */
	run(): Promise<Record<string, unknown>>;
}

/** The runnable blocks of a page. Throws when one is never closed. */
export function examplesOf(page: URL): Example[] {
	const found: Example[] = [];
	let open: { readonly line: number; readonly lines: string[] } | null = null;
	for (const [at, text] of readFileSync(page, 'utf8').split('\n').entries()) {
		if (open === null && /^```ts runnable\b/.test(text)) open = { line: at + 1, lines: [] };
		else if (open !== null && text === '```') {
			found.push(example(page, open.line, open.lines.join('\n')));
			open = null;
		} else open?.lines.push(text);
	}
	if (open !== null) throw new Error(`${page.pathname}:${open.line}: the example is never closed`);
	return found;
}

/** Source that stands in a page, or nearly: loaded as a runnable block is. */
export function example(page: URL, line: number, source: string): Example {
	const url = `${page.href}.${line}.ts`;
	examples.set(url, source);
	return { line, source, run: () => import(url) as Promise<Record<string, unknown>> };
}
