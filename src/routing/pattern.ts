/**
 * The grammar of patterns: `[METHOD ][HOST]/PATH`. What is refused here is refused when the table is made, with what was
 * probably meant. A pattern is written decoded: `/straße`, not `/stra%C3%9Fe`; how a request's path is read is in
 * request-path.ts, which pattern comes first is in route-tree.ts.
 */

/** One piece of a path between slashes. */
export type Segment =
	| { readonly kind: 'static'; readonly text: string }
	| { readonly kind: 'constrained'; readonly name: string; readonly source: string; readonly expression: RegExp }
	| { readonly kind: 'parameter'; readonly name: string }
	/** Takes all that is left, of any length. Without a name it is a mount. */
	| { readonly kind: 'rest'; readonly name: string | null };

/** A host, in lower case; `suffix` begins with a dot and stands for one label before it. */
export type HostPattern =
	| { readonly kind: 'exact'; readonly host: string }
	| { readonly kind: 'label'; readonly suffix: string; readonly name: string | null };

export interface Pattern {
	/** As it was written. */
	readonly text: string;
	/** Null: any, or those of the table behind it. */
	readonly method: string | null;
	readonly host: HostPattern | null;
	readonly segments: readonly Segment[];
	/** Names of parameters in the order in which they are found: the host's, then the path's. */
	readonly names: readonly string[];
}

const METHOD = /^[A-Z][A-Z0-9-]*$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LABELS = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
const ADDRESS = /^\[[0-9a-f:.]+\]$/;

/** Reads a pattern. Throws TypeError with the pattern, the reason and, where it can be told, what was meant. */
export function parsePattern(text: string): Pattern {
	const space = text.indexOf(' ');
	const method = space === -1 ? null : text.slice(0, space);
	const place = text.slice(space + 1);
	if (method !== null) checkMethod(text, method);
	if (/\s/.test(place)) throw refused(text, 'there is one space at most, between method and path');
	const host = hostPart(text, place);
	const path = host === null ? place : place.slice(place.indexOf('/', place.startsWith('//') ? 2 : 0));
	const segments = path
		.slice(1)
		.split('/')
		.map((segment, index, all) => parseSegment(text, segment, index === all.length - 1));
	const names = segments.flatMap((segment) => ('name' in segment && segment.name !== null ? [segment.name] : []));
	if (host?.kind === 'label' && host.name !== null) names.unshift(host.name);
	for (const name of names) if (!NAME.test(name) || name === '__proto__') throw refused(text, `"${name}" is no name`);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw refused(text, `two parameters are called "${twice}"`);
	return { text, method, host, segments, names };
}

/** Throws TypeError unless `method` is one in upper case (methods are case-sensitive, RFC 9110 section 9.1). */
export function checkMethod(pattern: string, method: string): void {
	if (METHOD.test(method)) return;
	const meant = METHOD.test(method.toUpperCase()) ? `; did you mean ${method.toUpperCase()}?` : '';
	throw refused(pattern, `"${method}" is no method${meant}`);
}

/** The error for a pattern, in the words of all of them. */
export function refused(pattern: string, reason: string): TypeError {
	return new TypeError(`routes: ${JSON.stringify(pattern)}: ${reason}`);
}

