/** `?theme=off`, `?theme=only` and `?theme=debug`: obeyed and taken off in development, and nobody's business otherwise. */

export type Switch = 'off' | 'only' | 'debug';

const PARAMETER = /([?&])theme=(off|only|debug)(&|$)/;

/** The switch in a target, and the target without it; null when there is none. */
export function switchIn(target: string): { readonly what: Switch; readonly target: string } | null {
	const found = PARAMETER.exec(target);
	if (found === null) return null;
	const [parameter, before = '', what, behind] = found;
	const rest = target.slice(found.index + parameter.length);
	return { what: what as Switch, target: target.slice(0, found.index) + (behind === '' ? '' : before + rest) };
}
