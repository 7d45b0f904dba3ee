/** An app or a configuration, looked at as closely as can be without serving it. */
import { misfitsOf, type Served } from '../convention/index.ts';
import { formatPlace } from './address.ts';
import { ORDER_HINT, orderFaults, refuse, SERVED_HINT, servedBy } from './check-composition.ts';
import { listenings } from './check-config.ts';
import { type Loaded, loadServable } from './load-servable.ts';
import { type Resource, resourcesOf } from './resources.ts';
import { messageOf } from './start-error.ts';

export interface Checked {
	/** One line that says what would be done. */
	readonly summary: string;
	/** What is to be said, and is no reason not to start. */
	readonly warnings: readonly string[];
}

/**
 * Loads the module or the configuration at `path`, or the configuration in `folder`, and checks all that can be checked
 * without listening and without leaving anything behind. Rejects with StartError, which names the file and everything wrong.
 */
export async function checkServable(path: string | null, folder: string): Promise<Checked> {
	const loaded = await loadServable(path, folder);
	const { file, app, config, log } = loaded;
	const misfits = misfitsOf(app, servedAs(loaded));
	const resources = [...(log === null ? [] : [log]), ...resourcesOf(app, config?.resources)];
	const order = orderFaults(app);
	const faults = misfits.flatMap(({ level, message }) => (level === 'fault' ? [message] : []));
	const wrong = [...order, ...faults, ...(await failuresOf(resources))];
	refuse(file, wrong, order.length > 0 ? ORDER_HINT : SERVED_HINT);
	return { summary: summaryOf(loaded), warnings: misfits.map(({ message }) => `${file}: ${message}`) };
}

/** Of a module nobody knows where it will listen. */
function servedAs({ config }: Loaded): Served {
	if (config === null) return { workers: 1, asksForCertificates: null };
	return servedBy(listenings(config.listen), config.workers ?? 1);
}

async function failuresOf(resources: readonly Resource[]): Promise<string[]> {
	const failures: string[] = [];
	for (const resource of resources) {
		try {
			await resource.check?.();
		} catch (error) {
			failures.push(messageOf(error));
		}
	}
	return failures;
}

function summaryOf({ file, config }: Loaded): string {
	if (config === null) return `${file} is valid: an app, for \`turnabout serve ${file}\``;
	const places = listenings(config.listen).map(({ place, tls }) => `${formatPlace(place)}${tls ? ' with TLS' : ''}`);
	const { workers = 1 } = config;
	return `${file} is valid: ${workers === 1 ? '' : `${workers} workers `}on ${places.join(', ')}`;
}
