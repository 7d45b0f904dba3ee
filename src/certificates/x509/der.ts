/**
 * DER (X.690) as far as certificates are written in it; the little that is read is in subjectOf. Sizes are known before
 * anything is written, and there is one way to write each value: that is all the magic of DER.
 */

export const TAG = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	objectIdentifier: 0x06,
	utf8String: 0x0c,
	sequence: 0x30,
	set: 0x31,
	utcTime: 0x17,
	generalizedTime: 0x18,
} as const;

/** `[n]` around a value. */
export const explicit = (n: number): number => 0xa0 + n;
/** `[n]` in place of the tag of a primitive value. */
export const implicit = (n: number): number => 0x80 + n;

/** One value: tag, length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
	const length = content.reduce((sum, { length: size }) => sum + size, 0);
	return Buffer.concat([Uint8Array.from([tag, ...lengthBytes(length)]), ...content]);
}

function lengthBytes(length: number): number[] {
	if (length < 0x80) return [length];
	const bytes: number[] = [];
	for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
	return [0x80 + bytes.length, ...bytes];
}

export const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...content);

/** An object identifier, written with dots. */
export function oid(dotted: string): Uint8Array {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	const bytes = [first * 40 + second, ...rest.flatMap(base128)];
	return der(TAG.objectIdentifier, Uint8Array.from(bytes));
}

function base128(arc: number): number[] {
	const bytes = [arc % 128];
	for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 + (rest % 128));
	return bytes;
}

/** A whole number from 0 up, given by its bytes; one that begins with a set bit gets a zero in front. */
export function integer(bytes: Uint8Array): Uint8Array {
	let from = 0;
	while (from < bytes.length - 1 && bytes[from] === 0) from++;
	const shortest = bytes.subarray(from);
	const negative = (shortest[0] as number) >= 0x80;
	return der(TAG.integer, Uint8Array.from(negative ? [0] : []), shortest);
}

/** `unused` bits at the end do not count. */
export function bitString(bytes: Uint8Array, unused = 0): Uint8Array {
	return der(TAG.bitString, Uint8Array.from([unused]), bytes);
}

export const octetString = (content: Uint8Array): Uint8Array => der(TAG.octetString, content);
export const yes: Uint8Array = der(TAG.boolean, Uint8Array.from([0xff]));
export const text = (value: string): Uint8Array => der(TAG.utf8String, Buffer.from(value, 'utf8'));

/** RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on; seconds, and never a fraction of them. */
export function time(milliseconds: number): Uint8Array {
	const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '');
	const late = Number(digits.slice(0, 4)) >= 2050;
	return der(late ? TAG.generalizedTime : TAG.utcTime, Buffer.from(late ? digits : digits.slice(2), 'latin1'));
}

/** A name (RFC 5280 section 4.1.2.4) that is a common name alone; '' gives an empty one. */
export function distinguishedName(commonName: string): Uint8Array {
	if (commonName === '') return sequence();
	return sequence(der(TAG.set, sequence(oid('2.5.4.3'), text(commonName))));
}

/** The subject of a certificate, as its bytes are: what is issued in its name must say the same. */
export function subjectOf(certificate: Uint8Array): Uint8Array {
	const fields = elementsOf(elementsOf(contentOf(certificate))[0] as Uint8Array, true);
	// An explicit version stands in front since X.509 v3: version, serial, algorithm, issuer, validity, subject.
	return fields[5] as Uint8Array;
}

/** The bytes of a public key itself, out of its SubjectPublicKeyInfo. */
export function keyBytes(info: Uint8Array): Uint8Array {
	const [, bits] = elementsOf(contentOf(info));
	return contentOf(bits as Uint8Array).subarray(1);
}

/** The values that stand one behind the other; with `within`, those inside of the one that `bytes` is. */
function elementsOf(bytes: Uint8Array, within = false): Uint8Array[] {
	const found: Uint8Array[] = [];
	let rest = within ? contentOf(bytes) : bytes;
	while (rest.length > 0) {
		const { head, length } = sizeOf(rest);
		found.push(rest.subarray(0, head + length));
		rest = rest.subarray(head + length);
	}
	return found;
}

function contentOf(value: Uint8Array): Uint8Array {
	const { head, length } = sizeOf(value);
	return value.subarray(head, head + length);
}

function sizeOf(value: Uint8Array): { readonly head: number; readonly length: number } {
	const first = value[1] ?? 0;
	if (first < 0x80) return { head: 2, length: first };
	let length = 0;
	for (let i = 0; i < first - 0x80; i++) length = length * 256 + (value[2 + i] ?? 0);
	return { head: 2 + first - 0x80, length };
}
