/** Configuration files: where they are looked for, and that they hold a configuration. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig } from './check-config.ts';
import type { Config } from './define-config.ts';
import { loadModule } from './load-module.ts';
import { StartError } from './start-error.ts';

/** Looked for in this order where no file is named. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map((ending) => `turnabout.config.${ending}`);

/** Loads and checks the configuration at `path`, or the one in `folder`; `times`: see loadModule. Rejects with StartError. */
export async function loadConfig(
	path: string | null,
	folder: string,
	times = 0,
): Promise<{ config: Config; file: string }> {
	const file = path ?? CONFIG_FILES.find((name) => existsSync(join(folder, name)));
	if (file === undefined) {
		throw new StartError(
			`there is no ${CONFIG_FILES[0]} here`,
			'Name the file: turnabout run FILE. `turnabout help run` shows what is in one.',
		);
	}
	const module = await loadModule(file, folder, times);
	if (module['default'] === undefined) {
		throw new StartError(
			`${file} has no default export`,
			'Write `export default defineConfig({ app })`; the app may be `reverse(url)`.',
		);
	}
	return { config: checkConfig(module['default'], file), file };
}
