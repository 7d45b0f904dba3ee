/**
 * Which pattern takes a path: the rule of precedence, as a tree of segments. From left to right, plain text comes before a
 * parameter with a constraint, that before one without, and that before a wildcard; the order of the table means nothing.
 * Where the first choice does not lead to an entry for the method, the next is tried, so that `GET /new` and `PUT /:slug`
 * live side by side. A place is visited at most once for each path: the work is bounded by the size of the tree.
 */
import type { Segment } from './pattern.ts';
import { decodeSegment } from './request-path.ts';

/** What is kept at the end of a pattern, by method. */
interface Ending<T> {
	readonly methods: Map<string, T>;
	any: T | null;
}

class Place<T> {
	statics: Map<string, Place<T>> | null = null;
	/** The one entry of `statics`, while there is one only. */
	only: { readonly text: string; readonly place: Place<T> } | null = null;
	constrained: { readonly source: string; readonly expression: RegExp; readonly place: Place<T> } | null = null;
	parameter: Place<T> | null = null;
	here: Ending<T> | null = null;
	/** All below it, and itself. */
	below: Ending<T> | null = null;
}

/** One question to a tree, and what was found besides the entry. */
export class Lookup {
	path = '';
	method = '';
	/** The path has percent signs: segments are decoded before they are compared. */
	encoded = false;
	/** Values of parameters, in the order of the pattern. */
	readonly values: string[] = [];
	/** Where in the path the part that a wildcard took begins; one past the end when there is none. */
	rest = 0;
	/** Methods that other requests for this path may have. */
	allowed: Set<string> | null = null;
}

export class RouteTree<T> {
	private readonly root: Place<T> = new Place();
	/** Patterns of plain text by their whole path: the most specific of all, and found without looking at segments. */
	private readonly whole: Map<string, Ending<T>> = new Map();

	/**
	 * Adds an entry for a method, or for any (null). Gives back the entry that is there already and means the same, or the
	 * source of another constraint in the same place, which nobody could put in order; null when all is well.
	 */
	add(segments: readonly Segment[], method: string | null, entry: T): { same: T } | { constraint: string } | null {
		let place = this.root;
		for (const segment of segments) {
			if (segment.kind === 'rest') return put((place.below ??= ending()), method, entry);
			const next = step(place, segment);
			if (typeof next === 'string') return { constraint: next };
			place = next;
		}
		place.here ??= ending();
		const plain = segments.every(({ kind }) => kind === 'static');
		if (plain)
			this.whole.set(`/${segments.map((segment) => (segment as { text: string }).text).join('/')}`, place.here);
		return put(place.here, method, entry);
	}

	/** The entry for a path of plain text, without any check of it: it is compared as a whole. */
	findWhole(lookup: Lookup): T | null {
		const found = this.whole.get(lookup.path);
		return found === undefined ? null : take(found, lookup);
	}

	/** The entry for a checked path. On null, `allowed` tells whether another method would have had one. */
	find(lookup: Lookup): T | null {
		return walk(this.root, 1, lookup);
	}
}

/** `from` is where the next segment begins; past the end there is none left. */
function walk<T>(place: Place<T>, from: number, lookup: Lookup): T | null {
	const { path } = lookup;
	if (from > path.length) {
		const found = place.here === null ? null : take(place.here, lookup);
		return found ?? takeRest(place, from, lookup);
	}
	const slash = path.indexOf('/', from);
	const end = slash === -1 ? path.length : slash;
	const { only, constrained, parameter } = place;
	let segment: string | null = null;
	let plain: Place<T> | undefined;
	if (only !== null && !lookup.encoded) {
		// One neighbour, as along most of a path: compared where it stands, without cutting the segment out.
		if (end - from === only.text.length && path.startsWith(only.text, from)) plain = only.place;
	} else if (place.statics !== null) {
		segment = cut(lookup, from, end);
		plain = place.statics.get(segment);
	}
	let found = plain === undefined ? null : walk(plain, end + 1, lookup);
	if (found === null && end > from && (parameter !== null || constrained !== null)) {
		segment ??= cut(lookup, from, end);
		if (constrained?.expression.test(segment)) found = walkWith(segment, constrained.place, end + 1, lookup);
		if (found === null && parameter !== null) found = walkWith(segment, parameter, end + 1, lookup);
	}
	return found ?? takeRest(place, from, lookup);
}

function cut({ path, encoded }: Lookup, from: number, end: number): string {
	const raw = path.slice(from, end);
	return encoded ? decodeSegment(raw) : raw;
}

function walkWith<T>(value: string, place: Place<T>, from: number, lookup: Lookup): T | null {
	lookup.values.push(value);
	const found = walk(place, from, lookup);
	if (found === null) lookup.values.pop();
	return found;
}

function takeRest<T>(place: Place<T>, from: number, lookup: Lookup): T | null {
	const found = place.below === null ? null : take(place.below, lookup);
	if (found !== null) lookup.rest = from;
	return found;
}

/** HEAD is answered by GET (RFC 9110 section 9.3.2) unless it has an entry of its own. */
function take<T>({ methods, any }: Ending<T>, lookup: Lookup): T | null {
	const { method } = lookup;
	const found = methods.get(method) ?? (method === 'HEAD' ? methods.get('GET') : undefined) ?? any;
	if (found !== null) return found;
	lookup.allowed ??= new Set();
	for (const known of methods.keys()) lookup.allowed.add(known);
	return null;
}

function ending<T>(): Ending<T> {
	return { methods: new Map(), any: null };
}

function put<T>(to: Ending<T>, method: string | null, entry: T): { same: T } | null {
	const same = method === null ? to.any : to.methods.get(method);
	if (same !== undefined && same !== null) return { same };
	if (method === null) to.any = entry;
	else to.methods.set(method, entry);
	return null;
}

/** The place that a segment leads to, made where it is new; or the source of the constraint that is there instead. */
function step<T>(place: Place<T>, segment: Exclude<Segment, { kind: 'rest' }>): Place<T> | string {
	if (segment.kind === 'parameter') return (place.parameter ??= new Place());
	if (segment.kind === 'constrained') {
		const { source, expression } = segment;
		place.constrained ??= { source, expression, place: new Place() };
		return place.constrained.source === source ? place.constrained.place : place.constrained.source;
	}
	place.statics ??= new Map();
	const known = place.statics.get(segment.text);
	if (known !== undefined) return known;
	const made = new Place<T>();
	place.statics.set(segment.text, made);
	place.only = place.statics.size === 1 ? { text: segment.text, place: made } : null;
	return made;
}
