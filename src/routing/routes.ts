/**
 * Dispatch by host, path and method. How paths are read and which pattern comes first are rules of their own, in
 * request-path.ts and route-tree.ts; here they meet the request, and what no route takes is answered.
 */
import {
	type App,
	type Context,
	derive,
	HttpError,
	type LayerNote,
	noteComposition,
	type RawRequest,
	raw,
	respond,
} from '../convention/index.ts';
import { explainRoute, standIn, standIns } from './explain-request.ts';
import { callerOf, noteRoutes } from './explain-routes.ts';
import { type HostTable, hostOf } from './host-table.ts';
import { type Entry, type RouteTarget, readTable } from './read-table.ts';
import { decodeRest, judgePath, pathStart } from './request-path.ts';
import { Lookup } from './route-tree.ts';
import { currentRoute, RoutedContext } from './routed-context.ts';
import { allowOf, checkRoutesOptions, type RoutesOptions } from './routes-options.ts';

/**
 * An app that hands each request to the app of the most specific pattern that takes its host, path and method:
 *
 *     routes({
 *       'GET /': home,
 *       '/articles/:slug': { GET: show, PUT: save },
 *       '/years/:year(\\d{4})': year,
 *       '/files/*path': files,
 *       '/shop/*': shop,
 *       ':tenant.example.org/*': tenants,
 *     })
 *
 * `:name` takes one segment, `*name` all that is left; both are in `context.params`, decoded. `*` without a name mounts:
 * the app gets the request with the rest of the target, and `context.mount` grows. Plain text comes before parameters,
 * those before wildcards, hosts before none; the order of the table means nothing. GET answers HEAD, OPTIONS is answered
 * with Allow unless it has an app, another method gets 405, an unknown path 404 (as HttpError) or what `otherwise` says.
 * Throws TypeError for a pattern or an option that could not work, with the reason.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each app is typed by its own pattern
export function routes<const Pattern extends string>(
	table: { readonly [P in Pattern]: RouteTarget<P> },
	options: RoutesOptions = {},
): App {
	checkRoutesOptions(options);
	const { hosts, entries } = readTable(table);
	const dispatcher = new Dispatcher(hosts, allowOf(entries), options);
	const app: App = (request, context) => dispatcher.dispatch(request, context);
	noteRoutes(app, entries, callerOf(routes));
	const explain = explainer(table, options);
	return noteComposition(app, { note: { name: 'routes', explain }, layer: null, inner: innerOf(entries, options) });
}

function explainer(table: object, options: RoutesOptions): NonNullable<LayerNote['explain']> {
	return (request, context) => {
		const { otherwise } = options;
		const { hosts, entries } = readTable(standIns(table as Readonly<Record<string, unknown>>));
		const settings = otherwise === undefined ? options : { ...options, otherwise: standIn(otherwise) };
		const dispatcher = new Dispatcher(hosts, allowOf(entries), settings);
		return explainRoute((asked, around) => dispatcher.dispatch(asked, around), request, context);
	};
}

function innerOf(entries: readonly Entry[], { otherwise }: RoutesOptions): object[] {
	return [...new Set([...entries.map(({ target }) => target), ...(otherwise === undefined ? [] : [otherwise])])];
}

class Dispatcher {
	private readonly hosts: HostTable<Entry>;
	/** Of the server as a whole, for `OPTIONS *`. */
	private readonly allow: string;
	private readonly otherwise: App | null;
	private readonly slashes: boolean;
	private readonly redirects: boolean;

	constructor(hosts: HostTable<Entry>, allow: string, options: RoutesOptions) {
		this.hosts = hosts;
		this.allow = allow;
		this.otherwise = options.otherwise ?? null;
		this.slashes = options.encodedSlashes === 'pass';
		this.redirects = options.trailingSlash !== 'strict';
	}

	dispatch(request: Request, context: Context): Response | Promise<Response> {
		const message = raw(request);
		const { form, target } = message;
		if (form !== 'origin' && form !== 'absolute') return this.pathless(message, request, context);
		const start = pathStart(message);
		const query = target.indexOf('?', start);
		const lookup = new Lookup();
		lookup.method = message.method;
		lookup.path = target.slice(start, query === -1 ? target.length : query) || '/';
		// A pattern without a parameter is compared as a whole; a path that is equal to one needs no check.
		const whole = this.hosts.plain ? this.hosts.everywhere.findWhole(lookup) : null;
		if (whole !== null) return call(whole, lookup, request, context, message, start);
		const { fault, encoded, doubled } = judgePath(lookup.path, this.slashes);
		if (fault !== null) throw new HttpError(400, { message: `${fault} in the path` });
		if (doubled) return this.redirect(lookup, lookup.path.replace(/\/{2,}/g, '/'), message, request, context);
		lookup.encoded = encoded;
		lookup.allowed = null;
		const found = this.find(lookup, message.authority);
		if (found !== null) return call(found, lookup, request, context, message, start);
		return this.unanswered(lookup, message, request, context);
	}

	private find(lookup: Lookup, authority: string): Entry | null {
		const { hosts } = this;
		if (hosts.plain) return hosts.everywhere.find(lookup);
		const host = hostOf(authority);
		const found = hosts.find(lookup, host);
		// The name of a host's label comes first in the pattern.
		if (found?.pattern.host?.kind === 'label' && found.pattern.host.name !== null)
			lookup.values.unshift(host.slice(0, host.indexOf('.')));
		return found;
	}

	private unanswered(
		lookup: Lookup,
		message: RawRequest,
		request: Request,
		context: Context,
	): Response | Promise<Response> {
		const { allowed, method, path } = lookup;
		if (allowed !== null) {
			const allow = allowOf([...allowed].map((method) => ({ method })));
			if (method === 'OPTIONS') return respond(204, { allow });
			throw new HttpError(405, { fields: { allow } });
		}
		const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
		if (!this.redirects || other === '') return this.missing(request, context);
		return this.redirect(lookup, other, message, request, context);
	}

	/** To another spelling of the path, where that one has a route for some method. */
	private redirect(
		lookup: Lookup,
		path: string,
		message: RawRequest,
		request: Request,
		context: Context,
	): Response | Promise<Response> {
		const there = new Lookup();
		there.path = path;
		there.method = lookup.method;
		there.encoded = path.includes('%');
		if (this.find(there, message.authority) === null && there.allowed === null) return this.missing(request, context);
		const { target } = message;
		const query = target.indexOf('?');
		// The path begins with one slash and no second: it cannot name another host.
		return respond(308, { location: context.mount + path + (query === -1 ? '' : target.slice(query)) });
	}

	private missing(request: Request, context: Context): Response | Promise<Response> {
		if (this.otherwise !== null) return this.otherwise(request, context, context);
		throw new HttpError(404);
	}

	/** `OPTIONS *` asks about the server (RFC 9110 section 9.3.7); CONNECT has no path at all. */
	private pathless(message: RawRequest, request: Request, context: Context): Response | Promise<Response> {
		if (message.method === 'OPTIONS' && message.form === 'asterisk') return respond(204, { allow: this.allow });
		return this.missing(request, context);
	}
}

