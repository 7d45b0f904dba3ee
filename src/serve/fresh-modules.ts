/**
 * A module and all that it imports, read once more: for a configuration that has changed. Node keeps every module for ever by
 * its URL; a number behind it makes another one of it, and is passed on to what it imports. Packages stay what they are.
 */
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const PARAMETER = 'reloaded';

/** This package's own code, of which there must be one: keys and classes are known by what they are. */
const OURS = new URL('../', import.meta.url).href;

let hooked = false;

/** The URL under which a file is read for the `times`-th time; the first has nothing behind it. */
export function freshUrl(url: string, times: number): string {
	if (times === 0) return url;
	passOn();
	return `${url}?${PARAMETER}=${times}`;
}

/** The path of a module, whichever time it was read. */
export function pathOfModule(url: string): string {
	return fileURLToPath(url.split('?', 1)[0] as string);
}

function passOn(): void {
	if (hooked) return;
	hooked = true;
	// Bun and older runtimes have no such hooks: there the file itself is read again, and what it imports is not.
	if (!('registerHooks' in nodeModule)) return;
	nodeModule.registerHooks({
		resolve: (specifier, context, next) => {
			const found = next(specifier, context);
			const [, times] = /[?&]reloaded=(\d+)$/.exec(context.parentURL ?? '') ?? [];
			if (times === undefined || !isOfTheUser(found.url)) return found;
			return { ...found, url: freshUrl(found.url, Number(times)) };
		},
	});
}

function isOfTheUser(url: string): boolean {
	return url.startsWith('file:') && !url.includes('?') && !url.includes('/node_modules/') && !url.startsWith(OURS);
}
