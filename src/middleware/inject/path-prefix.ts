/**
 * Paths that a credential is for. Proxies send paths on byte for byte, and origins resolve them: `/v1/../admin` begins with
 * `/v1/` and leads elsewhere. What could be read in another way than it is written fits no prefix.
 */

/** Whether the path of a target (its query aside) is `prefix` or below it. */
export function fitsPrefix(target: string, prefixes: readonly string[]): boolean {
	const mark = target.indexOf('?');
	const path = mark === -1 ? target : target.slice(0, mark);
	return isPlain(path) && prefixes.some((prefix) => isBelow(path, prefix));
}

function isBelow(path: string, prefix: string): boolean {
	if (!path.startsWith(prefix)) return false;
	return path.length === prefix.length || prefix.endsWith('/') || path[prefix.length] === '/';
}

/** A dot segment, with parameters behind it or percent-encoded, an encoded slash or backslash, an empty segment: all are read in two ways. */
const ODD = /\\|\/\/|#|%(?:2f|5c|00|25(?:2e|2f|5c))|\/(?:\.|%2e){1,2}(?:[/;]|%3b|$)/i;

export function isPlain(path: string): boolean {
	return path.startsWith('/') && !ODD.test(path);
}
