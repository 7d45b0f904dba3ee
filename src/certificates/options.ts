/** How a listener is given its certificates: as PEM, or as files that are followed. */

/** A certificate with its key, as PEM. */
export interface CertificatePem {
	/** The certificate, and behind it those of the authorities between it and the root. */
	readonly cert: string | Uint8Array;
	readonly key: string | Uint8Array;
	/** What its authority says of its validity (RFC 6960, DER), stapled for clients that ask for it. */
	readonly ocsp?: Uint8Array;
}

/** The same in files, which are looked at once a second at most while clients come, and read again when they have changed. */
export interface CertificateFiles {
	/** PEM: the certificate, and behind it those of the authorities between it and the root. */
	readonly certFile: string;
	/** PEM. Default: `certFile`, which holds both. */
	readonly keyFile?: string;
	/** DER: what its authority says of its validity (RFC 6960), stapled for clients that ask for it. */
	readonly ocspFile?: string;
}

export type CertificateOptions = CertificatePem | CertificateFiles;

/** What holds for a listener, whichever certificate its clients get. */
export interface TlsRules {
	/** Authorities that client certificates are checked against, PEM; with it, clients are asked for one. */
	readonly clientAuthorities?: string | Uint8Array;
	/** Refuse clients without a valid certificate. Default: false. */
	readonly requireClientCertificate?: boolean;
	/** The oldest version that is spoken. Default: `TLSv1.2`. */
	readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
	/** Cipher suites in OpenSSL's words, best first. Default: node's. */
	readonly ciphers?: string;
	/**
	 * Listeners with the same secret, on other machines too, resume each other's sessions; 32 bytes at least. The keys of session
	 * tickets are made from it and change every twelve hours. Default: one of the process and its workers.
	 */
	readonly ticketSecret?: string | Uint8Array;
	/** A certificate for a name that none of the others is for, made on the spot; null: the first of the others. Each is kept until a day before it ends. */
	readonly forName?: (name: string) => CertificatePem | null;
	/**
	 * Answers tls-alpn-01 challenges (RFC 8737): key and certificate, PEM, for a name that is being proved; null for all others. `acme` makes it. Each
	 * ClientHello is looked at for its sake. Default: nobody.
	 */
	readonly challenge?: (name: string) => string | null;
}

/** One certificate, or several: clients get the one for the name they ask for (SNI), and the first when there is none. */
export type TlsOptions = TlsRules & (CertificateOptions | { readonly certificates: readonly CertificateOptions[] });

/** The certificates of a listener, the first of which is the one for all others. */
export function certificatesIn(options: TlsOptions): readonly CertificateOptions[] {
	return 'certificates' in options ? options.certificates : [options];
}
