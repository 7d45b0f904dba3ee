/** The options of `oidc`, and the settings that are made of them. */
import { randomBytes } from 'node:crypto';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import { LEAST_SECRET, type Secrets, secretsOf } from '../secrets.ts';
import { localPath } from './local-path.ts';

export interface OidcOptions {
	/** The provider, as its discovery document names itself: `https://id.example`. */
	readonly issuer: string;
	readonly clientId: string;
	/** Left out for a public client, which has none. */
	readonly clientSecret?: string;
	/**
	 * What seals the cookies of logins under way: at least 32 characters or bytes, from a source of randomness. Of several, the
	 * first seals and all open. Default: made of `clientSecret` when that is as long, else random, for this process alone: a
	 * login must then end in the process that it began in.
	 */
	readonly secret?: Secrets;
	/** How the client's secret is sent (RFC 6749 section 2.3.1). Default: `'basic'`. */
	readonly clientAuthentication?: 'basic' | 'post';
	/** Where the provider sends the browser back to; its whole URL must be registered there. Default: `/login/callback`. */
	readonly redirectPath?: string;
	/** GET begins a login; `?back=/path` says where to go afterwards. Default: `/login`. */
	readonly loginPath?: string;
	/** POST ends it, here and at the provider. Default: `/logout`. */
	readonly logoutPath?: string;
	/** Where the browser is sent after the logout. Default: `/`. */
	readonly afterLogout?: string;
	/** Our own origin as browsers see it: `https://app.example`. Default: what the request says, through `clientAddress` where it stands around. */
	readonly origin?: string;
	/** Default: `['openid', 'profile', 'email']`. Many providers give a refresh token for `offline_access` only. */
	readonly scopes?: readonly string[];
	/** What else goes with the request for a login: `{ prompt: 'login' }`. */
	readonly parameters?: Readonly<Record<string, string>>;
	/** The claim that is the identity's name; `sub` where it is missing. Default: `sub`, which alone is never given to another. */
	readonly nameClaim?: string;
	/** Whether the provider's userinfo is asked at login, and its claims added. Default: false. */
	readonly userInfo?: boolean;
	/** Requests without a login go on, too, and those with one have an identity. Default: false. */
	readonly optional?: boolean;
	/** Milliseconds before the access token expires when it is renewed. Default: 60,000. */
	readonly refreshBefore?: number;
	/** Milliseconds for a request to the provider. Default: 10,000. */
	readonly timeout?: number;
	/** Allows a provider without TLS: for tests on one machine. Default: false. */
	readonly insecure?: boolean;
}

export interface OidcSettings {
	readonly issuer: URL;
	readonly clientId: string;
	readonly clientSecret: string | null;
	readonly secrets: readonly Uint8Array[];
	readonly clientAuthentication: 'basic' | 'post';
	readonly redirectPath: string;
	readonly loginPath: string;
	readonly logoutPath: string;
	readonly afterLogout: string;
	readonly origin: string | null;
	readonly scope: string;
	readonly parameters: Readonly<Record<string, string>>;
	readonly nameClaim: string;
	readonly userInfo: boolean;
	readonly required: boolean;
	readonly refreshBefore: number;
	readonly timeout: number;
	readonly insecure: boolean;
}

const NAMES: Record<keyof OidcOptions, true> = {
	issuer: true,
	clientId: true,
	clientSecret: true,
	secret: true,
	clientAuthentication: true,
	redirectPath: true,
	loginPath: true,
	logoutPath: true,
	afterLogout: true,
	origin: true,
	scopes: true,
	parameters: true,
	nameClaim: true,
	userInfo: true,
	optional: true,
	refreshBefore: true,
	timeout: true,
	insecure: true,
};

/** Parameters that are the protocol's own: with others of these the login would not be safe. */
const RESERVED: readonly string[] = [
	'client_id',
	'code_challenge',
	'code_challenge_method',
	'nonce',
	'redirect_uri',
	'request',
	'request_uri',
	'response_mode',
	'response_type',
	'scope',
	'state',
];

/** Throws TypeError or RangeError with the option's name and the reason. */
export function settingsOf(options: OidcOptions): OidcSettings {
	checkObject('oidc', options, "{ issuer: 'https://id.example', clientId: 'shop' }");
	checkNames('oidc: ', options, Object.keys(NAMES));
	const { clientId, clientSecret, clientAuthentication = 'basic', insecure = false, userInfo = false } = options;
	const { optional = false, nameClaim = 'sub', refreshBefore = 60_000, timeout = 10_000 } = options;
	checkFlag('insecure', insecure);
	checkFlag('userInfo', userInfo);
	checkFlag('optional', optional);
	checkText('clientId', clientId);
	// A variable of the environment that is not there would make a public client of a confidential one.
	if (clientSecret === undefined && Object.hasOwn(options, 'clientSecret'))
		throw new TypeError('oidc: clientSecret is undefined; leave it out for a public client, which has none');
	if (clientSecret !== undefined) checkText('clientSecret', clientSecret);
	checkText('nameClaim', nameClaim);
	checkWord('clientAuthentication', clientAuthentication, ['basic', 'post']);
	checkTime('refreshBefore', refreshBefore, 0);
	checkTime('timeout', timeout, 1);
	return {
		issuer: issuerOf(options.issuer, insecure),
		clientId,
		clientSecret: clientSecret ?? null,
		secrets: sealedBy(options),
		clientAuthentication,
		...pathsOf(options),
		origin: originOf(options.origin),
		scope: scopeOf(options.scopes ?? ['openid', 'profile', 'email']),
		parameters: parametersOf(options.parameters ?? {}),
		nameClaim,
		userInfo,
		required: !optional,
		refreshBefore,
		timeout,
		insecure,
	};
}

