/** A configuration file, served. */
import type { EngineName } from './engine-by-name.ts';
import { loadConfig } from './load-config.ts';
import { run } from './run.ts';

/** Serves what a configuration file says until a signal ends it; `engine` instead of its own. Resolves to the exit status. */
export async function runConfig(path: string | null, folder: string, engine?: EngineName): Promise<number> {
	const { config, file } = await loadConfig(path, folder);
	const { listen, workers, drain } = config;
	return run({
		...(listen !== undefined && { listen }),
		...(workers !== undefined && { workers }),
		...(drain !== undefined && { drain }),
		source: file,
		knowsCertificates: true,
		prepare: () => Promise.resolve(engine === undefined ? config : { ...config, engine }),
	});
}
