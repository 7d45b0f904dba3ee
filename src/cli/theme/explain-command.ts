/** `turnabout theme explain`: what each rule did to one page. */
import { isStartError, StartError, standardError } from '../../serve/index.ts';
import type { PageReport } from '../../theme/explain/index.ts';
import type { Plan } from '../../theme/plan/index.ts';
import type { Tree } from '../../theme/tree/index.ts';
import { type Command, command } from '../command.ts';
import { onOff } from '../flags.ts';
import { loadPlan } from './load-plan.ts';
import { decodePage, factsFor, pageFailure, readPage } from './page-input.ts';
import { compat, mode, parameter, path, prefix, root, rules, themeFile } from './theme-flags.ts';

export const explainCommand: Command = command({
	summary: 'Say what each rule did to a page, and why',
	usage: `--rules FILE [--theme FILE] [--root DIR] [--path PATH]
[--param NAME=VALUE …] [--prefix URL] [--mode html|xhtml]
[--compat diazo|off] [--json] URL|FILE`,
	about: `Makes the page of URL or FILE (- is standard input) and says which theme was chosen and why, and of each rule: where
it stands, how many nodes of theme and content it matched, which test of its condition failed, which rule was there
first, how much it wrote and how long that took. Rules that did nothing are marked. A URL is fetched once, http or
https; redirects are not followed. What the rules name by URL is fetched only from the server of that page.`,
	flags: {
		rules,
		theme: themeFile,
		root,
		path,
		param: parameter,
		prefix,
		mode,
		compat,
		json: onOff('For programs: the same as JSON.'),
	},
	positionals: ['URL|FILE'],
	statuses: 'Exit status: 0 explained; 1 the rules or the page cannot be used; 2 the command line was not understood.',
	examples: [
		['turnabout theme explain --rules rules.xml page.html', 'a saved page'],
		['turnabout theme explain --rules rules.xml http://127.0.0.1:3000/news', 'a page of a running server'],
	],
	run: async (values, [what = '']) => {
		const url = pageUrl(what);
		const plan = await loadPlan(values);
		const report = await explained(plan, what, url, values.path).catch((error: unknown) => {
			throw pageFailure(error, what);
		});
		const { reportText } = await import('./report-text.ts');
		process.stdout.write(values.json === true ? `${JSON.stringify(report, null, '\t')}\n` : reportText(report, what));
		return 0;
	},
});

/** Null for a file. Throws StartError for a URL of another kind. */
function pageUrl(text: string): URL | null {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme === undefined) return null;
	if ((scheme !== 'http' && scheme !== 'https') || !URL.canParse(text)) {
		throw new StartError(`${text}: not the URL of a page`, 'For example http://127.0.0.1:3000/news, or a file.');
	}
	return new URL(text);
}

async function explained(plan: Plan, what: string, url: URL | null, path: string | undefined): Promise<PageReport> {
	const { explainPage } = await import('../../theme/explain/index.ts');
	if (url === null) {
		for (const { href } of plan.wanted) standardError(`warning: ${href} is not fetched for a file`);
		return explainPage(plan, await decodePage(await readPage(what), what), factsFor(path));
	}
	const { fetchPage } = await import('./fetch-page.ts');
	const { bytes, type } = await fetchPage(url);
	const content = await decodePage(bytes, what, type);
	return explainPage(plan, content, factsFor(path, url), await fetchWanted(plan, url));
}

/** What rules name by URL, from the server of the page alone. What does not come is missing, as it would be on the page. */
async function fetchWanted(plan: Plan, page: URL): Promise<Map<string, Tree>> {
	const [{ parseHtml }, { fetchPage }] = await Promise.all([
		import('../../theme/tree/index.ts'),
		import('./fetch-page.ts'),
	]);
	const documents = new Map<string, Tree>();
	for (const { href } of plan.wanted) {
		const url = new URL(href, page);
		if (url.origin !== page.origin) {
			standardError(`warning: ${href} is not fetched: it is of another server`);
			continue;
		}
		try {
			const { bytes, type, status } = await fetchPage(url);
			if (status !== 200) continue;
			documents.set(href, parseHtml(await decodePage(bytes, href, type), { dialect: plan.dialect }));
		} catch (error) {
			if (!isStartError(error)) throw error;
			standardError(`warning: ${error.message}`);
		}
	}
	return documents;
}
