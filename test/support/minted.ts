/** Certificates made on the spot, for any name, behind an authority that is made with them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { authorityCertificate, distinguishedName, pem, serverCertificate } from '../../src/certificates/x509/index.ts';

export interface Minted {
	readonly cert: string;
	readonly key: string;
}

const DAY = 86_400_000;
const NAME = 'Authority of a test';
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const always = { from: Date.now() - DAY, to: Date.now() + 30 * DAY };

/** The authority behind all of them, PEM. */
export const mint: string = pem(authorityCertificate(NAME, own, always));

/** A certificate for a name, with a key of its own; valid for 30 days unless told otherwise. */
export function minted(name: string, days = 30): Minted {
	const key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
	const validity = { from: Date.now() - 2 * DAY, to: Date.now() + days * DAY };
	const cert = serverCertificate(name, key, { subject: distinguishedName(NAME), key: own }, validity);
	return { cert: pem(cert), key: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}
