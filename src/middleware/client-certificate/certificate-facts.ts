/** What a client's certificate says (RFC 5280), as far as it is decided by. */
import { X509Certificate } from 'node:crypto';
import { type SubjectNames, subjectNames } from './subject-names.ts';

export interface CertificateFacts extends SubjectNames {
	/** The subject's parts: `CN`, `O`, `OU` …; a list where one comes several times. Null prototype. */
	readonly subject: Readonly<Record<string, string | readonly string[]>>;
	/** The issuer's, likewise. */
	readonly issuer: Readonly<Record<string, string | readonly string[]>>;
	/** SHA-256 of the certificate, in lower-case hex without colons. */
	readonly fingerprint: string;
	/** In lower-case hex. */
	readonly serial: string;
	/** Milliseconds since 1970. */
	readonly validFrom: number;
	readonly validTo: number;
}

/** A certificate, with what only we look at. */
export interface ReadCertificate {
	readonly facts: CertificateFacts;
	/** The subject's CN where there is just one, else the first alternative name, else the fingerprint. */
	readonly name: string;
	/** Signed by one of the authorities that were given; true where none were. */
	readonly trusted: boolean;
}

/** `der` was verified by TLS. Throws node's error for what cannot be read. */
export function readCertificate(der: Uint8Array, authorities: readonly X509Certificate[]): ReadCertificate {
	const certificate = new X509Certificate(der);
	const legacy = certificate.toLegacyObject();
	const facts: CertificateFacts = {
		...subjectNames(certificate.subjectAltName),
		subject: plainName(legacy.subject),
		issuer: plainName(legacy.issuer),
		fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
		serial: certificate.serialNumber.toLowerCase(),
		validFrom: Date.parse(certificate.validFrom),
		validTo: Date.parse(certificate.validTo),
	};
	const trusted = authorities.length === 0 || authorities.some((authority) => isSignedBy(certificate, authority));
	return { facts, name: nameOf(facts), trusted };
}

function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
	return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function plainName(name: unknown): Readonly<Record<string, string | readonly string[]>> {
	return Object.assign(Object.create(null), name) as Record<string, string | readonly string[]>;
}

function nameOf({ subject, uris, dns, emails, fingerprint }: CertificateFacts): string {
	const common = subject['CN'];
	if (typeof common === 'string' && common !== '') return common;
	return uris[0] ?? dns[0] ?? emails[0] ?? fingerprint;
}
