/** `turnabout theme convert`: rules in Diazo's XML, printed as YAML. */
import { dirname } from 'node:path';
import { type Command, command } from '../command.ts';
import { loadFailure, requireRules } from './load-failure.ts';
import { compat, root } from './theme-flags.ts';

export const convertCommand: Command = command({
	summary: 'Print rules in XML as YAML',
	usage: 'RULES.xml [--root DIR] [--compat diazo|off]',
	about: `Prints the same rules in YAML. Included files become part of it, old spellings become new ones, comments are left
out. Save the result beside the XML, so that the paths in it still fit; \`turnabout theme check\` says whether they
do.`,
	flags: { root, compat },
	positionals: ['RULES.xml'],
	statuses: 'Exit status: 0 printed; 1 the rules cannot be used; 2 the command line was not understood.',
	examples: [['turnabout theme convert rules.xml > rules.yaml', 'the same rules, easier to read']],
	run: async (values, [file = '']) => {
		await requireRules(file, file);
		const { convertToYaml, loadRules } = await import('../../theme/rules/index.ts');
		const { openTheme } = await import('../../theme/files/index.ts');
		const { Diagnostics, formatDiagnostics } = await import('../../theme/diagnostics/index.ts');
		const diagnostics = new Diagnostics();
		let yaml: string;
		try {
			const { files, entry } = openTheme(file, values.root ?? dirname(file));
			yaml = convertToYaml(loadRules(entry, files, { compat: values.compat ?? null, diagnostics }));
		} catch (error) {
			throw await loadFailure(error, file);
		}
		if (diagnostics.all.length > 0) process.stderr.write(`${formatDiagnostics(diagnostics.all)}\n`);
		process.stdout.write(yaml);
		return 0;
	},
});
