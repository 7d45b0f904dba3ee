/** A certificate with its key, read and checked: that they belong together, and for which names it is. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';

/** What a certificate is made of. */
export interface CertificateParts {
	readonly cert: string | Uint8Array;
	readonly key: string | Uint8Array;
	readonly ocsp: Uint8Array | null;
}

export class Certificate {
	readonly cert: string | Uint8Array;
	readonly key: string | Uint8Array;
	readonly context: SecureContext;
	/** The names it is for, in lower case; `*.` at the beginning stands for one label (RFC 9525 section 6.3). */
	readonly names: readonly string[];
	/** DER of the certificate itself: by it, node asks for what is stapled. */
	readonly leaf: Uint8Array;
	readonly ocsp: Buffer | null;
	/** The last moment at which it is valid. */
	readonly validTo: Date;

	/** Throws an Error that says what is wrong with it. */
	constructor({ cert, key, ocsp }: CertificateParts, rules: SecureContextOptions) {
		const leaf = readCertificate(cert);
		if (!leaf.checkPrivateKey(readKey(key))) throw new Error('the key is not that of the certificate');
		this.cert = cert;
		this.key = key;
		this.leaf = leaf.raw;
		this.names = namesOf(leaf);
		this.validTo = new Date(leaf.validTo);
		this.ocsp = ocsp === null ? null : Buffer.from(ocsp);
		this.context = createSecureContext({ ...rules, cert: cert as string, key: key as string });
	}
}

function readCertificate(cert: string | Uint8Array): X509Certificate {
	try {
		return new X509Certificate(cert as string);
	} catch (error) {
		throw new Error(`no certificate can be read: ${(error as Error).message}`, { cause: error });
	}
}

function readKey(key: string | Uint8Array): ReturnType<typeof createPrivateKey> {
	try {
		return createPrivateKey(key as string);
	} catch (error) {
		throw new Error(`no key can be read: ${(error as Error).message}`, { cause: error });
	}
}

/** Names alone: who asks for an address sends no name (RFC 6066 section 3). */
function namesOf({ subjectAltName }: X509Certificate): string[] {
	if (subjectAltName === undefined) return [];
	return subjectAltName.split(', ').flatMap((entry) => {
		return entry.startsWith('DNS:') ? [entry.slice(4).toLowerCase()] : [];
	});
}
