/**
 * The certificates of one listener: which one a client gets by the name it asks for, and which are in force. Certificates
 * change while connections go on; a handshake takes what is there when it begins.
 */
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { Certificate } from './certificate.ts';
import { type CertificateSource, certificateSource } from './certificate-source.ts';
import { MadeCertificates } from './made-certificates.ts';
import { certificatesIn, type TlsOptions } from './options.ts';

/** Milliseconds before its end from which a certificate is complained about. */
const SOON = 3 * 86_400_000;

export class Certificates {
	private readonly sources: readonly CertificateSource[];
	private readonly report: (message: string) => void;
	private inForce: readonly Certificate[] = [];
	private byName: ReadonlyMap<string, Certificate> = new Map();
	private readonly made: MadeCertificates | null;

	/**
	 * `rules` are node's for every context. `report` takes what is wrong with a file that was read again, and with a certificate that
	 * ends soon. Throws an Error that begins with `where`, the option.
	 */
	constructor(where: string, options: TlsOptions, rules: SecureContextOptions, report: (message: string) => void) {
		this.report = report;
		const several = 'certificates' in options;
		this.sources = certificatesIn(options).map((one, index) =>
			certificateSource(several ? `${where}.certificates[${index}]` : where, one, rules, (error) =>
				report(`${error.message}; what was read before stays in force`),
			),
		);
		this.made = options.forName === undefined ? null : new MadeCertificates(options.forName, rules, report);
		this.index();
	}

	/** The first, for clients that ask for no name, or for one that none is for. */
	get first(): Certificate {
		return this.inForce[0] as Certificate;
	}

	/** Whether anything is stapled: node then asks for every handshake. */
	get staples(): boolean {
		return this.inForce.some(({ ocsp }) => ocsp !== null);
	}

	/** Whether it matters which name a client asks for, now or when a file has changed. */
	get isChosenByName(): boolean {
		return this.sources.length > 1 || this.made !== null;
	}

	/** Reads again what has changed. Null when there was nothing to look at; else settles when that is done: `true` when something has. */
	look(): Promise<boolean> | null {
		const looks = this.sources.flatMap((source) => source.look() ?? []);
		if (looks.length === 0) return null;
		return Promise.all(looks).then(() => {
			const changed = this.sources.some(({ current }, index) => current !== this.inForce[index]);
			if (changed) this.index();
			return changed;
		});
	}

	/** The certificate for a name as a client sends it (RFC 6066 section 3). */
	named(name: string): SecureContext {
		const wanted = name.toLowerCase();
		const dot = wanted.indexOf('.');
		const found = this.byName.get(wanted) ?? (dot < 0 ? undefined : this.byName.get(`*${wanted.slice(dot)}`));
		return found?.context ?? this.made?.contextFor(wanted) ?? this.first.context;
	}

	/** What is stapled to the certificate with these bytes; null when nothing is. */
	stapledTo(leaf: Uint8Array): Buffer | null {
		const found = this.inForce.find((one) => one.ocsp !== null && Buffer.compare(one.leaf, leaf) === 0);
		return found?.ocsp ?? null;
	}

	/** Of two for one name the first counts. */
	private index(): void {
		const before = new Set(this.inForce);
		this.inForce = this.sources.map(({ current }) => current);
		const byName = new Map<string, Certificate>();
		for (const one of this.inForce) {
			for (const name of one.names) if (!byName.has(name)) byName.set(name, one);
			if (!before.has(one)) this.tellEnd(one);
		}
		this.byName = byName;
	}

	private tellEnd({ names, validTo }: Certificate): void {
		const left = validTo.getTime() - Date.now();
		if (left > SOON) return;
		const whose = names.length === 0 ? 'a certificate' : `the certificate of ${names.join(', ')}`;
		this.report(`${whose} ${left < 0 ? 'has ended' : 'ends'} on ${validTo.toISOString().slice(0, 10)}`);
	}
}
