/** One certificate of a listener: given as PEM once and for all, or in files whose changes come into force while it is served. */
import type { SecureContextOptions } from 'node:tls';
import { ReloadedFile } from '../reloaded/index.ts';
import { Certificate, type CertificateParts } from './certificate.ts';
import type { CertificateFiles, CertificateOptions } from './options.ts';

type Report = (error: Error) => void;

export interface CertificateSource {
	readonly current: Certificate;
	/** Null when there is nothing to look at now; else settles when that is done, and never rejects. */
	look(): Promise<void> | null;
}

/** Throws an Error that begins with `where`, the option that names it. */
export function certificateSource(
	where: string,
	options: CertificateOptions,
	rules: SecureContextOptions,
	report: Report,
): CertificateSource {
	if ('certFile' in options) return new FollowedCertificate(where, options, rules, report);
	const { cert, key, ocsp = null } = options;
	return { current: made(where, { cert, key, ocsp }, rules), look: () => null };
}

class FollowedCertificate implements CertificateSource {
	current: Certificate;
	private readonly where: string;
	private readonly rules: SecureContextOptions;
	private readonly report: Report;
	private readonly cert: ReloadedFile<string>;
	private readonly key: ReloadedFile<string>;
	private readonly ocsp: ReloadedFile<Uint8Array> | null;
	/** How often the files had been read for the current one, or for what was no certificate. */
	private reads: number;

	constructor(where: string, files: CertificateFiles, rules: SecureContextOptions, report: Report) {
		const { certFile, keyFile = certFile, ocspFile } = files;
		this.where = where;
		this.rules = rules;
		this.report = report;
		const text = (content: string): string => content;
		this.cert = new ReloadedFile(`${where}.certFile`, certFile, text, report);
		this.key = keyFile === certFile ? this.cert : new ReloadedFile(`${where}.keyFile`, keyFile, text, report);
		this.ocsp =
			ocspFile === undefined
				? null
				: new ReloadedFile(
						`${where}.ocspFile`,
						ocspFile,
						(content) => Buffer.from(content, 'latin1'),
						report,
						'latin1',
					);
		this.reads = this.allReads;
		this.current = this.read();
	}

	look(): Promise<void> | null {
		const looks = [this.cert, this.key, this.ocsp].flatMap((file) => file?.look() ?? []);
		return looks.length === 0 ? null : Promise.all(looks).then(() => this.renew());
	}

	/** Certificate and key are replaced one behind the other: between the two they do not fit, and the next look finds both. */
	private renew(): void {
		const reads = this.allReads;
		if (reads === this.reads) return;
		this.reads = reads;
		try {
			this.current = this.read();
		} catch (error) {
			this.report(error as Error);
		}
	}

	private get allReads(): number {
		return this.cert.reads + this.key.reads + (this.ocsp?.reads ?? 0);
	}

	private read(): Certificate {
		const parts = { cert: this.cert.value, key: this.key.value, ocsp: this.ocsp?.value ?? null };
		return made(this.where, parts, this.rules);
	}
}

function made(where: string, parts: CertificateParts, rules: SecureContextOptions): Certificate {
	try {
		return new Certificate(parts, rules);
	} catch (error) {
		throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
	}
}
