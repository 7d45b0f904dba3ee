/** Certificates (X.509 v3, RFC 5280), signed with ECDSA over P-256: those of an authority, and those it issues. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from '../../fields/index.ts';
import {
	bitString,
	der,
	distinguishedName,
	explicit,
	implicit,
	integer,
	keyBytes,
	octetString,
	oid,
	sequence,
	time,
	yes,
} from './der.ts';

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VERSION_3 = der(explicit(0), integer(Uint8Array.from([2])));
const SERVER_AUTHENTICATION = oid('1.3.6.1.5.5.7.3.1');
/** RFC 5280, ub-common-name. */
const LONGEST_COMMON_NAME = 64;

export interface Validity {
	/** Milliseconds since 1970. */
	readonly from: number;
	readonly to: number;
}

/** Who signs: its name, as bytes, and its key. */
export interface Issuer {
	readonly subject: Uint8Array;
	readonly key: KeyObject;
}

/** A certificate of an authority, signed by itself. It may issue certificates for servers, and none for other authorities. */
export function authorityCertificate(commonName: string, key: KeyObject, validity: Validity): Uint8Array {
	const subject = distinguishedName(commonName.slice(0, LONGEST_COMMON_NAME));
	const info = publicInfo(key);
	return signed({ subject, key }, subject, info, validity, [
		// RFC 5280 section 4.2.1.9: an authority, with none below it.
		extension('2.5.29.19', true, sequence(yes, integer(Uint8Array.from([0])))),
		// keyCertSign and cRLSign.
		extension('2.5.29.15', true, bitString(Uint8Array.from([0b0000_0110]), 1)),
		extension('2.5.29.14', false, octetString(keyIdentifier(info))),
	]);
}

/** A certificate for a server, or several: names or IP addresses, the first of which is its own; with the public half of `key`. */
export function serverCertificate(
	hosts: string | readonly string[],
	key: KeyObject,
	issuer: Issuer,
	validity: Validity,
): Uint8Array {
	const info = publicInfo(key);
	const all = typeof hosts === 'string' ? [hosts] : hosts;
	const host = all[0] as string;
	const nameless = host.length > LONGEST_COMMON_NAME;
	return signed(issuer, distinguishedName(nameless ? '' : host), info, validity, [
		extension('2.5.29.19', true, sequence()),
		// digitalSignature: all that ECDHE with an EC key needs.
		extension('2.5.29.15', true, bitString(Uint8Array.from([0b1000_0000]), 7)),
		extension('2.5.29.37', false, sequence(SERVER_AUTHENTICATION)),
		// RFC 5280 section 4.2.1.6: critical where the subject is empty.
		extension('2.5.29.17', nameless, sequence(...all.map(generalName))),
		extension('2.5.29.14', false, octetString(keyIdentifier(info))),
		extension('2.5.29.35', false, sequence(der(implicit(0), keyIdentifier(publicInfo(issuer.key))))),
	]);
}

/** PEM (RFC 7468) of a certificate. */
export function pem(certificate: Uint8Array): string {
	const lines =
		Buffer.from(certificate)
			.toString('base64')
			.match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function signed(
	issuer: Issuer,
	subject: Uint8Array,
	info: Uint8Array,
	{ from, to }: Validity,
	extensions: readonly Uint8Array[],
): Uint8Array {
	const unsigned = sequence(
		VERSION_3,
		integer(serialNumber()),
		ECDSA_WITH_SHA256,
		issuer.subject,
		sequence(time(from), time(to)),
		subject,
		info,
		der(explicit(3), sequence(...extensions)),
	);
	return sequence(unsigned, ECDSA_WITH_SHA256, bitString(sign('sha256', unsigned, issuer.key)));
}

/** RFC 5280 section 4.1.2.2: positive, never zero, at most 20 octets; drawn by lot, so that nobody can foresee it. */
function serialNumber(): Uint8Array {
	const serial = randomBytes(16);
	serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
	return serial;
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
	return critical ? sequence(oid(id), yes, octetString(value)) : sequence(oid(id), octetString(value));
}

function generalName(host: string): Uint8Array {
	const bytes = addressBytes(host);
	return bytes === null ? der(implicit(2), Buffer.from(host, 'latin1')) : der(implicit(7), bytes);
}

/** The 4 or 16 octets of an address; null for a name. */
function addressBytes(host: string): Uint8Array | null {
	if (isIPv4(host)) return Uint8Array.from(host.split('.').map(Number));
	if (!isIPv6(host)) return null;
	const tailAt = host.lastIndexOf(':') + 1;
	const [before = '', after] = (host.slice(0, tailAt) + mixedTail(host.slice(tailAt))).split('::');
	const head = groupsIn(before);
	const tail = after === undefined ? [] : groupsIn(after);
	const gap = new Array<number>(8 - head.length - tail.length).fill(0);
	return Uint8Array.from([...head, ...gap, ...tail].flatMap((group) => [group >> 8, group & 255]));
}

/** `::ffff:192.0.2.1`: its last 32 bits as two groups. */
function mixedTail(text: string): string {
	if (!isIPv4(text)) return text;
	const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
	return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function groupsIn(text: string): number[] {
	return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function publicInfo(key: KeyObject): Uint8Array {
	return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** RFC 5280 section 4.2.1.2, method 1. It identifies, it protects nothing. */
function keyIdentifier(info: Uint8Array): Uint8Array {
	return createHash('sha1').update(keyBytes(info)).digest();
}
