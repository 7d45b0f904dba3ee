/**
 * Domain and Path of a cookie (RFC 6265, section 4.1.2), said by a server that knows its own address only. A domain
 * that is mapped to a mere path is left out: the cookie then belongs to the host that the browser asked.
 */

interface CookieRoute {
	/** In lower case, without port; '' when the map names no host. */
	readonly host: string;
	readonly path: string;
	readonly toHost: string;
	readonly toPath: string;
}

/** Rewrites the value of a Set-Cookie field. */
export function cookieMapper(map: Readonly<Record<string, string>>): (value: string) => string {
	const routes = Object.entries(map)
		.map(route)
		.sort((a, b) => b.path.length - a.path.length);
	return (value) => {
		const [pair = '', ...attributes] = value.split(';');
		if (attributes.length === 0) return value;
		const domain = lastOf(attributes, 'domain');
		const hosts = domain === null ? routes : routes.filter(({ host }) => covers(domain, host));
		const path = lastOf(attributes, 'path');
		const nearest = hosts.find((one) => path !== null && isBelow(path, one)) ?? hosts[hosts.length - 1];
		if (nearest === undefined) return value;
		return [pair, ...attributes.flatMap((one) => mapped(one, nearest))].join(';');
	};
}

function route([from, to]: readonly [string, string]): CookieRoute {
	return { host: hostOf(from), path: pathOf(from), toHost: hostOf(to), toPath: pathOf(to) };
}

const ADDRESS = /^(?:https?:)?\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i;

const hostOf = (url: string): string => (ADDRESS.exec(url)?.[1] ?? '').toLowerCase();

/** Without the slash at its end. */
function pathOf(url: string): string {
	const [path = ''] = url.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').split(/[?#]/, 1);
	return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** A cookie for a domain goes to all hosts below it. */
function covers(domain: string, host: string): boolean {
	const bare = (domain.startsWith('.') ? domain.slice(1) : domain).toLowerCase();
	return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
}

function valueOf(attribute: string, name: string): string | null {
	const equals = attribute.indexOf('=');
	if (equals === -1 || attribute.slice(0, equals).trim().toLowerCase() !== name) return null;
	return attribute.slice(equals + 1).trim();
}

/** Of attributes with one name the last counts. */
function lastOf(attributes: readonly string[], name: string): string | null {
	return attributes.map((one) => valueOf(one, name)).findLast((one) => one !== null) ?? null;
}

const isBelow = (path: string, { path: beginning }: CookieRoute): boolean =>
	path === beginning || path.startsWith(`${beginning}/`);

/** Nothing when the attribute is left out. */
function mapped(attribute: string, route: CookieRoute): readonly string[] {
	if (valueOf(attribute, 'domain') !== null && route.host !== '') {
		return route.toHost === '' ? [] : [` Domain=${route.toHost}`];
	}
	const path = valueOf(attribute, 'path');
	if (path === null || route.path === route.toPath || !isBelow(path, route)) return [attribute];
	return [` Path=${route.toPath + path.slice(route.path.length) || '/'}`];
}
