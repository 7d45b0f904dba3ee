/**
 * Cookies (RFC 6265bis): what clients send is read leniently, and never for more than it is; what we set is written strictly.
 * Values are opaque: nothing is decoded, and quotes belong to the value (section 4.1.1).
 */
import type { Fields } from './field-list.ts';
import { isToken } from './syntax.ts';
import { trimmed } from './white-space.ts';

/** Pairs that are read of one request; browsers keep fewer for a site. */
const MOST_COOKIES = 256;

/**
 * The cookies of a request by name; where a name comes twice the first one counts, which browsers send for the longer path.
 * Pairs without a name or without `=` are passed over, and so is all behind the 256th.
 */
export function parseCookies(fields: Fields): Map<string, string> {
	const cookies = new Map<string, string>();
	eachCookie(fields, (name, value) => {
		if (!cookies.has(name)) cookies.set(name, value);
		return true;
	});
	return cookies;
}

/** The value of the first cookie of that name, or null; reads no further than to it. */
export function cookieValue(fields: Fields, name: string): string | null {
	let found: string | null = null;
	eachCookie(fields, (other, value) => {
		if (other === name) found = value;
		return found === null;
	});
	return found;
}

/** `see` gives back whether to go on. HTTP/2 may have split the field at its semicolons (RFC 9113 section 8.2.3): each line is read on its own. */
function eachCookie(fields: Fields, see: (name: string, value: string) => boolean): void {
	if (!fields.has('cookie')) return;
	let left = MOST_COOKIES;
	for (const line of fields.all('cookie')) {
		for (let at = 0; at < line.length; ) {
			const semicolon = line.indexOf(';', at);
			const end = semicolon === -1 ? line.length : semicolon;
			const pair = line.slice(at, end);
			const equals = pair.indexOf('=');
			if (equals > 0) {
				if (left-- === 0) return;
				const name = trimmed(pair, 0, equals);
				if (name !== '' && !see(name, trimmed(pair, equals + 1))) return;
			}
			at = end + 1;
		}
	}
}

/** What goes with a cookie (RFC 6265bis section 4.1.2). */
export interface CookieAttributes {
	/** The host and those below it; left out: this host alone. */
	readonly domain?: string;
	/** Left out, browsers take the folder of the request's path. */
	readonly path?: string;
	readonly expires?: Date;
	/** Whole seconds; 0 and less delete the cookie. */
	readonly maxAge?: number;
	readonly secure?: boolean;
	readonly httpOnly?: boolean;
	readonly sameSite?: 'Strict' | 'Lax' | 'None';
	/** A jar of its own for each site that embeds us (CHIPS). */
	readonly partitioned?: boolean;
}

// Cookie-octets: no controls, white space, quotes, commas, semicolons or backslashes.
const VALUE = /^(?:[!#-+\--:<-[\]-~]*|"[!#-+\--:<-[\]-~]*")$/;
const PATH = /^\/[\x20-:<-~]*$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
/** Octets of name and value, and of an attribute, that browsers take at most (section 5.6). */
const LONGEST_PAIR = 4096;
const LONGEST_ATTRIBUTE = 1024;

/**
 * A value for Set-Cookie. Throws TypeError for what could be read as something else, or would be ignored by browsers: other
 * characters, pairs of more than 4096 octets, `__Host-` and the like without what they promise, SameSite=None without Secure.
 */
export function formatSetCookie(name: string, value: string, attributes: CookieAttributes = {}): string {
	const fault = cookieFault(name, attributes);
	if (fault !== null) throw new TypeError(fault);
	if (!VALUE.test(value)) throw new TypeError(`The value of cookie ${name} holds what a cookie must not hold`);
	if (name.length + value.length > LONGEST_PAIR)
		throw new TypeError(`Cookie ${name} has ${name.length + value.length} octets, browsers take ${LONGEST_PAIR}`);
	const { domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned } = attributes;
	let line = `${name}=${value}`;
	if (domain !== undefined) line += `; Domain=${domain}`;
	if (path !== undefined) line += `; Path=${path}`;
	if (expires !== undefined) line += `; Expires=${expires.toUTCString()}`;
	if (maxAge !== undefined) line += `; Max-Age=${maxAge}`;
	if (secure) line += '; Secure';
	if (httpOnly) line += '; HttpOnly';
	if (sameSite !== undefined) line += `; SameSite=${sameSite}`;
	return partitioned ? `${line}; Partitioned` : line;
}

/** Why browsers would not take a cookie of that name with these attributes, or null when they would. */
export function cookieFault(name: string, attributes: CookieAttributes): string | null {
	const { domain, path, expires, maxAge, secure, sameSite, partitioned } = attributes;
	if (!isToken(name)) return `Not a cookie's name: ${JSON.stringify(name)}`;
	if (domain !== undefined && !isDomain(domain)) return `Not a cookie's domain: ${JSON.stringify(domain)}`;
	if (path !== undefined && (!PATH.test(path) || path.length > LONGEST_ATTRIBUTE))
		return `Not a cookie's path: ${JSON.stringify(path)}`;
	if (expires !== undefined && !(expires.getUTCFullYear() >= 1601 && expires.getUTCFullYear() <= 9999))
		return "Not a cookie's expiry date";
	if (maxAge !== undefined && !Number.isSafeInteger(maxAge)) return `Not a cookie's Max-Age: ${maxAge}`;
	if (sameSite !== undefined && !['Strict', 'Lax', 'None'].includes(sameSite))
		return `SameSite is Strict, Lax or None, not ${JSON.stringify(sameSite)}`;
	if (sameSite === 'None' && !secure) return 'SameSite=None needs Secure';
	if (partitioned && !secure) return 'Partitioned needs Secure';
	return prefixFault(name, attributes);
}

/** What a name's beginning promises (section 4.1.3); browsers compare without case. */
function prefixFault(name: string, { secure, httpOnly, path, domain }: CookieAttributes): string | null {
	const lower = name.toLowerCase();
	const host = lower.startsWith('__host-');
	const http = lower.startsWith('__http-') || lower.startsWith('__host-http-');
	if ((host || http || lower.startsWith('__secure-')) && !secure) return `Cookie ${name} needs Secure`;
	if (host && path !== '/') return `Cookie ${name} needs the path /`;
	if (host && domain !== undefined) return `Cookie ${name} must have no domain`;
	return http && !httpOnly ? `Cookie ${name} needs HttpOnly` : null;
}

function isDomain(domain: string): boolean {
	return domain.length <= 253 && domain.split('.').every((label) => label.length <= 63 && DOMAIN.test(label));
}
