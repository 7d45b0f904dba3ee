/**
 * Patterns as in `routes`, for middleware that does something else with them than calling an app. What they have found is
 * kept as it came, encoded: it goes into another target, and nobody decodes what is only passed on. A path that `routes` would
 * refuse matches nothing here.
 */
import type { RawRequest } from '../convention/index.ts';
import { HostTable, hostOf } from './host-table.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { judgePath, pathStart } from './request-path.ts';
import { Lookup } from './route-tree.ts';

/** What a pattern has found in a request. */
export interface PathMatch<T> {
	readonly value: T;
	readonly pattern: Pattern;
	/** By the name of the parameter, one segment each, as in the target; a host's label in lower case. */
	readonly values: ReadonlyMap<string, string>;
	/** What a wildcard took, with the slash before it; empty when there is nothing, not even a slash. */
	readonly rest: string;
	/** Where the path begins in the target, and where it ends. */
	readonly start: number;
	readonly end: number;
}

interface Entry<T> {
	readonly pattern: Pattern;
	readonly value: T;
}

/** What may be the first label of a host that is put into a path. */
const LABEL = /^[a-z0-9_-]+$/;

export class PathTable<T> {
	private readonly hosts: HostTable<Entry<T>> = new HostTable();

	/** Throws TypeError, beginning with `where`, for what is no pattern, and for two that mean the same. */
	constructor(where: string, entries: Iterable<readonly [pattern: string, value: T]>) {
		for (const [text, value] of entries) {
			const pattern = patternOf(where, text);
			const clash = this.hosts.treeOf(pattern.host).add(pattern.segments, pattern.method, { pattern, value });
			if (clash === null) continue;
			const other =
				'same' in clash ? JSON.stringify(clash.same.pattern.text) : `(${clash.constraint}) in the same place`;
			throw new TypeError(`${where}: ${JSON.stringify(text)}: it means the same as ${other}`);
		}
	}

	/** The most specific pattern that takes host, path and method of the request, or null. */
	find(request: RawRequest): PathMatch<T> | null {
		const { form, target } = request;
		if (form !== 'origin' && form !== 'absolute') return null;
		const start = pathStart(request);
		const query = target.indexOf('?', start);
		const end = query === -1 ? target.length : query;
		const path = target.slice(start, end) || '/';
		const { fault, encoded } = judgePath(path, false);
		if (fault !== null) return null;
		const lookup = new Lookup();
		lookup.method = request.method;
		lookup.path = path;
		lookup.encoded = encoded;
		const host = this.hosts.plain ? '' : hostOf(request.authority);
		const entry = this.hosts.find(lookup, host);
		if (entry === null) return null;
		const { pattern, value } = entry;
		const values = valuesOf(pattern, path, host);
		if (values === null) return null;
		const takesRest = pattern.segments.at(-1)?.kind === 'rest';
		return { value, pattern, values, rest: takesRest ? path.slice(lookup.rest - 1) : '', start, end };
	}
}

/** Reads a pattern. Throws TypeError, beginning with `where`. */
export function patternOf(where: string, text: string): Pattern {
	try {
		return parsePattern(text);
	} catch (error) {
		const { message } = error as Error;
		throw new TypeError(`${where}: ${message.replace(/^routes: /, '')}`, { cause: error });
	}
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Null where the host's label could not stand in a path. */
function valuesOf({ names, segments, host }: Pattern, path: string, from: string): ReadonlyMap<string, string> | null {
	if (names.length === 0) return NONE;
	const values = new Map<string, string>();
	if (host?.kind === 'label' && host.name !== null) {
		const label = from.slice(0, from.indexOf('.'));
		if (!LABEL.test(label)) return null;
		values.set(host.name, label);
	}
	const parts = path.slice(1).split('/');
	for (const [index, segment] of segments.entries()) {
		if (segment.kind === 'parameter' || segment.kind === 'constrained') values.set(segment.name, parts[index] ?? '');
	}
	return values;
}
