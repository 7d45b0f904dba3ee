/**
 * Whether a plan can write anything of worth while content is still coming in. The theme's first words alone are not worth
 * it: once they have left, a page that meets a limit can only be cut off, and could otherwise pass through as it is.
 */
import type { Plan } from './plan.ts';
import type { CompiledTheme } from './theme-choice.ts';

export function canStream({ dialect, nothemes, themes, edits }: Plan): boolean {
	if (dialect !== 'html' || edits.takesAll) return false;
	if ([...nothemes, ...themes.map(({ condition }) => condition)].some(({ settlement }) => settlement === 'end'))
		return false;
	return themes.some((theme) => getsPastItsBegin(theme, edits.settlement === 'end'));
}

function getsPastItsBegin({ segments }: CompiledTheme, editsWait: boolean): boolean {
	const first = segments.find(({ kind }) => kind !== 'literal');
	if (first === undefined || first.kind === 'literal' || first.settlement === 'end') return false;
	return first.kind !== 'hole' || !editsWait;
}
