/** URLs below a prefix: the same origin, and a path that begins with whole segments of the prefix's. */

export interface UrlPrefix {
	readonly origin: string;
	readonly hostname: string;
	/** Without a final slash; empty for the whole origin. */
	readonly path: string;
}

/** Throws TypeError for what is no http: or https: URL, or has credentials, a query or a fragment. */
export function parseUrlPrefix(text: string): UrlPrefix {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
		throw new TypeError(`Not a URL prefix: ${JSON.stringify(text)}. Write https://host or https://host/path/.`);
	}
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		throw new TypeError(`A URL prefix ends with its path: ${JSON.stringify(url.origin + url.pathname)}`);
	}
	return { origin: url.origin, hostname: url.hostname, path: url.pathname.replace(/\/$/, '') };
}

/** A slash or backslash in disguise: servers that decode it see other segments, `..` perhaps, than are compared here. */
const DISGUISED = /%2f|%5c/i;

/** The URL parser has resolved dot segments already, written `%2e` or not. */
export function isBelow(url: URL, { origin, path }: UrlPrefix): boolean {
	if (url.origin !== origin) return false;
	if (path === '') return true;
	if (DISGUISED.test(url.pathname)) return false;
	return url.pathname === path || url.pathname.startsWith(`${path}/`);
}
