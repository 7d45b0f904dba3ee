/**
 * Secrets in URLs (RFC 9110 section 17.9): the values of query parameters whose names say that they are some, and
 * passwords before the host. References come from strangers: the time taken must grow with their length and no faster.
 */

const PARAMETER = /([?&;])([^?&;=#]*)=[^&;#]*/g;
const SECRET = /token|secret|passw|pwd|api[-_]?key|signature|credential|session|auth|code/i;
const USER = /^([a-z][a-z0-9+.-]{0,15}:\/\/)[^/?#@]*@/i;

/** The reference with such values replaced by `***`. */
export function redacted(reference: string): string {
	const text = reference.includes('@') ? reference.replace(USER, '$1***@') : reference;
	if (!text.includes('?')) return text;
	return text.replace(PARAMETER, (parameter: string, mark: string, name: string) =>
		SECRET.test(name) ? `${mark}${name}=***` : parameter,
	);
}
