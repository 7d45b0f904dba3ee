import { existsSync } from 'node:fs';

/** Why tests of a package are skipped; false where it is installed. */
export function missing(name: string): string | false {
	const place = new URL(`node_modules/${name}/package.json`, import.meta.url);
	return existsSync(place) ? false : 'npm install in test/node-frameworks has not been run';
}
