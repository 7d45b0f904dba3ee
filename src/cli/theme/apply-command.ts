/** `turnabout theme apply`: one page in its theme, on standard output. */
import { standardError } from '../../serve/index.ts';
import { type Command, command } from '../command.ts';
import { loadPlan } from './load-plan.ts';
import { decodePage, factsFor, pageFailure, readPage } from './page-input.ts';
import { compat, mode, parameter, path, prefix, root, rules, themeFile } from './theme-flags.ts';

export const applyCommand: Command = command({
	summary: 'Print a page in its theme',
	usage: `--rules FILE [--theme FILE] [--root DIR] [--path PATH]
[--param NAME=VALUE …] [--prefix URL] [--mode html|xhtml]
[--compat diazo|off] CONTENT`,
	about: `Reads CONTENT, an HTML file (- is standard input), and prints it as the rules make it. Its charset is found as a
browser does: byte order mark, <meta charset>, else UTF-8. A page for which no theme applies is printed as it came.
Warnings go to standard error. Documents that rules name by URL are not fetched: the theme keeps what it has there.`,
	flags: { rules, theme: themeFile, root, path, param: parameter, prefix, mode, compat },
	positionals: ['CONTENT'],
	statuses: 'Exit status: 0 printed; 1 the rules or the page cannot be used; 2 the command line was not understood.',
	examples: [
		['turnabout theme apply --rules rules.xml page.html', 'as the pages of the site will look'],
		[
			'curl -s http://127.0.0.1:3000/news | turnabout theme apply --rules rules.xml --path /news -',
			'a page of a running server',
		],
		['turnabout theme apply --rules rules.xml --mode xhtml --compat diazo page.html', 'what Diazo would write'],
	],
	run: async (values, [content = '']) => {
		const plan = await loadPlan(values);
		const [{ formatDiagnostics }, { PageRun }] = await Promise.all([
			import('../../theme/index.ts'),
			import('../../theme/plan/index.ts'),
		]);
		const bytes = await readPage(content);
		const text = await decodePage(bytes, content);
		if (plan.warnings.length > 0) process.stderr.write(`${formatDiagnostics(plan.warnings)}\n`);
		for (const { href } of plan.wanted) standardError(`warning: ${href} is not fetched here`);
		try {
			const run = new PageRun(plan, factsFor(values.path));
			const early = run.write(text);
			const end = run.end();
			await written(end.themed ? early + end.text : bytes);
		} catch (error) {
			throw pageFailure(error, content);
		}
		return 0;
	},
});

/** The process ends right after: a pipe must have taken it all by then. */
function written(output: string | Uint8Array): Promise<void> {
	return new Promise((settle) => {
		process.stdout.write(output, () => settle());
	});
}
