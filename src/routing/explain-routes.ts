/** Routes for people: what a table holds, in the order in which patterns are tried. `turnabout routes` prints it. */
import { type App, compositionOf } from '../convention/index.ts';
import type { Pattern, Segment } from './pattern.ts';
import type { Entry } from './read-table.ts';

/** One pattern of a table, with the methods that go to the same app. */
export interface RouteRow {
	/** Host and path, those of the mounts around included. */
	readonly pattern: string;
	/** Empty: any. */
	readonly methods: readonly string[];
	/** The app's name, as far as it has one. */
	readonly what: string;
	/** The app gets what is below. */
	readonly mounts: boolean;
	/** File and line of the call of `routes`, or null. */
	readonly where: string | null;
}

interface Noted {
	readonly entries: readonly Entry[];
	readonly where: string | null;
}

/** A name that all copies of this package know: the command's and the app's need not be the same. */
const ROUTES = Symbol.for('turnabout.routes');

/** Remembers with an app which routes it has. */
export function noteRoutes(app: App, entries: readonly Entry[], where: string | null): void {
	Object.defineProperty(app, ROUTES, { value: { entries, where } satisfies Noted });
}

/**
 * The routes of an app made by `routes`, most specific first, with those of mounted tables in the place of the mount.
 * Null for an app that is none: those within its layers are found by `partsOf`.
 */
export function explainRoutes(app: object): readonly RouteRow[] | null {
	const noted = (app as { readonly [ROUTES]?: Noted })[ROUTES];
	return noted === undefined ? null : rowsOf(noted, '');
}

function rowsOf({ entries, where }: Noted, prefix: string): RouteRow[] {
	const byTarget = new Map<string, { pattern: Pattern; target: object; mounts: boolean; methods: string[] }[]>();
	for (const { pattern, target, mounts, method } of entries) {
		const rows = byTarget.get(placeOf(pattern)) ?? [];
		const known = rows.find((row) => row.target === target && row.methods.length > 0 && method !== null);
		if (known !== undefined) known.methods.push(method as string);
		else rows.push({ pattern, target, mounts, methods: method === null ? [] : [method] });
		byTarget.set(placeOf(pattern), rows);
	}
	const places = [...byTarget.values()].toSorted(([a], [b]) =>
		a === undefined || b === undefined ? 0 : bySpecificity(a.pattern, b.pattern),
	);
	return places.flatMap((rows) => {
		// Within one place a named method comes before any.
		const ordered = rows.toSorted((a, b) => Number(a.methods.length === 0) - Number(b.methods.length === 0));
		return ordered.flatMap(({ pattern, target, mounts, methods }) => {
			const inner = mounts ? (target as { readonly [ROUTES]?: Noted })[ROUTES] : undefined;
			const full = joined(prefix, placeOf(pattern));
			if (inner !== undefined && methods.length === 0) return rowsOf(inner, full.slice(0, -'/*'.length));
			return [
				{ pattern: full, methods: methods.toSorted(), what: nameOf(target, [pattern.text, ...methods]), mounts, where },
			];
		});
	});
}

/** A host within a mount is said behind it: it is the request's all the same. */
function joined(prefix: string, place: string): string {
	return prefix === '' || place.startsWith('/') ? prefix + place : `${prefix} ${place}`;
}

/** The pattern without its method. */
function placeOf({ text, method }: Pattern): string {
	return method === null ? text : text.slice(method.length + 1);
}

const RANK: Readonly<Record<Segment['kind'], number>> = { static: 0, constrained: 1, parameter: 2, rest: 3 };

/** The order in which patterns are tried (route-tree.ts): by host, then segment by segment; equal ones by the alphabet. */
function bySpecificity(a: Pattern, b: Pattern): number {
	const hosts = hostRank(a) - hostRank(b);
	if (hosts !== 0) return hosts;
	for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
		const [one, other] = [a.segments[i], b.segments[i]];
		// One that has ended takes its own path alone, before a wildcard that takes it as well.
		if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
		if (RANK[one.kind] !== RANK[other.kind]) return RANK[one.kind] - RANK[other.kind];
		if (one.kind === 'static' && other.kind === 'static' && one.text !== other.text)
			return one.text < other.text ? -1 : 1;
	}
	return placeOf(a) < placeOf(b) ? -1 : 1;
}

function hostRank({ host }: Pattern): number {
	if (host === null) return 2;
	return host.kind === 'exact' ? 0 : 1;
}

/** The name of a function, or of the class that an application is of. One that was written in its place is called by its `keys`. */
function nameOf(target: object, keys: readonly string[]): string {
	const noted = compositionOf(target)?.note.name;
	if (noted !== undefined) return noted;
	if (typeof target === 'function') return target.name === '' || keys.includes(target.name) ? '(app)' : target.name;
	const name = target.constructor?.name ?? '';
	return name === '' || name === 'Object' ? '(app)' : name;
}

/** File and line that called `callee`, from a stack trace; null where it cannot be told. */
export function callerOf(callee: (...args: never[]) => unknown): string | null {
	const trace: { stack?: string } = {};
	Error.captureStackTrace(trace, callee);
	const [, line = ''] = (trace.stack ?? '').split('\n');
	const place = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(line);
	if (place === null) return null;
	return `${(place[1] as string).replace(/^file:\/\//, '')}:${place[2]}`;
}
