/** What can be set on `clientCertificate`. */
import { X509Certificate } from 'node:crypto';
import type { Context } from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { wrongOption } from '../guard-options.ts';
import type { CertificateFacts } from './certificate-facts.ts';

/** Whether this certificate may come in. */
export type AllowCertificate = (certificate: CertificateFacts, context: Context) => boolean | Promise<boolean>;

export interface ClientCertificateOptions {
	/**
	 * Who may come in, of those whose certificates TLS has verified: a list of `CN=ann`, `O=Example`, `DNS:build.example`,
	 * `URI:spiffe://example/build`, `email:ann@example.org` and `sha256:` with a fingerprint, of which one must fit exactly; or a
	 * function. Default: all of them.
	 */
	readonly allow?: readonly string[] | AllowCertificate;
	/** PEM of authorities, one of which must have signed the certificate itself: of those that TLS trusts, only these. Default: all that TLS trusts. */
	readonly ca?: string | readonly string[];
	/** Clients that show no certificate go on, too; then nothing is proved. Default: false. */
	readonly optional?: boolean;
}

export interface ClientCertificateSettings {
	readonly allow: AllowCertificate;
	readonly authorities: readonly X509Certificate[];
	readonly optional: boolean;
}

/** Throws TypeError for what cannot be meant, naming the option. */
export function clientCertificateSettings(options: ClientCertificateOptions): ClientCertificateSettings {
	checkObject('clientCertificate', options, '{ optional: true }');
	checkNames('clientCertificate: ', options, ['allow', 'ca', 'optional']);
	const { allow, ca, optional = false } = options;
	if (typeof optional !== 'boolean') throw wrongOption('clientCertificate', 'optional', 'true or false', optional);
	return { allow: allowed(allow), authorities: authoritiesOf(ca), optional };
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function authoritiesOf(ca: ClientCertificateOptions['ca']): readonly X509Certificate[] {
	if (ca === undefined) return [];
	const texts: readonly unknown[] = typeof ca === 'string' ? [ca] : ca;
	const found = texts.flatMap((text) => (typeof text === 'string' ? (text.match(PEM) ?? []) : []));
	if (found.length === 0 || !texts.every((text) => typeof text === 'string'))
		throw new TypeError('clientCertificate: ca must be PEM of at least one certificate');
	return found.map((text) => {
		try {
			return new X509Certificate(text);
		} catch (cause) {
			throw new TypeError('clientCertificate: ca holds what is no certificate', { cause });
		}
	});
}

function allowed(allow: ClientCertificateOptions['allow']): AllowCertificate {
	if (allow === undefined) return () => true;
	if (typeof allow === 'function') return allow;
	if (!Array.isArray(allow) || allow.length === 0)
		throw wrongOption('clientCertificate', 'allow', 'a function or a list of at least one', allow);
	const tests = allow.map(testOf);
	return (certificate) => tests.some((test) => test(certificate));
}

type Test = (certificate: CertificateFacts) => boolean;

function testOf(rule: unknown): Test {
	const [, kind = '', mark = '', value = ''] = /^([A-Za-z0-9]+)([=:])(.+)$/s.exec(String(rule)) ?? [];
	if (mark === '=') return ({ subject }) => subject[kind] === value;
	if (kind === 'DNS') return ({ dns }) => dns.some((name) => name.toLowerCase() === value.toLowerCase());
	if (kind === 'URI') return ({ uris }) => uris.includes(value);
	if (kind === 'email') return ({ emails }) => emails.includes(value);
	const digest = value.replaceAll(':', '').toLowerCase();
	if (kind === 'sha256' && /^[0-9a-f]{64}$/.test(digest)) return ({ fingerprint }) => fingerprint === digest;
	throw wrongOption('clientCertificate', 'allow', 'of CN=…, O=…, DNS:…, URI:…, email:… and sha256:…', rule);
}
