/** From the flags of a command to the plan that its rules make. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { Plan } from '../../theme/plan/index.ts';
import { loadFailure, requireFile, requireRules } from './load-failure.ts';
import { parametersOf } from './theme-flags.ts';

export interface PlanFlags {
	readonly rules?: string | undefined;
	readonly theme?: string | undefined;
	readonly root?: string | undefined;
	readonly param: readonly (readonly [name: string, value: string])[];
	readonly prefix?: string | undefined;
	readonly mode?: 'html' | 'xhtml' | undefined;
	readonly compat?: 'diazo' | null | undefined;
}

/** Rejects with StartError, with everything that is wrong with the rules. */
export async function loadPlan(flags: PlanFlags): Promise<Plan> {
	const { rules = '', theme: themePath, mode = 'html', compat = null, prefix = null } = flags;
	const shown = `--rules ${rules}`;
	await requireRules(rules, shown);
	if (themePath !== undefined) await requireFile(themePath, `--theme ${themePath}`);
	const root = flags.root ?? (themePath === undefined ? dirname(rules) : commonFolder(rules, themePath));
	const { theme } = await import('../../theme/index.ts');
	try {
		const name = themePath === undefined ? null : relative(resolve(root), resolve(themePath));
		const parameters = parametersOf(flags.param);
		return theme(rules, { watch: false, root, theme: name, prefix, mode, compat, parameters }).plan;
	} catch (error) {
		throw await loadFailure(error, shown);
	}
}

/** The innermost folder that holds both; as a path from here where it is not above. */
export function commonFolder(one: string, other: string): string {
	const target = resolve(other);
	let folder = dirname(resolve(one));
	while (!target.startsWith(folder.endsWith(sep) ? folder : folder + sep) && dirname(folder) !== folder) {
		folder = dirname(folder);
	}
	const near = relative(process.cwd(), folder);
	return near === '' ? '.' : near.startsWith('..') ? folder : near;
}
