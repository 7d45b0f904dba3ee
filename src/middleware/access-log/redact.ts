/**
 * Secrets in URLs (RFC 9110 section 17.9): the values of query parameters whose names say that they are some, and
 * passwords before the host. References come from strangers: the time taken must grow with their length and no faster.
 */

const PARAMETER = /([?&;])([^?&;=#]*)=([^?&;#]*)/g;
const SECRET =
	/token|secret|passw|pwd|api[-_]?key|signature|credential|session|auth|code|jwt|assertion|saml|ticket|^(?:key|sid|sig|otp|pin)$/i;
const USER = /^([a-z][a-z0-9+.-]{0,15}:\/\/)[^/?#@]*@/i;

/** References in references that are looked into. */
const DEEPEST = 3;

/** Leaves out what must not be in a log. */
export type Redact = (reference: string) => string;

/** The reference with such values replaced by `***`. */
export const redacted: Redact = (reference) => valuesHidden(withoutUser(reference), (name) => SECRET.test(name));

/** `more`: further names, or `query` for the values of all parameters, and of queries that have none. */
export function redactorOf(more: readonly string[] | 'query' | undefined): Redact {
	if (more === 'query') return (reference) => withoutQuery(withoutUser(reference));
	if (more === undefined || more.length === 0) return redacted;
	const names = new Set(more.map((name) => name.toLowerCase()));
	const isSecret = (name: string): boolean => SECRET.test(name) || names.has(name.toLowerCase());
	return (reference) => valuesHidden(withoutUser(reference), isSecret);
}

function withoutUser(reference: string): string {
	return reference.includes('@') ? reference.replace(USER, '$1***@') : reference;
}

function valuesHidden(text: string, isSecret: (name: string) => boolean): string {
	// A matrix parameter, `;jsessionid=…`, needs no question mark.
	if (!text.includes('?') && !text.includes(';')) return text;
	return text.replace(PARAMETER, (parameter: string, mark: string, name: string, value: string) =>
		isSecret(decoded(name)) || holdsSecret(value, isSecret) ? `${mark}${name}=***` : parameter,
	);
}

/** A reference within a reference, in the spelling that parameters want: `back=%2Freset%3Ftoken%3D…`. */
function holdsSecret(value: string, isSecret: (name: string) => boolean, depth = DEEPEST): boolean {
	if (depth === 0 || !value.includes('%')) return false;
	const inner = decoded(value);
	for (const [, , name = ''] of `?${inner}`.matchAll(PARAMETER)) if (isSecret(decoded(name))) return true;
	return holdsSecret(inner, isSecret, depth - 1);
}

function withoutQuery(text: string): string {
	const at = text.indexOf('?');
	return at === -1 ? text : `${text.slice(0, at)}?***`;
}

/** A name in any spelling is the same name to whoever reads the parameter. */
function decoded(name: string): string {
	if (!name.includes('%')) return name;
	return name.replace(/%[0-9a-f]{2}/gi, (octet) => String.fromCharCode(Number.parseInt(octet.slice(1), 16)));
}
