/** Whose certificates are asked for, whom, and how it is proved that the names are ours. */
import { checkNames, checkObject, shown } from '../names/index.ts';

/** Of a client of `acme-client`, what is used here. */
interface AcmeClient {
	auto(options: never): Promise<string>;
	getAccountUrl(): string;
}

/** The module `acme-client`, as far as it is used here. */
export interface AcmeClientModule {
	readonly Client: new (options: never) => AcmeClient;
	readonly crypto: {
		createPrivateEcdsaKey(): Promise<Buffer>;
		createCsr(data: never, key: never): Promise<[key: Buffer, csr: Buffer]>;
		createAlpnCertificate(authorization: never, keyAuthorization: string): Promise<[key: Buffer, certificate: Buffer]>;
	};
}

/** Makes and removes a TXT record; what it returns is waited for, until name servers know of it. */
export interface DnsHook {
	set(name: string, value: string): unknown;
	remove(name: string, value: string): unknown;
}

export interface AcmeOptions {
	/** `import * as client from 'acme-client'`. */
	readonly client: AcmeClientModule;
	/** The names of the certificate, the first of which names its files. */
	readonly names: readonly string[];
	/** The folder with keys, certificates and challenges: processes and machines that share it share these. Made with mode 0700. */
	readonly directory: string;
	/** That the terms of service of the authority have been read, and are agreed to. */
	readonly agreeToTerms: true;
	/** For messages of the authority. Default: none. */
	readonly email?: string;
	/** The directory of the ACME server. Default: Let's Encrypt's. */
	readonly server?: string;
	/**
	 * How a name is proved: `http-01`, by `layer` on port 80; `tls-alpn-01`, by the listener with `tls` on port 443; or records in DNS, which a
	 * hook makes, and without which there are no names with `*`. Default: `http-01`.
	 */
	readonly challenge?: 'http-01' | 'tls-alpn-01' | DnsHook;
	/** Told of certificates that have come, and of what went wrong. Default: a line on standard error. */
	readonly log?: (line: string) => void;
}

export interface AcmeSettings {
	readonly client: AcmeClientModule;
	readonly names: readonly string[];
	readonly directory: string;
	readonly email: string | null;
	readonly server: string;
	readonly challenge: 'http-01' | 'tls-alpn-01' | 'dns-01';
	readonly dns: DnsHook | null;
	readonly log: (line: string) => void;
}

const SERVER = 'https://acme-v02.api.letsencrypt.org/directory';
const NAME = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const OPTIONS = ['client', 'names', 'directory', 'agreeToTerms', 'email', 'server', 'challenge', 'log'];

/** Throws TypeError with the option's name and the reason. */
export function acmeSettings(options: AcmeOptions): AcmeSettings {
	checkObject('acme', options, "{ client, names: ['shop.example'], directory: 'certificates', agreeToTerms: true }");
	checkNames('acme: ', options, OPTIONS);
	const { client, names, directory, agreeToTerms, email = null, server = SERVER, challenge = 'http-01' } = options;
	if (typeof client?.Client !== 'function' || typeof client.crypto?.createCsr !== 'function')
		throw new TypeError(`acme: client must be the module acme-client, not ${shown(client)}`);
	if (
		!Array.isArray(names) ||
		names.length === 0 ||
		!names.every((name) => typeof name === 'string' && NAME.test(name))
	)
		throw new TypeError(`acme: names must be a list of names in small letters, not ${shown(names)}`);
	if (typeof directory !== 'string' || directory === '')
		throw new TypeError(`acme: directory must be the path of a folder, not ${shown(directory)}`);
	if ((agreeToTerms as unknown) !== true)
		throw new TypeError('acme: agreeToTerms must be true: read the terms of service of the authority, and agree');
	if (email !== null && (typeof email !== 'string' || !email.includes('@')))
		throw new TypeError(`acme: email must be an address, not ${shown(email)}`);
	if (typeof server !== 'string' || !URL.canParse(server) || new URL(server).protocol !== 'https:')
		throw new TypeError(`acme: server must be the https URL of an ACME directory, not ${shown(server)}`);
	const dns = typeof challenge === 'object' && challenge !== null ? challenge : null;
	if (dns === null ? challenge !== 'http-01' && challenge !== 'tls-alpn-01' : !isHook(dns))
		throw new TypeError(`acme: challenge must be "http-01", "tls-alpn-01" or { set, remove }, not ${shown(challenge)}`);
	if (dns === null && names.some((name) => name.startsWith('*')))
		throw new TypeError('acme: names with * are proved by DNS alone; give challenge: { set, remove }');
	const { log = (line) => void process.stderr.write(`turnabout: ${line}\n`) } = options;
	return {
		client,
		names,
		directory,
		email,
		server,
		challenge: dns === null ? (challenge as 'http-01') : 'dns-01',
		dns,
		log,
	};
}

function isHook(hook: DnsHook): boolean {
	return typeof hook.set === 'function' && typeof hook.remove === 'function';
}
