/** A certificate authority of this machine, for clients that were told to trust it. Made on first use, and kept. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { authorityCertificate, type Issuer, pem, subjectOf } from '../certificates/x509/index.ts';
import { checkNames, shown } from '../names/index.ts';
import { KEY_FILE, keptOrMade, publish } from './authority-store.ts';

const DAY = 86_400_000;
/** A little less than ten years. */
const LIFE = 3_650 * DAY;
/** Clocks differ. */
const EARLIER = DAY;

export interface CertificateAuthorityOptions {
	/** The folder that it is kept in; made with mode 0700. Default: `turnabout` in XDG_DATA_HOME, or in `~/.local/share`. */
	readonly directory?: string;
}

/** An authority that has been read or made. */
export interface Authority {
	/** The certificate, in its three forms. */
	readonly certificate: X509Certificate;
	readonly pem: string;
	readonly der: Uint8Array;
	/** The file with the certificate alone, for whoever is to trust it. */
	readonly path: string;
	readonly issuer: Issuer;
}

export interface CertificateAuthority {
	readonly directory: string;
	/** Reads it; makes it when there is none. Rejects with an Error that says what is wrong and what to do. */
	load(): Promise<Authority>;
}

/**
 * The authority in a folder: ECDSA over P-256, good for ten years, named after this machine and the day it was made.
 * Nothing is read before it is used. Its key never leaves the file, whose mode is 0600; one that others can read is refused.
 */
export function certificateAuthority(options: CertificateAuthorityOptions = {}): CertificateAuthority {
	if (typeof options !== 'object' || options === null)
		throw new TypeError('certificateAuthority: the options are no object');
	checkNames('certificateAuthority: ', options, ['directory']);
	const { directory = defaultDirectory() } = options;
	if (typeof directory !== 'string' || directory === '')
		throw new TypeError(`certificateAuthority: directory must be a path, not ${shown(directory)}`);
	const place = resolve(directory);
	let loading: Promise<Authority> | null = null;
	const load = (): Promise<Authority> => {
		// What has failed is tried again by the next one who asks: somebody may have put it right.
		loading ??= read(place).catch((error: unknown) => {
			loading = null;
			throw error;
		});
		return loading;
	};
	return { directory: place, load };
}

function defaultDirectory(): string {
	const { XDG_DATA_HOME: data } = process.env;
	return join(data !== undefined && data.startsWith('/') ? data : join(homedir(), '.local', 'share'), 'turnabout');
}

async function read(directory: string): Promise<Authority> {
	const kept = await keptOrMade(directory, make);
	const where = join(directory, KEY_FILE);
	const { key, certificate } = partsOf(kept, where);
	const der = certificate.raw;
	const text = pem(der);
	return {
		certificate,
		pem: text,
		der,
		path: await publish(directory, text),
		issuer: { subject: subjectOf(der), key },
	};
}

function make(): string {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const now = Date.now();
	const machine = hostname()
		.replace(/[^\x21-\x7e]/g, '')
		.slice(0, 30);
	const name = `Turnabout on ${machine}, ${new Date(now).toISOString().slice(0, 10)}`;
	const certificate = authorityCertificate(name, privateKey, { from: now - EARLIER, to: now + LIFE - EARLIER });
	return `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${pem(certificate)}`;
}

function partsOf(text: string, where: string): { readonly key: KeyObject; readonly certificate: X509Certificate } {
	let key: KeyObject;
	let certificate: X509Certificate;
	try {
		key = createPrivateKey(text);
		certificate = new X509Certificate(text.slice(Math.max(0, text.indexOf('-----BEGIN CERTIFICATE-----'))));
	} catch (error) {
		throw new Error(
			`${where} is not the key and the certificate of an authority: delete it, so that a new one is made`,
			{
				cause: error,
			},
		);
	}
	const curve = key.asymmetricKeyDetails?.namedCurve;
	if (curve !== 'prime256v1') throw new Error(`${where} holds another key than one of ECDSA over P-256`);
	if (!certificate.ca || !certificate.checkPrivateKey(key))
		throw new Error(`${where} holds a key and a certificate that do not belong together, or one of no authority`);
	if (Date.parse(certificate.validTo) <= Date.now())
		throw new Error(
			`The authority in ${where} was good until ${certificate.validTo}: delete it, so that a new one is made`,
		);
	return { key, certificate };
}
