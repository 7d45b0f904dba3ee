/**
 * Certificates from an authority that speaks ACME (RFC 8555), asked for and renewed by the server itself. Until the first has
 * come there is one of our own, which nobody trusts: the server is up, and can prove its names.
 */
import { generateKeyPairSync, type X509Certificate } from 'node:crypto';
import type { TlsOptions } from '../certificates/index.ts';
import { distinguishedName, pem, serverCertificate } from '../certificates/x509/index.ts';
import { type App, type Layer, layer, raw, respond } from '../convention/index.ts';
import { Folder } from './folder.ts';
import { type AcmeOptions, type AcmeSettings, acmeSettings } from './options.ts';
import { alpnFile, order } from './order.ts';

export interface AcmeStatistics {
	/** When the certificate in force ends, and whether it is the authority's. */
	readonly validTo: string | null;
	readonly issued: boolean;
	/** Since the start: certificates that have come, and attempts that failed. */
	readonly orders: number;
	readonly failures: number;
	readonly lastFailure: string | null;
}

/** In a configuration: `listen: { address: ':443', tls: certificates.tls }`, and around the app, which makes it begin and end with the server. */
export interface Acme extends Layer {
	/** For listeners. */
	readonly tls: TlsOptions;
	/** Makes the folder and begins to look after the certificate. A server does it for layers of what it serves. */
	start(): void;
	close(): void;
	statistics(): AcmeStatistics;
}

const PATH = '/.well-known/acme-challenge/';
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Milliseconds until the first look: by then the listeners are there. */
const SOON = 200;
/** After a failure, and at the most after many (RFC 8555 leaves it to us; authorities count failures by the hour). */
const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 12 * HOUR;
/** Less than after which its lock would be taken away. */
const LONGEST_ORDER = 600_000;

/** A layer that answers http-01 challenges, and keeps a certificate for listeners. Throws TypeError with the option's name and the reason. */
export function acme(options: AcmeOptions): Acme {
	const settings = acmeSettings(options);
	const folder = new Folder(settings.directory, settings.names[0] as string);
	const keeper = new Keeper(settings, folder);
	const explain = () => ({
		does: [`Answers for tokens below ${PATH} that are being asked for.`, 'Passes the request on as it is.'],
	});
	const files = { certFile: folder.certFile, keyFile: folder.keyFile };
	const challenge = (name: string): string | null => folder.challengeNow(alpnFile(name));
	// Whoever makes a listener of it reads the files at once.
	folder.make();
	keeper.prepare();
	return Object.assign(
		layer({ name: 'acme', explain }, (next) => answering(folder, next)),
		{
			tls: settings.challenge === 'tls-alpn-01' ? { ...files, challenge } : files,
			start: () => keeper.start(),
			close: () => keeper.stop(),
			statistics: () => keeper.statistics(),
		},
	);
}

/** RFC 8555 section 8.3. */
function answering(folder: Folder, next: App): App {
	return (given, context) => {
		const { target, method } = raw(given);
		if (!target.startsWith(PATH) || (method !== 'GET' && method !== 'HEAD')) return next(given, context, context);
		return folder.challenge(target.slice(PATH.length)).then((content) => {
			if (content === null) return next(given, context, context);
			return respond(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' }, content);
		});
	};
}

class Keeper {
	private readonly settings: AcmeSettings;
	private readonly folder: Folder;
	private timer: NodeJS.Timeout | undefined;
	private stopped = true;
	private orders = 0;
	private failures = 0;
	private inARow = 0;
	private lastFailure: string | null = null;

	constructor(settings: AcmeSettings, folder: Folder) {
		this.settings = settings;
		this.folder = folder;
	}

	/** There is a certificate, whatever it is worth. */
	prepare(): void {
		if (this.folder.certificate() !== null) return;
		const { names } = this.settings;
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		const now = Date.now();
		const issuer = { subject: distinguishedName('No certificate yet'), key: privateKey };
		const made = serverCertificate(names, privateKey, issuer, { from: now - DAY, to: now + 7 * DAY });
		this.folder.keepCertificate(pem(made), privateKey.export({ type: 'pkcs8', format: 'pem' }));
	}

	start(): void {
		if (!this.stopped) return;
		this.stopped = false;
		this.prepare();
		this.lookIn(SOON);
	}

	stop(): void {
		this.stopped = true;
		clearTimeout(this.timer);
	}

	private lookIn(milliseconds: number): void {
		if (this.stopped) return;
		this.timer = setTimeout(() => void this.look(), milliseconds).unref();
	}

	private async look(): Promise<void> {
		if (!this.isDue()) return this.lookIn(HOUR * (0.9 + 0.2 * Math.random()));
		// Another process of this server is at it.
		if (!this.folder.lock()) return this.lookIn(5_000 + 5_000 * Math.random());
		try {
			// It may have been faster.
			if (this.isDue()) await this.renew();
			this.lookIn(HOUR);
		} catch (error) {
			this.lookIn(this.failed(error as Error));
		} finally {
			this.folder.unlock();
		}
	}

	private async renew(): Promise<void> {
		const { names, log } = this.settings;
		await inTime(order(this.settings, this.folder));
		this.orders++;
		this.inARow = 0;
		this.lastFailure = null;
		log(`acme: a certificate for ${names.join(', ')} has come, good until ${this.folder.certificate()?.validTo}`);
	}

	/** Milliseconds until it is tried again. */
	private failed(error: Error): number {
		const { names, log } = this.settings;
		this.failures++;
		this.folder.dropAccountUrl();
		this.lastFailure = error.message;
		const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.inARow++);
		log(
			`warn: acme: no certificate for ${names.join(', ')}: ${error.message}; tried again in ${Math.round(pause / 60_000)} min`,
		);
		return pause * (0.9 + 0.2 * Math.random());
	}

	/** A third of its life is left, it is one of our own, or the names are others. */
	private isDue(): boolean {
		const certificate = this.folder.certificate();
		if (certificate === null || !isIssued(certificate)) return true;
		const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
		if (Date.now() > to - (to - from) / 3) return true;
		const named = new Set((certificate.subjectAltName ?? '').split(', '));
		return this.settings.names.some((name) => !named.has(`DNS:${name}`));
	}

	statistics(): AcmeStatistics {
		const certificate = this.folder.certificate();
		const { orders, failures, lastFailure } = this;
		const issued = certificate !== null && isIssued(certificate);
		return { validTo: certificate?.validTo ?? null, issued, orders, failures, lastFailure };
	}
}

/** The client's requests and the hook's have no time-outs of their own, and the lock is held as long. */
async function inTime(work: Promise<void>): Promise<void> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(
		() => late.reject(new Error('the authority has not answered in time')),
		LONGEST_ORDER,
	).unref();
	try {
		await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}

function isIssued({ issuer }: X509Certificate): boolean {
	return !issuer.includes('No certificate yet');
}
