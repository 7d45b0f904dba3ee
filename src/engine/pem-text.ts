/** Certificate and key as text, for runtimes that take no bytes, no files and one certificate. */
import type { CertificatePem, TlsOptions } from '../certificates/index.ts';

const CANNOT = ['certificates', 'certFile', 'keyFile', 'ocsp', 'ocspFile', 'minVersion', 'ciphers', 'ticketSecret'];

/** Throws TypeError, in the name of `server`, for an option that it cannot keep. */
export function pemPair(server: string, tls: TlsOptions): { readonly cert: string; readonly key: string } {
	for (const option of CANNOT)
		if (option in tls) throw new TypeError(`tls.${option}: ${server} takes cert and key, as PEM, and nothing of this`);
	const { cert, key } = tls as CertificatePem;
	return { cert: pemText(cert), key: pemText(key) };
}

export function pemText(pem: string | Uint8Array): string {
	return typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
}