/** A short one of the client's is not used: whoever has a cookie could try which secret opens it. */
function sealedBy({ secret, clientSecret = '' }: OidcOptions): readonly Uint8Array[] {
	const own = secretsOf('oidc', secret);
	if (own.length > 0) return own;
	return clientSecret.length < LEAST_SECRET ? [randomBytes(LEAST_SECRET)] : secretsOf('oidc', clientSecret);
}

function issuerOf(given: unknown, insecure: boolean): URL {
	if (typeof given !== 'string' || !URL.canParse(given))
		throw new TypeError(`oidc: issuer must be a URL such as https://id.example, not ${shown(given)}`);
	const url = new URL(given);
	if (url.protocol !== 'https:' && !(insecure && url.protocol === 'http:'))
		throw new TypeError('oidc: issuer must begin with https://; insecure: true allows http:// for tests');
	if (url.search !== '' || url.hash !== '' || url.username !== '')
		throw new TypeError('oidc: issuer must have no query, fragment or user (OpenID Connect Discovery section 2)');
	return url;
}

type Paths = Pick<OidcSettings, 'redirectPath' | 'loginPath' | 'logoutPath' | 'afterLogout'>;

function pathsOf(options: OidcOptions): Paths {
	const { redirectPath = '/login/callback', loginPath = '/login', logoutPath = '/logout', afterLogout = '/' } = options;
	const own = { redirectPath, loginPath, logoutPath };
	for (const [name, path] of Object.entries({ ...own, afterLogout })) {
		if (localPath(path) !== path)
			throw new TypeError(`oidc: ${name} must be a path on this server, beginning with one /, not ${shown(path)}`);
		if (name !== 'afterLogout' && /[?#]/.test(path))
			throw new TypeError(`oidc: ${name} must be a path without ? or #, not ${shown(path)}`);
	}
	if (new Set(Object.values(own)).size !== 3)
		throw new TypeError('oidc: redirectPath, loginPath and logoutPath must be three different paths');
	return { ...own, afterLogout };
}

function originOf(given: unknown): string | null {
	if (given === undefined) return null;
	if (typeof given !== 'string' || !URL.canParse(given) || new URL(given).origin !== given)
		throw new TypeError(`oidc: origin must be an origin such as https://app.example, not ${shown(given)}`);
	return given;
}

function scopeOf(given: unknown): string {
	// RFC 6749 section 3.3.
	const isScope = (one: unknown): boolean => typeof one === 'string' && /^[!#-[\]-~]+$/.test(one);
	if (!Array.isArray(given) || !given.every(isScope)) throw new TypeError('oidc: scopes must be a list of words');
	if (!given.includes('openid')) throw new TypeError('oidc: scopes must hold openid: without it nobody is named');
	return given.join(' ');
}

function parametersOf(given: unknown): Record<string, string> {
	if (typeof given !== 'object' || given === null) throw new TypeError('oidc: parameters is no object');
	for (const [name, value] of Object.entries(given)) {
		if (typeof value !== 'string') throw new TypeError(`oidc: parameters.${name} must be text`);
		if (RESERVED.includes(name)) throw new TypeError(`oidc: parameters.${name} is set by the layer itself`);
	}
	return { ...given };
}

function checkText(name: string, given: unknown): void {
	if (typeof given !== 'string' || given === '' || given.length > 1024)
		throw new TypeError(`oidc: ${name} must be text of 1 to 1024 characters`);
}

function checkFlag(name: string, given: unknown): void {
	if (typeof given !== 'boolean') throw new TypeError(`oidc: ${name} must be true or false, not ${shown(given)}`);
}

function checkWord(name: string, given: unknown, words: readonly string[]): void {
	if (!words.includes(given as string))
		throw new TypeError(`oidc: ${name} must be ${words.map((word) => `'${word}'`).join(' or ')}, not ${shown(given)}`);
}

function checkTime(name: string, given: unknown, least: number): void {
	if (typeof given !== 'number' || !Number.isInteger(given) || given < least || given > 86_400_000)
		throw new RangeError(`oidc: ${name} must be whole milliseconds from ${least} to a day, not ${shown(given)}`);
}
