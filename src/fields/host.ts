/**
 * Host and authority: `uri-host [":" port]` (RFC 9110 section 7.2, RFC 3986 section 3.2). Strict: no userinfo, no empty
 * host, no zone, and no comma, which the grammar allows but which joins two Host lines into one.
 */
import { isIPv4, isIPv6 } from './ip-address.ts';

/** A host with its port, taken apart. */
export interface Authority {
	/** In lower case; an IPv6 address without its brackets. */
	readonly host: string;
	/** Null when there is none, or nothing behind the colon. */
	readonly port: number | null;
	readonly kind: 'ipv4' | 'ipv6' | 'name';
}

const REG_NAME = /^(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+$/;
const PORT = /^\d{0,5}$/;

/** Takes `text` apart, or null when it is not `uri-host [":" port]`. */
export function parseAuthority(text: string): Authority | null {
	const bracket = text.startsWith('[');
	const end = bracket ? text.indexOf(']') + 1 : text.indexOf(':');
	if (bracket && end === 0) return null;
	const host = end === -1 ? text : text.slice(0, end);
	const rest = end === -1 ? '' : text.slice(end);
	let port: number | null = null;
	if (rest !== '') {
		if (rest[0] !== ':' || !PORT.test(rest.slice(1))) return null;
		if (rest.length > 1) port = Number(rest.slice(1));
		if (port !== null && port > 65_535) return null;
	}
	if (bracket) {
		const address = host.slice(1, -1);
		return isIPv6(address) ? { host: address.toLowerCase(), port, kind: 'ipv6' } : null;
	}
	if (!REG_NAME.test(host)) return null;
	return { host: host.toLowerCase(), port, kind: isIPv4(host) ? 'ipv4' : 'name' };
}

/** Writes a host with its port; an IPv6 address gets its brackets. */
export function formatAuthority(authority: { readonly host: string; readonly port: number | null }): string {
	const { host, port } = authority;
	const bare = host.includes(':') ? `[${host}]` : host;
	return port === null ? bare : `${bare}:${port}`;
}
