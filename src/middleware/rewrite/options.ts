/** What becomes of which target. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames } from '../../names/index.ts';
import { PathTable, PathTemplate, patternOf } from '../../routing/index.ts';

/** Where a pattern leads. */
export interface RewriteTo {
	/** A path, and perhaps a query: `/articles/:slug`, `/new/*`, `/item?id=:id`. */
	readonly to: string;
	/** What becomes of the request's own query: it stays, behind that of `to`, or is left out. Default: 'keep'. */
	readonly query?: 'keep' | 'drop';
}

/** A table of patterns as in `routes`; the most specific one decides. */
export type RewriteRules = Readonly<Record<string, string | RewriteTo>>;

/** Gives the new path with its query, in the bytes that shall be sent, or null for a request that stays as it is. It only chooses: `turnabout explain` calls it, too. */
export type RewriteFunction = (request: RawRequest, context: Context) => string | null;

export interface Rule {
	readonly template: PathTemplate;
	readonly keep: boolean;
}

/** Throws TypeError with the pattern and the reason. */
export function rulesOf(rules: RewriteRules): PathTable<Rule> {
	if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) {
		throw new TypeError("rewrite: give it a table of patterns: { '/old/*': '/new/*' }, or a function");
	}
	const entries = Object.entries(rules);
	if (entries.length === 0) throw new TypeError('rewrite: there is no rule in it');
	return new PathTable(
		'rewrite',
		entries.map(([text, given]) => [text, ruleOf(text, given)]),
	);
}

function ruleOf(text: string, given: string | RewriteTo): Rule {
	const where = `rewrite: ${JSON.stringify(text)}`;
	if (typeof given === 'string')
		return { template: new PathTemplate(where, given, patternOf('rewrite', text), 'target'), keep: true };
	if (typeof given !== 'object' || given === null) throw new TypeError(`${where}: it leads to no text and no { to }`);
	checkNames(`${where}: `, given, ['to', 'query']);
	const { to, query = 'keep' } = given;
	if (query !== 'keep' && query !== 'drop') throw new TypeError(`${where}: query must be 'keep' or 'drop'`);
	return {
		template: new PathTemplate(`${where}: to`, to, patternOf('rewrite', text), 'target'),
		keep: query === 'keep',
	};
}
