/** What can be set on `bearer`. */
import crypto from 'node:crypto';
import type { UpstreamOptions } from '../../client/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { toldSafely } from '../../observe/index.ts';
import {
	GUARD_OPTIONS,
	type GuardOptions,
	type GuardSettings,
	guardSettings,
	wholeSetting,
	wrongOption,
} from '../guard-options.ts';
import { ASYMMETRIC, SYMMETRIC } from './algorithms.ts';
import { checkScopes } from './scopes.ts';

/** A public key (RFC 7517). */
export interface JsonWebKey {
	readonly kty: string;
	readonly [member: string]: unknown;
}

export interface JsonWebKeySet {
	readonly keys: readonly JsonWebKey[];
}

export interface BearerOptions extends GuardOptions {
	/**
	 * The token may also come as the user name of Basic credentials, whatever the password: for tools that know no more than
	 * `http://TOKEN:@proxy`. 401 and 407 offer both schemes then. Default: false.
	 */
	readonly asUserName?: boolean;
	/** Who may have issued the token: its `iss`. */
	readonly issuer: string | readonly string[];
	/** Whom it must be for: we, in its `aud`. */
	readonly audience: string | readonly string[];
	/** Where the issuer's public keys are (https, or http on this machine), or the keys themselves. One of `jwks`, `key` and `secret` is needed. */
	readonly jwks?: string | URL | JsonWebKeySet;
	/** The issuer's one public key: PEM, or a JWK. */
	readonly key?: string | JsonWebKey;
	/** What the issuer shares with us, for HS256, HS384 and HS512; as many bytes as the digest, at least. */
	readonly secret?: string | Uint8Array;
	/** Default: all that work with public keys; HS256 where there is a secret. `none` is impossible. */
	readonly algorithms?: readonly string[];
	/** Seconds by which clocks may differ. Default: 5. */
	readonly clockTolerance?: number;
	/** The `typ` that the token's header must have: `at+jwt` for access tokens of RFC 9068. Default: any. */
	readonly typ?: string;
	/** Claims that must be there beside iss, aud and exp. */
	readonly require?: readonly string[];
	/** The claim that names the caller; a token without it is refused. Default: `sub`. */
	readonly nameClaim?: string;
	/** Scopes that the token must have, all of them; else 403. */
	readonly scopes?: readonly string[];
	/** Characters that a token may have. Default: 8,192. */
	readonly limit?: number;
	/** Milliseconds that a verified token is remembered, and never past its `exp`. 0: never. Default: 300,000. */
	readonly remember?: number;
	/** Milliseconds after which keys are fetched anew, while requests go on with the old ones. Default: 600,000. */
	readonly refresh?: number;
	/** Milliseconds for which keys are good when they cannot be fetched anew. Default: 3,600,000. */
	readonly stale?: number;
	/** Milliseconds between two fetches for the sake of unknown keys. Default: 30,000. */
	readonly coolDown?: number;
	/** Milliseconds for one fetch. Default: 5,000. */
	readonly timeout?: number;
	/** How the server of the keys is reached: authorities, a guard of addresses, limits. */
	readonly upstream?: UpstreamOptions;
	/** Told when keys cannot be fetched anew and the old ones are used. Default: a line on standard error. */
	readonly log?: (error: Error) => void;
}

/** Where keys come from. */
export type KeyMaterial =
	| { readonly kind: 'remote'; readonly url: URL }
	| { readonly kind: 'set'; readonly set: JsonWebKeySet }
	| { readonly kind: 'secret'; readonly secret: crypto.KeyObject };

export interface BearerSettings extends GuardSettings {
	readonly asUserName: boolean;
	readonly issuer: readonly string[];
	readonly audience: readonly string[];
	readonly keys: KeyMaterial;
	readonly algorithms: readonly string[];
	readonly clockTolerance: number;
	readonly typ: string | null;
	readonly require: readonly string[];
	readonly nameClaim: string;
	readonly scopes: readonly string[];
	readonly limit: number;
	readonly remember: number;
	readonly refresh: number;
	readonly stale: number;
	readonly coolDown: number;
	readonly timeout: number;
	readonly upstream: UpstreamOptions;
	readonly log: (error: Error) => void;
}

const DEFAULTS = {
	clockTolerance: 5,
	limit: 8_192,
	remember: 300_000,
	refresh: 600_000,
	stale: 3_600_000,
	coolDown: 30_000,
	timeout: 5_000,
} as const;
const LEAST: Readonly<Record<string, number>> = { limit: 64, refresh: 1, timeout: 1 };
const WORDS = [
	'asUserName',
	'issuer',
	'audience',
	'jwks',
	'key',
	'secret',
	'algorithms',
	'typ',
	'require',
	'nameClaim',
	'scopes',
];
const NAMES = [...GUARD_OPTIONS, ...WORDS, ...Object.keys(DEFAULTS), 'upstream', 'log'];

