/** Whom a request is for, and by which scheme: as trusted proxies say where `clientAddress` stands outside, else by itself. */

import type { Context, RawRequest } from '../../convention/index.ts';
import { type Authority, parseAuthority } from '../../fields/index.ts';
import { shown } from '../../names/index.ts';
import { client } from '../keys.ts';

export function schemeOf(request: RawRequest, context: Context): 'http' | 'https' {
	return context.get(client)?.scheme ?? request.scheme;
}

/** Null for what is no host. A dot at its end does not count. */
export function authorityOf(request: RawRequest, context: Context): Authority | null {
	const parsed = parseAuthority(context.get(client)?.host ?? request.authority);
	if (parsed === null || !parsed.host.endsWith('.')) return parsed;
	return { ...parsed, host: parsed.host.slice(0, -1) };
}

/** A host with or without a port, as it is written in options. Throws TypeError, beginning with `where`. */
export function checkedAuthority(where: string, text: unknown): Authority {
	const parsed = typeof text === 'string' ? parseAuthority(text) : null;
	if (parsed === null || parsed.host.includes('%') || parsed.host.includes('*')) {
		throw new TypeError(`${where}: ${shown(text)} is no host such as example.org`);
	}
	return parsed;
}

/** The hosts of a list; none may have a port. Throws TypeError, beginning with `where`. */
export function checkedHosts(where: string, hosts: unknown): ReadonlySet<string> {
	if (!Array.isArray(hosts) || hosts.length === 0)
		throw new TypeError(`${where} must be a list of hosts, and not empty`);
	return new Set(
		hosts.map((text) => {
			const { host, port } = checkedAuthority(where, text);
			if (port !== null) throw new TypeError(`${where}: ${JSON.stringify(text)} has a port; leave it out`);
			return host;
		}),
	);
}
