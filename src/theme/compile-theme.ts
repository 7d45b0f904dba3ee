/** From where a theme is written down to a plan: files are opened and read, rules loaded, and everything compiled. */
import { Diagnostics } from './diagnostics/index.ts';
import { openTheme, ThemeFiles } from './files/index.ts';
import { compilePlan, type Plan, type PlanOptions } from './plan/index.ts';
import { type EditFinder, loadRules, type RulesInput } from './rules/index.ts';

export interface ThemeSourceOptions extends PlanOptions {
	/** The folder that nothing is read outside of. Default: the folder of the rules; for rules in code, the working directory. */
	readonly root?: string;
	/** The functions that `edit` rules in YAML name: rules in files run no code by themselves. */
	readonly edits?: EditFinder;
}

export interface LoadedTheme {
	readonly plan: Plan;
	/** Absolute paths of all files that were read. */
	readonly paths: readonly string[];
}

/**
 * Reads and compiles rules: the path of an XML or YAML file, or rules in code. Throws ThemeError with all mistakes in them,
 * and ThemeFileError when the file or its folder is not there. `asked` is told of every path before it is looked for.
 */
export function compileTheme(
	source: string | RulesInput,
	options: ThemeSourceOptions = {},
	asked: (path: string) => void = () => {},
): LoadedTheme {
	const { files, entry } =
		typeof source === 'string'
			? openTheme(source, options.root ?? null, { asked })
			: { files: new ThemeFiles({ root: options.root ?? '.', asked }), entry: source };
	const diagnostics = new Diagnostics();
	const set = loadRules(entry, files, {
		compat: options.compat ?? null,
		diagnostics,
		...(options.edits !== undefined && { edits: options.edits }),
	});
	const plan = compilePlan(set, files, options);
	const paths = files.files.flatMap((file) => files.pathOf(file) ?? []);
	return { plan: { ...plan, warnings: [...diagnostics.all, ...plan.warnings] }, paths };
}
