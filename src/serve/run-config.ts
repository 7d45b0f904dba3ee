/** A configuration file, run or checked. */

import { formatPlace } from './address.ts';
import { checkComposition } from './check-composition.ts';
import { listenings } from './check-config.ts';
import type { EngineName } from './engine-by-name.ts';
import { loadConfig } from './load-config.ts';
import { resourcesOf } from './resources.ts';
import { run } from './run.ts';

/** Serves what a configuration file says until a signal ends it; `engine` instead of its own. Resolves to the exit status. */
export async function runConfig(path: string | null, folder: string, engine?: EngineName): Promise<number> {
	const { config } = await loadConfig(path, folder);
	const { listen, workers, drain } = config;
	return run({
		...(listen !== undefined && { listen }),
		...(workers !== undefined && { workers }),
		...(drain !== undefined && { drain }),
		prepare: () => Promise.resolve(engine === undefined ? config : { ...config, engine }),
	});
}

/** Loads and checks a configuration file without listening; resolves to one line that says what it would do. */
export async function describeConfig(path: string | null, folder: string): Promise<string> {
	const { config, file } = await loadConfig(path, folder);
	const places = listenings(config.listen).map(({ place, tls }) => `${formatPlace(place)}${tls ? ' with TLS' : ''}`);
	checkComposition(config.app);
	for (const resource of resourcesOf(config.app, config.resources)) await resource.check?.();
	const { workers = 1 } = config;
	return `${file} is valid: ${workers === 1 ? '' : `${workers} workers `}on ${places.join(', ')}`;
}
