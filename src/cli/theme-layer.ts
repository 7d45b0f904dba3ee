/** `turnabout reverse --theme`: the theme around the proxy. It is inside of the access log, and closed when the server stops. */
import type { App } from '../convention/index.ts';
import type { Resource, ServeOptions } from '../serve/index.ts';
import { loadFailure, parametersOf, requireRules } from './theme/index.ts';
import { UsageError } from './usage-error.ts';

export interface ThemeFlags {
	readonly rules: string | undefined;
	readonly root: string | undefined;
	readonly parameters: readonly (readonly [name: string, value: string])[];
	readonly prefix: string | undefined;
	readonly development: boolean | undefined;
}

/** Puts the theme around an app, when there is one to put; null without --theme. Throws UsageError. */
export function themeLayer(flags: ThemeFlags): ((app: App) => Promise<Pick<ServeOptions, 'app' | 'resources'>>) | null {
	const { rules, root, parameters, prefix, development } = flags;
	if (rules === undefined) {
		const without = [
			root !== undefined && '--theme-root',
			parameters.length > 0 && '--theme-param',
			prefix !== undefined && '--theme-prefix',
			development === true && '--development',
		].find((name) => name !== false);
		if (without === undefined) return null;
		throw new UsageError(`${without}: there is no --theme`, `Name the rules: --theme rules.xml ${without} …`);
	}
	return async (app) => {
		const shown = `--theme ${rules}`;
		await requireRules(rules, shown);
		const { theme } = await import('../theme/index.ts');
		try {
			const layer = theme(rules, {
				...(root !== undefined && { root }),
				parameters: parametersOf(parameters),
				prefix: prefix ?? null,
				development: development ?? false,
			});
			return { app: layer(app), resources: [app as Resource, layer] };
		} catch (error) {
			throw await loadFailure(error, shown);
		}
	};
}
