/** A table of routes as it was written, made into entries. Everything that is no route is refused here, by its pattern. */
import type { App } from '../convention/index.ts';
import { HostTable } from './host-table.ts';
import type { ParamsOf } from './params-of.ts';
import { checkMethod, type Pattern, parsePattern, refused } from './pattern.ts';
import type { RouteContext } from './routed-context.ts';

/** An app whose context has the parameters of a pattern. Any app is one. */
export type RouteApp<Params> = (
	request: Request,
	context: RouteContext<Params>,
	execution?: RouteContext<Params>,
) => Response | Promise<Response>;

/** An app, or an object whose `fetch` is one: a Hono, h3 or Elysia application. */
export type RouteServable<Params> = RouteApp<Params> | { readonly fetch: App };

/** What a pattern leads to: an app for any method, or one for each. A pattern that names its method has one app. */
export type RouteTarget<Pattern extends string> = Pattern extends `${string} ${string}`
	? RouteServable<ParamsOf<Pattern>>
	: RouteServable<ParamsOf<Pattern>> | { readonly [Method in Uppercase<string>]?: RouteServable<ParamsOf<Pattern>> };

/** One pattern with one method. */
export interface Entry {
	readonly pattern: Pattern;
	/** Null: any. */
	readonly method: string | null;
	readonly app: App;
	/** As it was given: for its name, and for the routes in it. */
	readonly target: object;
	/** The pattern ends in `*`: the app gets what is below. */
	readonly mounts: boolean;
}

export interface Table {
	readonly hosts: HostTable<Entry>;
	readonly entries: readonly Entry[];
}

/** Throws TypeError with the pattern and the reason. */
export function readTable(table: unknown): Table {
	if (typeof table !== 'object' || table === null || Array.isArray(table)) {
		throw new TypeError('routes: give it an object of patterns and apps: { "GET /": home }');
	}
	const hosts = new HostTable<Entry>();
	const entries = Object.entries(table).flatMap(([text, target]) => read(text, target));
	if (entries.length === 0) throw new TypeError('routes: there is no pattern in it; everything would be 404');
	for (const entry of entries) add(hosts, entry);
	return { hosts, entries };
}

function read(text: string, target: unknown): Entry[] {
	const pattern = parsePattern(text);
	const mounts = isMount(pattern);
	const app = appOf(target);
	if (app !== null) return [{ pattern, method: pattern.method, app, target: target as object, mounts }];
	if (typeof target !== 'object' || target === null || Array.isArray(target)) {
		throw refused(text, `it leads to ${kind(target)}, not to an app or { GET: app }`);
	}
	if (pattern.method !== null) throw refused(text, `it names ${pattern.method} and leads to a table of methods again`);
	const methods = Object.entries(target);
	if (methods.length === 0) throw refused(text, 'its table of methods is empty');
	return methods.map(([method, value]) => {
		checkMethod(text, method);
		const own = appOf(value);
		if (own === null) throw refused(text, `${method} leads to ${kind(value)}, not to an app`);
		return { pattern, method, app: own, target: value as object, mounts };
	});
}

function isMount({ segments }: Pattern): boolean {
	const last = segments.at(-1);
	return last?.kind === 'rest' && last.name === null;
}

function appOf(value: unknown): App | null {
	if (typeof value === 'function') return value as App;
	if (typeof value !== 'object' || value === null || !('fetch' in value)) return null;
	const servable = value as { readonly fetch: App };
	if (typeof servable.fetch !== 'function') return null;
	return (request, context, execution) => servable.fetch(request, context, execution);
}

function add(hosts: HostTable<Entry>, entry: Entry): void {
	const { pattern, method } = entry;
	const clash = hosts.treeOf(pattern.host).add(pattern.segments, method, entry);
	if (clash === null) return;
	if ('constraint' in clash) {
		const reason = `another pattern has the constraint (${clash.constraint}) in the same place, and none of the two comes first`;
		throw refused(pattern.text, `${reason}; make it one constraint, or leave one out`);
	}
	const what = method === null ? 'any method' : method;
	throw refused(pattern.text, `${what} of it goes to ${JSON.stringify(clash.same.pattern.text)} already`);
}

function kind(value: unknown): string {
	if (value === undefined || value === null) return String(value);
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object without fetch' : `a ${typeof value}`;
}
