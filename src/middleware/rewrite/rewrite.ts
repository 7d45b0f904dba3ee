/**
 * Another target for the app within. The request is derived; method, fields, body and `context.mount` stay. What a rule does
 * not touch keeps its bytes: what a parameter has taken is passed on encoded as it came, and so is the query. It is no guard:
 * a path that is spelled in a way that `routes` would refuse matches no rule, and goes on as it is.
 */
import {
	type App,
	type Context,
	derive,
	type Explanation,
	type Layer,
	layer,
	type RawRequest,
	raw,
} from '../../convention/index.ts';
import { pathStart } from '../../routing/index.ts';
import { type RewriteFunction, type RewriteRules, rulesOf } from './options.ts';

/** Middleware that changes targets, by a table of patterns or a function. Throws TypeError with the pattern and the reason. */
export function rewrite(rules: RewriteRules | RewriteFunction): Layer {
	const change = typeof rules === 'function' ? byFunction(rules) : byTable(rules);
	const explain = (request: RawRequest, context: Context): Explanation => {
		const target = change(request, context);
		if (target === null || target === request.target)
			return { does: ['Leaves the target as it is.', 'Passes the request on as it is.'] };
		const does = [`Makes ${request.target} to ${target}.`, 'Passes the request on, with that target.'];
		return { does, request: derive(request, { target }) };
	};
	return layer(
		{ name: 'rewrite', explain },
		(next: App): App =>
			(given, context) => {
				const request = raw(given);
				const target = change(request, context);
				if (target === null || target === request.target) return next(given, context, context);
				return next(derive(request, { target }), context, context);
			},
	);
}

/** The whole target, or null for one that stays. */
type Change = (request: RawRequest, context: Context) => string | null;

function byTable(rules: RewriteRules): Change {
	const table = rulesOf(rules);
	return (request) => {
		const match = table.find(request);
		if (match === null) return null;
		const { template, keep } = match.value;
		return request.target.slice(0, match.start) + template.fill(match, request.target, keep);
	};
}

/** One slash and no second, then what may stand in a target (RFC 9112 section 3.2): no space, no control character, no fragment. */
const PATH = /^\/(?!\/)[^\0-\x20#\x7f\u0100-\uffff]*$/;

function byFunction(choose: RewriteFunction): Change {
	return (request, context) => {
		if (request.form !== 'origin' && request.form !== 'absolute') return null;
		const path: unknown = choose(request, context);
		if (path === null) return null;
		if (typeof path !== 'string' || !PATH.test(path)) {
			throw new TypeError(
				`rewrite: the function has given no path: ${typeof path === 'string' ? JSON.stringify(path) : typeof path}`,
			);
		}
		return request.target.slice(0, pathStart(request)) + path;
	};
}
