/** The app of a module: what `turnabout serve MODULE` serves. */
import type { Servable } from './define-config.ts';
import { loadModule } from './load-module.ts';
import { StartError } from './start-error.ts';

const HINT = 'Write `export default (request) => new Response("hello")`, or export an object with fetch.';
const NODE_HINT =
	'Wrap it: `export default fromNode(app)`, with fromNode from turnabout; a Koa app as `fromNode(app.callback())`.';

/**
 * Loads `specifier`: a module whose default export is an app or has `fetch`, or which exports `fetch` by name. Rejects
 * with StartError.
 */
export async function loadApp(specifier: string, folder: string): Promise<Servable> {
	const module = await loadModule(specifier, folder);
	if (isNodeFramework(module['default'])) {
		throw new StartError(`${specifier}: the default export is an app for node:http`, NODE_HINT);
	}
	for (const candidate of [module['default'], module]) if (isServable(candidate)) return candidate;
	const exported = module['default'];
	if (exported === undefined) throw new StartError(`${specifier} has no default export`, HINT);
	if (typeof exported === 'object' && exported !== null && 'app' in exported) {
		throw new StartError(`${specifier} is a configuration, not an app`, `Run it: turnabout run ${specifier}.`);
	}
	throw new StartError(`${specifier}: the default export is no app: neither a function nor an object with fetch`, HINT);
}

function isServable(value: unknown): value is Servable {
	if (typeof value === 'function') return true;
	return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function';
}

/** Express's and connect's apps are functions, Koa's and Fastify's objects; all of them listen by themselves. Elysia, which has `fetch`, does so, too. */
function isNodeFramework(value: unknown): boolean {
	if ((typeof value !== 'function' && typeof value !== 'object') || value === null) return false;
	return 'listen' in value && typeof value.listen === 'function' && !('fetch' in value);
}
