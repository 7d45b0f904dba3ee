/**
 * The URL that fetch's Request shows, made from scheme, authority and target (RFC 9112 section 3.3). It is for reading
 * only: like every URL it is normalised, so dots are resolved and odd characters escaped. Route and forward on `target`.
 *
 * A missing or malformed authority never throws: the host is then `unknown.invalid` (RFC 6761), which no allow-list trusts.
 */
import type { TargetForm } from './app.ts';

const NOWHERE = 'unknown.invalid';

/** Targets that the URL parser would leave as they are: no dot segments, nothing to escape, no fragment. */
const PLAIN = /^\/[\w\-~!$&()*+,;=:@/%]*(?:\.[\w\-~!$&()*+,;=:@%]+)*(?:\?[\w\-.~!$&()*+,;=:@/%?]*)?$/;
const NOT_ASCII = /[\x80-\uffff]/g;

export function requestUrl(scheme: 'http' | 'https', authority: string, target: string, form: TargetForm): string {
	if (form === 'absolute') {
		return parsed(escaped(target)) ?? `${origin(scheme, authority)}/`;
	}
	// Asterisk-form and authority-form name the server as a whole: path and query are empty.
	if (form !== 'origin') return `${origin(scheme, authority)}/`;
	const start = origin(scheme, authority);
	if (PLAIN.test(target) && !target.includes('/.') && !/%2e/i.test(target)) return start + target;
	return parsed(start + escaped(target.startsWith('/') ? target : `/${target}`)) ?? `${start}/`;
}

/** Most requests of a server name the same host: the last answer is kept. */
let lastScheme = '';
let lastAuthority = '';
let lastOrigin = '';

function origin(scheme: 'http' | 'https', authority: string): string {
	if (authority === lastAuthority && scheme === lastScheme) return lastOrigin;
	const valid = authority !== '' && !/[/\\?#@\s]/.test(authority) && URL.canParse(`${scheme}://${authority}`);
	lastOrigin = valid ? new URL(`${scheme}://${authority}`).origin : `${scheme}://${NOWHERE}`;
	lastScheme = scheme;
	lastAuthority = authority;
	return lastOrigin;
}

function parsed(url: string): string | null {
	return URL.canParse(url) ? new URL(url).href : null;
}

/** Bytes above 127 as themselves: the URL parser would take each for a character, and escape its UTF-8 form. */
function escaped(target: string): string {
	return target.replace(
		NOT_ASCII,
		(char) => `%${(char.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`,
	);
}
