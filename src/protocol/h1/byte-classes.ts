/**
 * Which bytes may stand where in a head: one table of 256 entries for each class, 1 for members.
 * A parser's inner loop asks these tables and nothing else.
 */

function classOf(member: (byte: number) => boolean): Uint8Array {
	const table = new Uint8Array(256);
	for (let byte = 0; byte < 256; byte++) if (member(byte)) table[byte] = 1;
	return table;
}

const isAlphanumeric = (byte: number): boolean => /[0-9A-Za-z]/.test(String.fromCharCode(byte));
const isOneOf =
	(characters: string) =>
	(byte: number): boolean =>
		characters.includes(String.fromCharCode(byte));

const isTokenMark = isOneOf("!#$%&'*+-.^_`|~");
const isHostMark = isOneOf("-._~!$&'()*+;=%");

/** Token bytes: methods and field names (RFC 9110 section 5.6.2). */
export const TOKEN: Uint8Array = classOf((byte) => isAlphanumeric(byte) || isTokenMark(byte));

/**
 * Request-target bytes: visible ASCII but `#`. RFC 3986 also forbids `"<>\^`{|}` there; clients send them raw, they
 * cannot end a target early, and they are handed on byte for byte. Bytes from 0x80 up are refused.
 */
export const TARGET: Uint8Array = classOf((byte) => byte > 0x20 && byte < 0x7f && byte !== 0x23);

/** Field value and reason phrase bytes: everything but controls, with HTAB (RFC 9110 section 5.5). */
export const VALUE: Uint8Array = classOf((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f));

/**
 * Bytes of a registered name or IPv4 address (RFC 3986 section 3.2.2), without the comma: it is what joins two Host
 * lines into one. A `%` is a member; that two hexadecimal digits follow is for the caller to see.
 */
export const HOST: Uint8Array = classOf((byte) => isAlphanumeric(byte) || isHostMark(byte));

/** The value of each hexadecimal digit; 255 for other bytes. */
export const HEX: Uint8Array = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) {
	HEX[digit.toString(16).charCodeAt(0)] = digit;
	HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

export function isDigit(byte: number): boolean {
	return byte >= 0x30 && byte <= 0x39;
}
