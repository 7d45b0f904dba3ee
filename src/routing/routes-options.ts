/** What can be set on a table of routes. */

import type { App } from '../convention/index.ts';
import { checkNames, checkObject } from '../names/index.ts';

export interface RoutesOptions {
	/** Answers what no pattern takes. Default: 404. Paths that are refused, and methods that are not allowed, do not come here. */
	readonly otherwise?: App;
	/**
	 * `%2F` and `%5C` in a path. `refuse` (default): 400, since an app below may take them for slashes, and so come to what a
	 * pattern guards. `pass`: a parameter may hold them.
	 */
	readonly encodedSlashes?: 'refuse' | 'pass';
	/** `redirect` (default): where only the path with a slash at its end has a route, or only that without, 308 leads there. `strict`: 404. */
	readonly trailingSlash?: 'redirect' | 'strict';
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
	encodedSlashes: ['refuse', 'pass'],
	trailingSlash: ['redirect', 'strict'],
};

/** Throws TypeError with the option's name and the reason. */
export function checkRoutesOptions(options: unknown): void {
	checkObject('routes', options, '{ otherwise: app }');
	checkNames('routes: ', options, ['otherwise', ...Object.keys(CHOICES)]);
	for (const [name, value] of Object.entries(options)) {
		if (value === undefined) continue;
		const choices = Object.hasOwn(CHOICES, name) ? CHOICES[name] : undefined;
		if (choices !== undefined) {
			if (choices.includes(String(value))) continue;
			throw new TypeError(`routes: ${name} is ${JSON.stringify(value)}, not ${choices.join(' or ')}`);
		}
		if (typeof value !== 'function') throw new TypeError(`routes: otherwise is ${typeof value}, not an app`);
	}
}

/** The value of Allow for these methods (RFC 9110 section 10.2.1): GET brings HEAD, and OPTIONS is always there. */
export function allowOf(entries: readonly { readonly method: string | null }[]): string {
	const methods = new Set<string>();
	for (const { method } of entries) {
		if (method === null) for (const any of ANY) methods.add(any);
		else methods.add(method);
		if (method === 'GET') methods.add('HEAD');
	}
	methods.add('OPTIONS');
	return [...methods].toSorted().join(', ');
}

/** What an app without a method may be asked. */
const ANY: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
