/**
 * Certificates for the names that clients ask for, each made when it is first asked for and kept while it is used: as many
 * as are set, then those that were used longest ago go. All have the same key, which never leaves the process. Making one
 * is a signature, done at once; nobody can ask for it a second time meanwhile.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { pem, serverCertificate } from '../certificates/x509/index.ts';
import type { Authority } from './certificate-authority.ts';

const DAY = 86_400_000;
/** Clocks differ. */
const EARLIER = DAY;

export interface LeavesStatistics {
	/** Certificates that are kept. */
	readonly kept: number;
	/** Certificates made since the start. */
	readonly made: number;
}

interface Leaf {
	readonly context: SecureContext;
	/** When another must be made, in milliseconds since 1970. */
	readonly until: number;
}

/** One for the process: making a key for each name would cost ten times the signature, and gain nothing. */
let shared: { readonly key: KeyObject; readonly pem: string } | null = null;

function leafKey(): { readonly key: KeyObject; readonly pem: string } {
	if (shared === null) {
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		shared = { key: privateKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
	}
	return shared;
}

export class Leaves {
	private readonly most: number;
	private readonly life: number;
	/** The one that was used longest ago is the first. */
	private readonly byHost: Map<string, Leaf> = new Map();
	private made = 0;

	/** `days`: how long a certificate is good. */
	constructor(most: number, days: number) {
		this.most = most;
		this.life = days * DAY;
	}

	/** What TLS is ended with for this name or address. */
	contextFor(host: string, authority: Authority): SecureContext {
		const now = Date.now();
		const kept = this.byHost.get(host);
		if (kept !== undefined) this.byHost.delete(host);
		const leaf = kept !== undefined && kept.until > now ? kept : this.make(host, authority, now);
		this.byHost.set(host, leaf);
		if (this.byHost.size > this.most) this.forgetOldest();
		return leaf.context;
	}

	private make(host: string, authority: Authority, now: number): Leaf {
		const end = Math.min(now - EARLIER + this.life, Date.parse(authority.certificate.validTo));
		const { key, pem: keyText } = leafKey();
		const certificate = serverCertificate(host, key, authority.issuer, { from: now - EARLIER, to: end });
		this.made++;
		const context = createSecureContext({ cert: pem(certificate), key: keyText, minVersion: 'TLSv1.2' });
		// Renewed while the old one is still good for those who have just been shown it.
		return { context, until: end - Math.min(DAY, this.life / 4) };
	}

	private forgetOldest(): void {
		const [oldest] = this.byHost.keys();
		if (oldest !== undefined) this.byHost.delete(oldest);
	}

	statistics(): LeavesStatistics {
		return { kept: this.byHost.size, made: this.made };
	}
}