/** Throws TypeError or RangeError for what cannot be meant. Secrets are never quoted. */
export function bearerSettings(options: BearerOptions): BearerSettings {
	checkObject('bearer', options, "{ issuer: 'https://id.example', audience: 'shop' }");
	checkNames('bearer: ', options, NAMES);
	const { typ = null, require = [], nameClaim = 'sub', scopes = [], upstream = {}, log = toStderr } = options;
	if (typ !== null && (typeof typ !== 'string' || typ === '')) throw wrongOption('bearer', 'typ', 'text', typ);
	if (typeof nameClaim !== 'string' || nameClaim === '')
		throw wrongOption('bearer', 'nameClaim', 'the name of a claim', nameClaim);
	if (typeof log !== 'function') throw wrongOption('bearer', 'log', 'a function', log);
	const { asUserName = false } = options;
	if (typeof asUserName !== 'boolean') throw wrongOption('bearer', 'asUserName', 'true or false', asUserName);
	const algorithms = algorithmsOf(options);
	const numbers = Object.entries(DEFAULTS).map(([option, otherwise]) => {
		const given = options[option as keyof typeof DEFAULTS] ?? otherwise;
		return [option, wholeSetting('bearer', option, given, LEAST[option] ?? 0)] as const;
	});
	return {
		...guardSettings('bearer', options),
		asUserName,
		issuer: textList('issuer', options.issuer),
		audience: textList('audience', options.audience),
		keys: keysOf(options, algorithms),
		algorithms,
		typ,
		require: require.length === 0 ? [] : textList('require', require),
		nameClaim,
		scopes: scopes.length === 0 ? [] : checkScopes('bearer', scopes),
		...(Object.fromEntries(numbers) as Record<keyof typeof DEFAULTS, number>),
		upstream,
		log: toldSafely(log),
	};
}

function algorithmsOf({ algorithms, secret }: BearerOptions): readonly string[] {
	const possible = secret === undefined ? ASYMMETRIC : Object.keys(SYMMETRIC);
	if (algorithms === undefined) return secret === undefined ? ASYMMETRIC : ['HS256'];
	if (!Array.isArray(algorithms) || algorithms.length === 0)
		throw wrongOption('bearer', 'algorithms', 'a list of at least one', algorithms);
	for (const one of algorithms) {
		if (possible.includes(one)) continue;
		const why =
			one === 'none'
				? 'a token that nobody signed proves nothing'
				: `with ${secret === undefined ? 'public keys' : 'a secret'} there are ${possible.join(', ')}`;
		throw new TypeError(`bearer: algorithms: ${JSON.stringify(one)}: ${why}`);
	}
	return algorithms;
}

function textList(name: string, given: unknown): readonly string[] {
	const list: readonly unknown[] = Array.isArray(given) ? given : [given];
	if (list.length > 0 && list.every((one) => typeof one === 'string' && one !== '')) return list as string[];
	throw wrongOption('bearer', name, 'given: text, or a list of it', given);
}

function keysOf(options: BearerOptions, algorithms: readonly string[]): KeyMaterial {
	const { jwks, key, secret } = options;
	if ([jwks, key, secret].filter((one) => one !== undefined).length !== 1)
		throw new TypeError('bearer: one of jwks, key and secret is needed, and one only');
	if (secret !== undefined) return { kind: 'secret', secret: secretOf(secret, algorithms) };
	if (key !== undefined) return { kind: 'set', set: { keys: [publicKey('key', key)] } };
	if (typeof jwks === 'string' || jwks instanceof URL) return { kind: 'remote', url: remoteUrl(jwks) };
	if (!Array.isArray(jwks?.keys) || jwks.keys.length === 0)
		throw new TypeError('bearer: jwks must be a URL, or a set with at least one of keys');
	return { kind: 'set', set: { keys: jwks.keys.map((one, index) => publicKey(`jwks: keys[${index}]`, one)) } };
}

function secretOf(secret: string | Uint8Array, algorithms: readonly string[]): crypto.KeyObject {
	if (typeof secret !== 'string' && !(secret instanceof Uint8Array))
		throw new TypeError('bearer: secret must be text or bytes');
	const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret;
	const least = Math.max(...algorithms.map((one) => SYMMETRIC[one] ?? 0));
	if (bytes.length < least)
		throw new RangeError(`bearer: secret must have at least ${least} bytes for ${algorithms.join(', ')}`);
	return crypto.createSecretKey(bytes);
}

/** A public key that node can read, as a JWK; what comes with it (kid, alg, use) stays. */
function publicKey(where: string, key: string | JsonWebKey): JsonWebKey {
	if (typeof key === 'object' && key !== null && ('d' in key || 'k' in key))
		throw new TypeError(`bearer: ${where} holds a secret: it must be a public key`);
	if (typeof key === 'string' && key.includes('PRIVATE KEY'))
		throw new TypeError(`bearer: ${where} is a private key: it must be the public one`);
	let read: crypto.KeyObject;
	try {
		read = crypto.createPublicKey(typeof key === 'string' ? key : { key: key as never, format: 'jwk' });
	} catch (cause) {
		throw new TypeError(`bearer: ${where} is no public key: PEM or a JWK`, { cause });
	}
	const bits = read.asymmetricKeyDetails?.modulusLength ?? 2_048;
	if (bits < 2_048) throw new RangeError(`bearer: ${where} has ${bits} bits; RSA needs 2,048 (RFC 7518 section 3.3)`);
	return typeof key === 'string' ? (read.export({ format: 'jwk' }) as JsonWebKey) : key;
}

const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function remoteUrl(given: string | URL): URL {
	const url = URL.parse(String(given));
	if (url === null) throw wrongOption('bearer', 'jwks', 'a URL', String(given));
	if (url.username !== '' || url.password !== '') throw new TypeError('bearer: jwks: a URL cannot hold credentials');
	const near = url.protocol === 'http:' && THIS_MACHINE.has(url.hostname);
	if (url.protocol === 'https:' || near) return url;
	throw new TypeError('bearer: jwks must be fetched by https: who can change the keys on their way can sign tokens');
}

function toStderr(error: Error): void {
	process.stderr.write(`turnabout: warn: bearer: keys cannot be fetched, the old ones are used: ${error.message}\n`);
}
