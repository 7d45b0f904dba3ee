/** `turnabout theme check`: everything that is wrong with rules, and what keeps pages waiting. */
import type { Diagnostic } from '../../theme/index.ts';
import type { Plan } from '../../theme/plan/index.ts';
import { type Command, command } from '../command.ts';
import { onOff } from '../flags.ts';
import { requireRules } from './load-failure.ts';
import { compat, mode, root } from './theme-flags.ts';

export const checkCommand: Command = command({
	summary: 'Say everything that is wrong with rules, and what keeps pages waiting',
	usage: `FILE [--root DIR] [--strict] [--streaming] [--unique-ids]
[--mode html|xhtml] [--compat diazo|off]`,
	about: `Reads the rules of FILE with the themes and files that they name, and says every error and every warning: where it
is, the lines around it, and what was probably meant.

With --streaming it also says of each rule how it is carried out (fast: found while the page is read; tree: looked
for in what has been read; xslt: instructions are run) and what of the content must have been read before. Then, for
each theme, where a page that is still being written by its server has to wait, in the order of the page, and how to
wait for less.`,
	flags: {
		root,
		strict: onOff('Warnings are errors, too.'),
		streaming: onOff('Say of each rule what it waits for.'),
		'unique-ids': onOff('The content has each id only once: parts of a page may leave when their element has ended.'),
		mode,
		compat,
	},
	positionals: ['FILE'],
	statuses: 'Exit status: 0 no errors; 1 errors, or warnings with --strict; 2 the command line was not understood.',
	examples: [
		['turnabout theme check rules.xml', 'before they are used'],
		['turnabout theme check --streaming --unique-ids rules.xml', 'what keeps the first byte waiting'],
	],
	run: async (values, [file = '']) => {
		await requireRules(file, file);
		const { plan, diagnostics } = await load(file, {
			mode: values.mode ?? 'html',
			compat: values.compat ?? null,
			uniqueIds: values['unique-ids'] === true,
			...(values.root !== undefined && { root: values.root }),
		});
		const { formatDiagnostics } = await import('../../theme/index.ts');
		const parts = diagnostics.length === 0 ? [] : [formatDiagnostics(diagnostics)];
		if (plan !== null && values.streaming === true) {
			const { streamingText } = await import('./streaming-text.ts');
			parts.push(streamingText(plan));
		}
		const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
		const warnings = diagnostics.length - errors;
		parts.push(`${file}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`);
		process.stdout.write(`${parts.join('\n\n')}\n`);
		return errors > 0 || (values.strict === true && warnings > 0) ? 1 : 0;
	},
});

interface Checked {
	/** Null when there were errors. */
	readonly plan: Plan | null;
	readonly diagnostics: readonly Diagnostic[];
}

type CheckOptions = Pick<Plan['options'], 'mode' | 'compat' | 'uniqueIds'> & { readonly root?: string };

async function load(file: string, options: CheckOptions): Promise<Checked> {
	const { theme, ThemeError, ThemeFileError } = await import('../../theme/index.ts');
	try {
		const { plan, warnings } = theme(file, { watch: false, ...options });
		return { plan, diagnostics: warnings };
	} catch (error) {
		if (error instanceof ThemeError) return { plan: null, diagnostics: error.diagnostics };
		if (!(error instanceof ThemeFileError)) throw error;
		const { code, message, hint } = error;
		return { plan: null, diagnostics: [{ severity: 'error', code, message, hint, place: null }] };
	}
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
