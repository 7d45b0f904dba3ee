/** Secrets in URLs (RFC 9110 section 17.9): the values of query parameters whose names say that they are some. */

const SECRET = /([?&;][^=&;]*(?:token|secret|passw|pwd|api[-_]?key|signature|credential|session|auth|code)[^=&;]*=)[^&;#]*/gi;

/** The reference with such values replaced by `***`. */
export function redacted(reference: string): string {
	return reference.includes('?') ? reference.replace(SECRET, '$1***') : reference;
}
