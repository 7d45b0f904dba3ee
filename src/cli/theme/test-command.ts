/** `turnabout theme test`: folders with rules, content, and what must come out. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../serve/index.ts';
import { type Command, command } from '../command.ts';
import { compat, mode } from './theme-flags.ts';

export const testCommand: Command = command({
	summary: 'Run folders of cases: rules, content, and what must come out',
	usage: 'DIR … [--mode html|xhtml] [--compat diazo|off]',
	about: `DIR is a case, or a folder of cases. A case is a folder laid out as in Diazo's own suite:

  rules.xml or rules.yaml   the rules
  content.html              the page
  theme.html                the theme, where the rules name none
  output.html               what must come out, compared as XML: attributes in any order, * for any text
  xpaths.txt                expressions that must hold for what comes out, one a line
  options.cfg               path, absolute-prefix, theme, extra-params; key=value lines

Without output.html and xpaths.txt a case passes when it compiles and runs. output.html must be well-formed.`,
	flags: { mode, compat },
	positionals: ['DIR …'],
	statuses: 'Exit status: 0 all passed; 1 some failed, or there was none; 2 the command line was not understood.',
	examples: [
		['turnabout theme test tests/theme', 'all cases in a folder'],
		['turnabout theme test --mode html --compat off tests/theme/news', 'one of them, as it is served'],
	],
	run: async (values, folders) => {
		const cases = (await Promise.all(folders.map(casesIn))).flat();
		const { runCase } = await import('../../theme/cases/index.ts');
		const options = { mode: values.mode ?? 'xhtml', compat: values.compat === undefined ? 'diazo' : values.compat };
		let failed = 0;
		for (const folder of cases) {
			const { passed, reason } = runCase(folder, options);
			if (passed) continue;
			failed++;
			process.stdout.write(`${folder}: failed\n${indented(reason)}\n\n`);
		}
		process.stdout.write(`${cases.length - failed} passed, ${failed} failed\n`);
		return failed > 0 || cases.length === 0 ? 1 : 0;
	},
});

const isCase = (folder: string): boolean => ['rules.xml', 'rules.yaml'].some((name) => existsSync(join(folder, name)));

async function casesIn(folder: string): Promise<string[]> {
	const found = await stat(folder).catch(() => null);
	if (found === null)
		throw new StartError(`${folder}: there is no such folder`, 'Paths are seen from the current folder.');
	if (!found.isDirectory()) throw new StartError(`${folder}: a file, not a folder`, 'Name the folder that it is in.');
	if (isCase(folder)) return [folder];
	const names = (await readdir(folder)).toSorted();
	return names.map((name) => join(folder, name)).filter(isCase);
}

/** The reason without the lines of a stack, which are of no use to who wrote the case. */
function indented(reason: string): string {
	const lines = reason.split('\n').filter((line) => !/^\s+at /.test(line));
	return lines.map((line) => `  ${line}`).join('\n');
}
