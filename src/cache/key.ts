/**
 * What a stored response is known by: the URL it was asked for (RFC 9111 section 2), scheme and host in lower case and without a
 * usual port, path and query byte for byte. What is in the key is what is asked for; nothing is tidied in one and not in the other.
 */
import type { Context, RawRequest } from '../convention/index.ts';

const DEFAULT_PORT: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/** `http://example.org/path?query`. */
export function keyOf(request: RawRequest & { readonly scheme: string }, context: Pick<Context, 'mount'>): string {
	const { target } = request;
	const path = target.startsWith('/') || target === '*' ? target : pathOf(target);
	return `${originOf(request.scheme, request.authority)}${context.mount}${path}`;
}

/** `http://example.org`. */
export function originOf(scheme: string, authority: string): string {
	const host = authority.toLowerCase();
	const port = DEFAULT_PORT[scheme];
	return `${scheme}://${port !== undefined && host.endsWith(port) ? host.slice(0, -port.length) : host}`;
}

/** The key for a reference in a field of an answer to `base`; null where it leads to another origin, or cannot be read (section 4.4). */
export function keyOfReference(reference: string, base: string): string | null {
	if (!URL.canParse(reference, base)) return null;
	const [url, own] = [new URL(reference, base), new URL(base)];
	return url.origin === own.origin ? `${base.slice(0, originLength(base))}${url.pathname}${url.search}` : null;
}

function originLength(key: string): number {
	const slash = key.indexOf('/', key.indexOf('//') + 2);
	return slash < 0 ? key.length : slash;
}

/** The path of a target in absolute-form. */
function pathOf(target: string): string {
	const slash = target.indexOf('/', target.indexOf('//') + 2);
	if (slash >= 0) return target.slice(slash);
	const query = target.indexOf('?');
	return query < 0 ? '/' : `/${target.slice(query)}`;
}

/** The key without parameters of these names, so that campaigns do not fill the cache with copies. */
export function withoutParameters(key: string, dropped: ReadonlySet<string>): string {
	const at = key.indexOf('?');
	if (at < 0) return key;
	const left = key
		.slice(at + 1)
		.split('&')
		.filter((part) => !dropped.has(part.split('=', 1)[0] as string));
	return left.length === 0 ? key.slice(0, at) : `${key.slice(0, at)}?${left.join('&')}`;
}
