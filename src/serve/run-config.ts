/** A configuration file, served, and served anew when it has changed. */
import { dirname, resolve } from 'node:path';
import type { Config, ServeOptions } from './define-config.ts';
import type { EngineName } from './engine-by-name.ts';
import { loadConfig } from './load-config.ts';
import { run } from './run.ts';

export interface RunConfigOptions {
	/** Instead of the configuration's own. */
	readonly engine?: EngineName;
	/** Serve it anew whenever code in its folder has changed. Default: false. */
	readonly watch?: boolean;
}

/** Settings of the listeners and the process, which are made once. */
const LASTING = ['listen', 'limits', 'timeouts', 'engine', 'socks', 'workers', 'drain', 'admin'] as const;

/** Serves what a configuration file says until a signal ends it. Resolves to the exit status. */
export async function runConfig(path: string | null, folder: string, options: RunConfigOptions = {}): Promise<number> {
	const { config, file } = await loadConfig(path, folder);
	const { listen, workers, drain, admin } = config;
	const { engine, watch = false } = options;
	const chosen = (given: Config): ServeOptions => (engine === undefined ? given : { ...given, engine });
	let times = 0;
	return run({
		...(listen !== undefined && { listen }),
		...(workers !== undefined && { workers }),
		...(drain !== undefined && { drain }),
		...(admin !== undefined && { admin }),
		source: file,
		knowsCertificates: true,
		prepare: () => Promise.resolve(chosen(config)),
		reload: async (say) => {
			const next = await loadConfig(file, folder, ++times);
			for (const name of changed(config, next.config)) say(`${file}: ${name} has changed, which takes a restart`);
			return chosen(next.config);
		},
		...(watch && { watch: dirname(resolve(folder, file)) }),
	});
}

function changed(before: Config, after: Config): string[] {
	return LASTING.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
