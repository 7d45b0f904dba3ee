/** TLS while one develops: certificates of this machine's own authority for `localhost` and every name below it. */
import { generateKeyPairSync } from 'node:crypto';
import type { TlsOptions } from '../certificates/index.ts';
import { pem, serverCertificate } from '../certificates/x509/index.ts';
import { type CertificateAuthorityOptions, certificateAuthority } from './certificate-authority.ts';

const DAY = 86_400_000;
/** What every client takes (macOS: 825 days at the most). */
const LIFE = 90 * DAY;
/** Names that lead nowhere but here (RFC 6761 section 6.3). */
const HERE = /^(?:[a-z0-9_-]{1,63}\.)*localhost$/;
const OWN = ['localhost', '127.0.0.1', '::1'];

/**
 * The `tls` of a listener for `https://localhost:8443`, `https://shop.localhost:8443` and the like: names that lead to this machine,
 * each certified when it is first asked for. Browsers believe them once what `turnabout ca` says has been done. Rejects where the
 * authority cannot be read or made.
 */
export async function developmentTls(options: CertificateAuthorityOptions = {}): Promise<TlsOptions> {
	const { issuer } = await certificateAuthority(options).load();
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
	const issue = (names: readonly string[]): { cert: string; key: string } => {
		const now = Date.now();
		return { cert: pem(serverCertificate(names, privateKey, issuer, { from: now - DAY, to: now + LIFE })), key };
	};
	return { ...issue(OWN), forName: (name) => (HERE.test(name) ? issue([name]) : null) };
}
