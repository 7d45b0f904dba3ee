/**
 * Modules are read as what they are written as. `npm init` puts "type": "commonjs" into package.json, and Node then reads
 * every .ts and .js of the folder as CommonJS and refuses `import`; somebody's first configuration would fail by it.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { pathOfModule } from './fresh-modules.ts';

/** What Node would read a file as, and what it is when it has module syntax. */
const asModule: Readonly<Record<string, string>> = {
	commonjs: 'module',
	'commonjs-typescript': 'module-typescript',
};

const MODULE = /^[ \t]*(?:import\s*["'{*]|import\s+[\w$]|export\s)/m;
const COMMONJS = /\bmodule\.exports\b|\bexports\.[\w$]+\s*=|\brequire\(/;

let hooked = false;

/** From now on, for files outside node_modules. */
export function readModulesAsWritten(): void {
	if (hooked) return;
	hooked = true;
	// Bun has no such hooks, and reads modules by what they are.
	if (!('registerHooks' in nodeModule)) return;
	nodeModule.registerHooks({
		load: (url, context, nextLoad) => {
			const format = asModule[context.format ?? ''];
			if (format === undefined || !isModule(url)) return nextLoad(url, context);
			return nextLoad(url, { ...context, format });
		},
	});
}

function isModule(url: string): boolean {
	if (!url.startsWith('file:') || url.includes('/node_modules/')) return false;
	const source = readFileSync(pathOfModule(url), 'utf8');
	return MODULE.test(source) && !COMMONJS.test(source);
}
