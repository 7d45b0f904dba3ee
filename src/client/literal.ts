/**
 * Hosts that are addresses without looking them up, in whatever spelling. Where a parent or anybody else does the looking up,
 * this is all that the guard can judge here; a name that leads to a private address is judged by who resolves it.
 */
import type { UpstreamError } from '../convention/index.ts';
import { isIPv4, isIPv6 } from '../fields/index.ts';
import { prohibited } from './dial-error.ts';
import { refusedAddress } from './dial-guarded.ts';
import type { AddressGuard } from './guard.ts';
import type { GuardError } from './guard-error.ts';

/**
 * The refusal when `host` (with or without brackets) is an address that the guard refuses for this port: octal, hexadecimal
 * and short spellings, IPv6 with a zone, and `localhost` (RFC 6761 section 6.3) included. Null for other names, and for all
 * when there is no guard.
 */
export function refusedLiteral(guard: AddressGuard | null, host: string, port: number): UpstreamError | null {
	const refusal = guard === null ? null : literalRefusal(guard, host, port);
	return refusal === null ? null : prohibited(refusal);
}

/** The same, in the guard's own words. */
export function literalRefusal(guard: AddressGuard, host: string, port: number): GuardError | null {
	const address = literalAddress(host);
	return address === null ? null : refusedAddress(guard, address, port, host);
}

/** Delimiters of a URL, white space and controls: no host has them. */
const STRAY = /[/\\?#@\s\p{Cc}]/u;

/** The address that `host` is, null when it is a name; what is neither is given back as it is, and no guard lets it pass. */
function literalAddress(host: string): string | null {
	if (isIPv4(host)) return host;
	const bare = host.replace(/^\[|\]$/g, '');
	if (bare.includes(':')) {
		const zone = bare.indexOf('%');
		return isIPv6(zone < 0 ? bare : bare.slice(0, zone)) ? bare : host;
	}
	if (STRAY.test(host) || !URL.canParse(`http://${host}/`)) return host;
	// As browsers read it: a host whose last label is a number is an IPv4 address, in any of inet_aton's spellings.
	const name = new URL(`http://${host}/`).hostname.replace(/\.$/, '');
	if (isIPv4(name)) return name;
	return name === 'localhost' || name.endsWith('.localhost') ? '127.0.0.1' : null;
}
