/** Certificates that are made when their name is first asked for, and kept: the last thousand of them. */
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { Certificate } from './certificate.ts';
import type { CertificatePem } from './options.ts';

const MOST = 1_000;
const DAY = 86_400_000;

export class MadeCertificates {
	private readonly make: (name: string) => CertificatePem | null;
	private readonly rules: SecureContextOptions;
	private readonly report: (message: string) => void;
	/** The one that was asked for longest ago is the first. */
	private readonly byName: Map<string, Certificate> = new Map();

	constructor(
		make: (name: string) => CertificatePem | null,
		rules: SecureContextOptions,
		report: (message: string) => void,
	) {
		this.make = make;
		this.rules = rules;
		this.report = report;
	}

	/** Null where none is made; what goes wrong is told. */
	contextFor(name: string): SecureContext | null {
		const kept = this.byName.get(name);
		this.byName.delete(name);
		const certificate = kept !== undefined && kept.validTo.getTime() - DAY > Date.now() ? kept : this.fresh(name);
		if (certificate === null) return null;
		this.byName.set(name, certificate);
		const [oldest] = this.byName.keys();
		if (this.byName.size > MOST && oldest !== undefined) this.byName.delete(oldest);
		return certificate.context;
	}

	private fresh(name: string): Certificate | null {
		try {
			const made = this.make(name);
			return made === null ? null : new Certificate({ ocsp: null, ...made }, this.rules);
		} catch (error) {
			this.report(`no certificate for ${JSON.stringify(name)}: ${(error as Error).message}`);
			return null;
		}
	}
}
