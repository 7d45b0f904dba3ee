/** Old addresses that lead to new ones, by patterns as in `routes`. */
import type { Context, Layer, RawRequest } from '../../convention/index.ts';
import { formatAuthority } from '../../fields/index.ts';
import { checkNames } from '../../names/index.ts';
import { oneSlash, PathTable, PathTemplate, patternOf } from '../../routing/index.ts';
import { checkStatus, noFragment, ownPath, type RedirectStatus, urlText } from './location.ts';
import { authorityOf, schemeOf } from './origin.ts';
import { redirecting } from './redirecting.ts';

/** Where a pattern leads. */
export interface RedirectTo {
	/** A path, or a URL with a fixed host: `/articles/:slug`, `https://example.org/*`, `/item?id=:id#top`. */
	readonly to: string;
	/** Default: 308, permanent, and the method stays. 303 makes a GET of it. */
	readonly status?: RedirectStatus;
	/** What becomes of the request's own query: it stays, behind that of `to`, or is left out. Default: 'keep'. */
	readonly query?: 'keep' | 'drop';
}

/** A table of patterns as in `routes`; the most specific one decides. */
export type RedirectRules = Readonly<Record<string, string | RedirectTo>>;

interface Rule {
	readonly template: PathTemplate;
	readonly status: RedirectStatus;
	readonly keep: boolean;
}

/**
 * Middleware that redirects by a table of patterns. Parameters are put in encoded as they came, and only into path and query.
 * Throws TypeError or RangeError with the pattern and the reason.
 */
export function redirect(rules: RedirectRules): Layer {
	const table = tableOf(rules);
	return redirecting('redirect', (request, context) => {
		const match = table.find(request);
		if (match === null) return null;
		const { template, status, keep } = match.value;
		const { target } = request;
		const local = urlText(template.fill(match, target.slice(0, match.end) + noFragment(target.slice(match.end)), keep));
		if (template.origin !== '') {
			const location = template.origin + local;
			return isItself(location, request, context) ? null : { location, status };
		}
		const location = oneSlash(context.mount + local);
		// A rule that leads to where the request is would lead there for ever.
		return location === ownPath(request, context) ? null : { location, status };
	});
}

function isItself(location: string, request: RawRequest, context: Context): boolean {
	const authority = authorityOf(request, context);
	if (authority === null) return false;
	return location === `${schemeOf(request, context)}://${formatAuthority(authority)}${ownPath(request, context)}`;
}

function tableOf(rules: unknown): PathTable<Rule> {
	if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) {
		throw new TypeError("redirect: give it a table of patterns: { '/old/*': '/new/*' }");
	}
	const entries = Object.entries(rules);
	if (entries.length === 0) throw new TypeError('redirect: there is no rule in it');
	return new PathTable(
		'redirect',
		entries.map(([text, given]) => [text, ruleOf(text, given)]),
	);
}

function ruleOf(text: string, given: unknown): Rule {
	const where = `redirect: ${JSON.stringify(text)}`;
	const rule = typeof given === 'string' ? { to: given } : given;
	if (typeof rule !== 'object' || rule === null) throw new TypeError(`${where}: it leads to no text and no { to }`);
	checkNames(`${where}: `, rule, ['to', 'status', 'query']);
	const { to, status = 308, query = 'keep' } = rule as RedirectTo;
	if (query !== 'keep' && query !== 'drop') throw new TypeError(`${where}: query must be 'keep' or 'drop'`);
	const template = new PathTemplate(`${where}: to`, to, patternOf('redirect', text), 'location');
	if (to === text) throw new TypeError(`${where}: it leads to itself`);
	return { template, status: checkStatus(where, status), keep: query === 'keep' };
}
