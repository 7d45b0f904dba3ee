/**
 * How the path of a request is read, so that no route is reached under a spelling that its guard does not know.
 *
 * - Refused, 400: a dot-segment (`.`, `..`, also `%2e`, also before `;`), a backslash, `%2F` and `%5C` (unless encoded slashes
 *   are let pass), a `%` without two digits, bytes that are no UTF-8, control characters, `#`.
 * - Redirected, 308: two slashes in a row, to one; a slash at the end too many or too few, where only the other has a route.
 * - Passed: everything else. Segments are decoded once and then compared, so `/%61dmin` is `/admin`. Case counts. What
 *   follows a `;` belongs to its segment. An app below a mount gets the rest of the target byte for byte.
 *
 * The path is that of the request-target; a URL object is never asked, since it rewrites paths.
 */
import type { RawRequest } from '../convention/index.ts';

/** What is to be done with a path. */
export interface PathVerdict {
	/** Why it is refused, or null. */
	readonly fault: string | null;
	/** It has percent signs, all of them sound. */
	readonly encoded: boolean;
	/** It has two slashes in a row. */
	readonly doubled: boolean;
}

const PLAIN: PathVerdict = { fault: null, encoded: false, doubled: false };

/** Anything but the characters of a path segment (RFC 3986 section 3.3), two slashes, or a dot that begins a segment: looked at closely. */
const SUSPECT = /[^\w\-.~!$&'()*+,;=:@/]|\/[/.]/;
/** Space, control characters and what is not ASCII; a fragment; a backslash, which some take for a slash. */
const NEVER = /[^\x21-\x7e]|[#\\]/;
// oxlint-disable-next-line no-control-regex -- control characters are the point
const CONTROL = /[\x00-\x1f\x7f]/;
const DOTS = /^\.\.?(?:;|$)/;

/** Judges a path. `slashes`: encoded slashes pass. */
export function judgePath(path: string, slashes: boolean): PathVerdict {
	if (!SUSPECT.test(path)) return PLAIN;
	if (!path.startsWith('/') || NEVER.test(path)) return fault('A character that no path has');
	const encoded = path.includes('%');
	for (const raw of path.split('/')) {
		const reason = segmentFault(raw, encoded, slashes);
		if (reason !== null) return fault(reason);
	}
	return { fault: null, encoded, doubled: path.includes('//') };
}

function segmentFault(raw: string, encoded: boolean, slashes: boolean): string | null {
	if (!encoded || !raw.includes('%')) return DOTS.test(raw) ? 'A dot-segment' : null;
	let segment: string;
	try {
		segment = decodeURIComponent(raw);
	} catch {
		return 'A percent sign that encodes nothing';
	}
	if (CONTROL.test(segment)) return 'An encoded control character';
	const parts = segment.split(/[/\\]/);
	if (parts.length > 1 && !slashes) return 'An encoded slash';
	return parts.some((part) => DOTS.test(part)) ? 'A dot-segment' : null;
}

const fault = (reason: string): PathVerdict => ({ fault: reason, encoded: false, doubled: false });

/** A segment as it is compared and given to apps. Only for paths that were judged. */
export function decodeSegment(raw: string): string {
	return raw.includes('%') ? decodeURIComponent(raw) : raw;
}

/** What a named wildcard took; a slash that came encoded stays so, since it is none. */
export function decodeRest(raw: string): string {
	if (!raw.includes('%')) return raw;
	return raw
		.split('/')
		.map((segment) => decodeURIComponent(segment).replaceAll('/', '%2F'))
		.join('/');
}

/** Where the path begins in a target of origin-form or absolute-form. */
export function pathStart({ target, form }: RawRequest): number {
	if (form !== 'absolute') return 0;
	const authority = target.indexOf('://') + 3;
	for (let at = authority; at < target.length; at++) {
		const code = target.charCodeAt(at);
		if (code === 0x2f || code === 0x3f) return at;
	}
	return target.length;
}
