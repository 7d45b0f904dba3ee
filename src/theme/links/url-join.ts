/**
 * A reference taken relative to a base (RFC 3986, section 5.2), by the rules of Python's urljoin, which themes with an
 * absolute prefix were written for: the base may itself be a mere path, and `..` beyond it are swallowed.
 */

interface Parts {
	readonly scheme: string;
	/** With its two slashes; '' for none. */
	readonly authority: string;
	readonly path: string;
	readonly query: string;
	readonly fragment: string;
}

/** Schemes whose references can be relative. */
const HIERARCHICAL = new Set(['', 'http', 'https', 'ftp', 'file', 'ws', 'wss', 'sftp']);

export function urlJoin(base: string, url: string): string {
	if (base === '' || url === '') return url || base;
	const from = split(base);
	const to = split(url);
	if ((to.scheme !== '' && to.scheme !== from.scheme) || !HIERARCHICAL.has(from.scheme)) return url;
	if (to.authority !== '') return write({ ...to, scheme: from.scheme });
	const { scheme, authority } = from;
	if (to.path !== '') return write({ ...to, scheme, authority, path: joinPaths(from.path, to.path, authority) });
	return write({ ...from, query: bare(to.query) || from.query, fragment: to.fragment });
}

function split(url: string): Parts {
	const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(url) ?? [];
	let rest = scheme === '' ? url : url.slice(scheme.length + 1);
	const [fragmentless, fragment] = cut(rest, '#');
	const [queryless, query] = cut(fragmentless, '?');
	rest = queryless;
	if (!rest.startsWith('//')) return { scheme: scheme.toLowerCase(), authority: '', path: rest, query, fragment };
	const slash = rest.indexOf('/', 2);
	const end = slash === -1 ? rest.length : slash;
	const authority = end === 2 ? '' : rest.slice(0, end);
	return { scheme: scheme.toLowerCase(), authority, path: rest.slice(end), query, fragment };
}

/** Before the mark, and from the mark on. */
function cut(text: string, mark: string): [string, string] {
	const at = text.indexOf(mark);
	return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

function joinPaths(base: string, path: string, authority: string): string {
	const absolute = path.startsWith('/');
	const before = absolute ? '' : base.slice(0, base.lastIndexOf('/') + 1);
	const segments = (before + path).split('/');
	const joined: string[] = [];
	for (const [at, segment] of segments.entries()) {
		if (segment === '..') joined.pop();
		const between = at > 0 && at < segments.length - 1;
		if (segment !== '..' && segment !== '.' && (absolute || !between || segment !== '')) joined.push(segment);
	}
	const last = segments[segments.length - 1];
	if (last === '.' || last === '..') joined.push('');
	const whole = joined.join('/') || '/';
	const rooted = (authority !== '' || base.startsWith('/') || absolute) && !whole.startsWith('/');
	return rooted ? `/${whole}` : whole;
}

function write({ scheme, authority, path, query, fragment }: Parts): string {
	return `${scheme === '' ? '' : `${scheme}:`}${authority}${path}${bare(query)}${bare(fragment)}`;
}

/** A mark with nothing behind it is left out. */
const bare = (part: string): string => (part.length === 1 ? '' : part);