function call(
	entry: Entry,
	lookup: Lookup,
	request: Request,
	context: Context,
	message: RawRequest,
	start: number,
): Response | Promise<Response> {
	const { path, rest } = lookup;
	const outer = currentRoute(context);
	const { pattern } = entry;
	const params = paramsOf(entry, lookup, outer?.params);
	const prefix = entry.mounts ? path.slice(0, rest - 1) : '';
	const route = outer === undefined ? pattern.text : `${outer.route} ${pattern.text}`;
	const inner = new RoutedContext(context, context.mount + prefix, params, route);
	if (prefix === '') return entry.app(request, inner, inner);
	const { target } = message;
	const end = start + prefix.length;
	const below = target.slice(0, start) + (target[end] === '/' ? '' : '/') + target.slice(end);
	return entry.app(derive(message, { target: below }), inner, inner);
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

function paramsOf(
	{ pattern, mounts }: Entry,
	{ values, path, rest }: Lookup,
	outer: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
	const { names } = pattern;
	if (names.length === 0) return outer ?? NO_PARAMS;
	const params: Record<string, string> = { ...outer };
	for (const [index, name] of names.entries()) params[name] = values[index] ?? '';
	if (!mounts && pattern.segments.at(-1)?.kind === 'rest')
		params[names.at(-1) as string] = decodeRest(path.slice(rest));
	return params;
}
