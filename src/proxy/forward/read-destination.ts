/**
 * Whom a request is for: the target's authority in absolute-form and in CONNECT, `:authority` over HTTP/2; never what Host
 * says beside them (RFC 9112 section 3.2.2).
 */
import { HttpError, type RawRequest } from '../../convention/index.ts';
import { formatAuthority } from '../../fields/index.ts';
import type { Destination } from './destination.ts';
import { readHost } from './read-host.ts';

const PORTS = { http: 80, https: 443 } as const;

/** Throws HttpError 400 that says what is wrong with the target. */
export function readDestination(request: RawRequest): Destination {
	const { host, port } = hostAndPort(request.authority);
	if (request.method === 'CONNECT' && request.form === 'authority') {
		if (port === null) throw refused('The target of CONNECT needs a port, such as example.org:443.');
		return { scheme: 'tunnel', host, port, authority: formatAuthority({ host, port }), path: null, intercepted: false };
	}
	return webDestination(request, host, port, false);
}

/** Whom a request is for that was read out of a tunnel to `outer`: its Host may name nobody else. Throws HttpError 400. */
export function readWithin(request: RawRequest, outer: Destination): Destination {
	const { host, port } = hostAndPort(request.authority === '' ? outer.authority : request.authority);
	if (host !== outer.host || (port ?? PORTS[request.scheme]) !== outer.port) {
		throw refused(`This tunnel leads to ${outer.authority}, and this request is for somebody else.`);
	}
	return webDestination(request, host, outer.port, true);
}

function webDestination(request: RawRequest, host: string, given: number | null, intercepted: boolean): Destination {
	const { scheme } = request;
	const port = given ?? PORTS[scheme];
	const authority = formatAuthority({ host, port: port === PORTS[scheme] ? null : port });
	return { scheme, host, port, authority, path: pathOf(request), intercepted };
}

function hostAndPort(authority: string): { readonly host: string; readonly port: number | null } {
	const colon = /:(\d{0,5})$/.exec(authority);
	const host = readHost(colon === null ? authority : authority.slice(0, colon.index));
	if (host.reason !== null) throw refused(host.reason);
	const port = colon === null || colon[1] === '' ? null : Number(colon[1]);
	if (port === 0) throw refused('There is no port 0 to connect to.');
	if (port !== null && port > 65_535) throw refused(`${port} is no port: they go up to 65535.`);
	return { host: host.host, port };
}

/** RFC 9112 section 3.2.4: OPTIONS for a server as a whole has no path in absolute-form, and `*` at the last hop. */
function pathOf({ form, target, method }: RawRequest): string {
	if (form !== 'absolute') return target;
	const from = target.indexOf('//') + 2;
	const path = /[/?].*$/s.exec(target.slice(from))?.[0] ?? '';
	if (path === '') return method === 'OPTIONS' ? '*' : '/';
	return path.startsWith('?') ? `/${path}` : path;
}

function refused(message: string): HttpError {
	return new HttpError(400, { message });
}
