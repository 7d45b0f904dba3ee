/** The credentials of the Basic scheme (RFC 7617): `name:password` in UTF-8, in base64. */

export interface Credentials {
	readonly name: string;
	readonly password: string;
}

/** Characters of base64; nobody has a password that long. */
const LONGEST = 4_096;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x1f\x7f]/;

/** Null for what is malformed: it is refused like a wrong password. */
export function parseCredentials(text: string): Credentials | null {
	if (text.length > LONGEST) return null;
	const bytes = Buffer.from(text, 'base64');
	// Node passes over what is no base64. Written again it must be the same: one text for one pair, however it is compared.
	if (bytes.length === 0 || bytes.toString('base64') !== text) return null;
	let pair: string;
	try {
		pair = decoder.decode(bytes);
	} catch {
		return null;
	}
	const colon = pair.indexOf(':');
	if (colon <= 0 || CONTROL.test(pair)) return null;
	return { name: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