/** What stands before the path, or null. A name without a dot could be a forgotten slash: it is written `//name/`. */
function hostPart(text: string, place: string): HostPattern | null {
	const explicit = place.startsWith('//');
	if (place.startsWith('/') && !explicit) return null;
	const bare = explicit ? place.slice(2) : place;
	const end = bare.indexOf('/');
	const host = (end === -1 ? bare : bare.slice(0, end)).toLowerCase();
	if (end === -1) {
		const glued = /^([A-Z]+)$/.exec(bare);
		const meant = glued ? `; did you mean "${bare} /"?` : `; did you mean "/${bare}" or "${bare}/*"?`;
		throw refused(text, `a path begins with "/"${meant}`);
	}
	const parsed = parseHost(host, bare.slice(0, end));
	if (parsed === null) throw refused(text, hostFault(host, bare));
	if (!explicit && parsed.kind === 'exact' && !/[.[]/.test(host) && host !== 'localhost') {
		throw refused(
			text,
			`a path begins with "/"; did you mean "/${bare}"${METHOD.test(bare.slice(0, end)) ? ` or "${bare.slice(0, end)} ${bare.slice(end)}"` : ''}? A host without a dot is written "//${bare}"`,
		);
	}
	return parsed;
}

function parseHost(host: string, written: string): HostPattern | null {
	if (ADDRESS.test(host) || LABELS.test(host)) return { kind: 'exact', host };
	const label = /^(?:\*|:([^.]+))(\..+)$/.exec(written);
	const suffix = label?.[2]?.toLowerCase();
	if (suffix === undefined || !LABELS.test(suffix.slice(1))) return null;
	return { kind: 'label', suffix, name: label?.[1] ?? null };
}

function hostFault(host: string, bare: string): string {
	if (/:\d+$/.test(host)) return `a host has no port here; did you mean "${bare.replace(/:\d+/, '')}"?`;
	if (/^[:*][^.]*$/.test(host)) return `a path begins with "/"; did you mean "/${bare}"?`;
	return `"${host}" is no host; one wildcard is allowed, as its first label: *.example.org or :name.example.org`;
}

function parseSegment(text: string, segment: string, last: boolean): Segment {
	if (segment.startsWith(':')) return parseParameter(text, segment);
	if (segment.startsWith('*')) {
		if (segment === '**') throw refused(text, 'did you mean "*"? It takes any number of segments');
		if (!last) throw refused(text, `"${segment}" stands in the middle; a wildcard is the last segment`);
		return { kind: 'rest', name: segment.slice(1) || null };
	}
	const foreign = /^\{(\w+)\}$|^<(\w+)>$|^\[(\w+)\]$|^\$(\w+)$/.exec(segment);
	const name = foreign?.slice(1).find((part) => part !== undefined);
	if (name !== undefined) throw refused(text, `"${segment}": did you mean ":${name}"?`);
	if (segment === '' && !last) throw refused(text, 'two slashes in a row match nothing: such requests are redirected');
	if (segment === '.' || segment === '..')
		throw refused(text, `"${segment}" matches nothing: such requests are refused`);
	if (segment.includes('%')) throw refused(text, `"${segment}": patterns are written decoded`);
	if (/[?#\\\u0000-\u001f\u007f]/.test(segment)) {
		throw refused(text, `"${segment}": ?, # and \\ are no part of a path; the query is not matched`);
	}
	if (/[*:]/.test(segment)) throw refused(text, `"${segment}": a parameter or wildcard takes a whole segment`);
	return { kind: 'static', text: segment };
}

function parseParameter(text: string, segment: string): Segment {
	const open = segment.indexOf('(');
	if (open === -1) {
		const name = segment.slice(1);
		if (/[?+*]$/.test(name)) {
			throw refused(text, `"${segment}": a parameter is there once; write two patterns, or "*${name.slice(0, -1)}"`);
		}
		if (!NAME.test(name)) {
			throw refused(text, `"${segment}": a parameter takes a whole segment and is called by letters, digits and _`);
		}
		return { kind: 'parameter', name };
	}
	if (!segment.endsWith(')')) {
		throw refused(text, `"${segment}": a constraint ends the segment with ")" and has no "/" in it`);
	}
	const source = segment.slice(open + 1, -1);
	try {
		const expression = new RegExp(`^(?:${source})$`, 'u');
		if (source === '') throw new SyntaxError('it is empty');
		return { kind: 'constrained', name: segment.slice(1, open), source, expression };
	} catch (error) {
		throw refused(text, `the constraint of "${segment}" is no regular expression: ${(error as Error).message}`);
	}
}
