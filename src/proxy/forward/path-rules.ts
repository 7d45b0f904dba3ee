/**
 * Beginnings of paths. A proxy sends paths on byte for byte and servers resolve them, each in its own way: `/v1/../admin`,
 * `/v1/%2e%2e/admin`, `/v1//admin` and `/v1;x/admin` are one place to one server and another to the next. Here a path is read in all
 * of these ways: a rule that allows has to fit every reading, and one that denies needs to fit one only.
 */

/** What is read in one way only is the usual case. */
const ODD = /[%;\\\0]|\/\/|\/\.\.?(?:\/|$)/;

const TWOFOLD = /[;\\\0]|\/\/|\/\.\.?(?:\/|$)/;

const UNRESERVED = /^[\w.~-]$/;

/** The ways of reading, each on or off by itself. */
interface Reading {
	/** Percent-encoding: undone where it says nothing (RFC 3986 section 6.2.2.2), undone, or undone twice. */
	readonly decoded: 0 | 1 | 2;
	/** Two slashes and a backslash are one slash. */
	readonly merged: boolean;
	/** What follows a semicolon or NUL in a segment is none of it. */
	readonly cut: boolean;
	/** Dot segments are resolved (RFC 3986 section 5.2.4). */
	readonly resolved: boolean;
}

const EITHER = [false, true] as const;
const READINGS: readonly Reading[] = ([0, 1, 2] as const).flatMap((decoded) =>
	EITHER.flatMap((merged) => EITHER.flatMap((cut) => EITHER.map((resolved) => ({ decoded, merged, cut, resolved })))),
);

export class PathRules {
	/** By how far they are decoded. */
	private readonly prefixes: readonly (readonly string[])[];

	/** Whole segments, as `isPathPrefix` has them. */
	constructor(prefixes: readonly string[]) {
		this.prefixes = ([0, 1, 2] as const).map((level) => [...new Set(prefixes.map((prefix) => decode(prefix, level)))]);
	}

	/** Whether a target's path is one of these or below, in every way it can be read. */
	fitsSurely(target: string): boolean {
		const path = pathOf(target);
		if (!ODD.test(path)) return this.isBelow(path, 0);
		return READINGS.every((reading) => this.isBelow(read(path, reading), reading.decoded));
	}

	/** Whether there is a way to read it in which it is. */
	fitsPossibly(target: string): boolean {
		const path = pathOf(target);
		if (!ODD.test(path)) return this.isBelow(path, 0);
		return READINGS.some((reading) => this.isBelow(read(path, reading), reading.decoded));
	}

	private isBelow(path: string, level: 0 | 1 | 2): boolean {
		return (this.prefixes[level] as readonly string[]).some(
			(prefix) =>
				path.startsWith(prefix) &&
				(path.length === prefix.length || prefix.endsWith('/') || path[prefix.length] === '/'),
		);
	}
}

/** Whether a rule can name it: ASCII from a slash on, without what can be read in two ways but percent-encoding, and without a query. */
export function isPathPrefix(text: string): boolean {
	return /^\/[\x21-\x7e]*$/.test(text) && !/[?#]/.test(text) && !TWOFOLD.test(decode(text, 2));
}

function pathOf(target: string): string {
	const mark = target.indexOf('?');
	return mark === -1 ? target : target.slice(0, mark);
}

function read(path: string, { decoded, merged, cut, resolved }: Reading): string {
	let text = decode(path, decoded);
	if (merged) text = text.replaceAll(/[/\\]+/g, '/');
	if (cut) text = text.replaceAll(/[;\0][^/]*/g, '');
	return resolved ? withoutDots(text) : text;
}

function decode(text: string, level: 0 | 1 | 2): string {
	if (!text.includes('%')) return text;
	if (level === 0) return text.replaceAll(/%[0-9a-f]{2}/gi, (triplet) => unreserved(triplet));
	const once = text.replaceAll(/%[0-9a-f]{2}/gi, charOf);
	return level === 1 ? once : once.replaceAll(/%[0-9a-f]{2}/gi, charOf);
}

function unreserved(triplet: string): string {
	const char = charOf(triplet);
	return UNRESERVED.test(char) ? char : triplet.toUpperCase();
}

/** Bytes are compared, whatever they are characters of. */
function charOf(triplet: string): string {
	return String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
}

function withoutDots(path: string): string {
	const kept: string[] = [];
	const segments = path.split('/').slice(1);
	for (const [at, segment] of segments.entries()) {
		const isDots = segment === '.' || segment === '..';
		if (segment === '..') kept.pop();
		if (!isDots) kept.push(segment);
		else if (at === segments.length - 1) kept.push('');
	}
	return `/${kept.join('/')}`;
}
