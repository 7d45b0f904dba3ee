/**
 * Where a browser may be sent to after a login: a path on this server and nothing else. Browsers take `//host`, `/\host` and
 * what they make of them by dropping tabs and line ends for another server's address (WHATWG URL), so all of these are refused.
 */

/** Visible ASCII without the backslash, beginning with one slash. */
const LOCAL = /^\/(?!\/)[!-[\]-~]*$/;
const LONGEST = 2048;

/** The path with its query as it came; null when a browser might take it for something else. */
export function localPath(text: unknown): string | null {
	if (typeof text !== 'string' || text.length > LONGEST || !LOCAL.test(text)) return null;
	// What a parser of URLs thinks of it is what counts in the end.
	const here = 'http://here.invalid';
	return URL.canParse(text, here) &&
		new URL(text, here).origin === here &&
		!new URL(text, here).pathname.startsWith('//')
		? text
		: null;
}
