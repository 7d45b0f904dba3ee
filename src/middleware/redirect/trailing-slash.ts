/** One spelling of each path: with a slash at its end, or without. */
import type { Layer } from '../../convention/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import { judgePath, oneSlash } from '../../routing/index.ts';
import { exceptOf } from './exceptions.ts';
import { checkStatus, ownPath, type RedirectStatus } from './location.ts';
import { redirecting } from './redirecting.ts';

export interface TrailingSlashOptions {
	/** Patterns of paths that are left as they are. Default: none. */
	readonly except?: readonly string[];
	/** Default: 308, permanent, and the method stays. */
	readonly status?: RedirectStatus;
}

/**
 * Middleware that redirects `/a/` to `/a` (`remove`), or `/a` to `/a/` (`add`, but for names with a dot, which are files). Throws
 * TypeError or RangeError with the option's name and the reason.
 */
export function trailingSlash(mode: 'add' | 'remove', options: TrailingSlashOptions = {}): Layer {
	if (mode !== 'add' && mode !== 'remove') {
		throw new TypeError(`trailingSlash: mode must be 'add' or 'remove', not ${shown(mode)}`);
	}
	checkNames('trailingSlash: ', options, ['except', 'status']);
	const except = exceptOf('trailingSlash: except', options.except);
	const status = checkStatus('trailingSlash', options.status ?? 308);
	const other = mode === 'add' ? added : removed;
	return redirecting('trailingSlash', (request, context) => {
		const whole = ownPath(request, context);
		if (whole === null) return null;
		const query = whole.indexOf('?');
		const path = query === -1 ? whole : whole.slice(0, query);
		const better = other(path);
		if (better === path || judgePath(path, false).fault !== null) return null;
		if (except !== null && except.find(request) !== null) return null;
		return { location: oneSlash(better) + (query === -1 ? '' : whole.slice(query)), status };
	});
}

function removed(path: string): string {
	let end = path.length;
	while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end--;
	return path.slice(0, end);
}

function added(path: string): string {
	return path.endsWith('/') || path.includes('.', path.lastIndexOf('/')) ? path : `${path}/`;
}
