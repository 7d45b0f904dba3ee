/** The options of `sessions`, and the settings that are made of them. */
import { type CookieAttributes, cookieFault } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { type Secrets, secretsOf } from '../secrets.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionsOptions {
	/**
	 * What encrypts and proves the session in its cookie: at least 32 characters or bytes, from a source of randomness. Of
	 * several, the first encrypts and all decrypt: put a new one in front, and take the old one away when its cookies have
	 * expired. Needed without a store; with one, what the store holds is encrypted by it.
	 */
	readonly secret?: Secrets;
	/** Where sessions are kept: `memorySessions()`, `sqliteSessions(path)`, `redisSessions(client)`. Default: in their cookies. */
	readonly store?: SessionStore;
	readonly cookie?: SessionCookieOptions;
	/** Milliseconds without use after which a session is over. Default: 1,800,000 (half an hour). */
	readonly idle?: number;
	/** Milliseconds after which a session is over however it is used, counted from its beginning or `rotate`. Default: 43,200,000 (12 hours). */
	readonly absolute?: number;
}

export interface SessionCookieOptions {
	/** Default: `__Host-session`, by which browsers take it from this host over https alone; `__Secure-session` with a domain or a path, `session` without `secure`. */
	readonly name?: string;
	/** Default: `'Lax'`: not sent with what other sites embed or post. `'None'` needs `secure`. */
	readonly sameSite?: 'Strict' | 'Lax' | 'None';
	/** Sent over https alone. Default: true. */
	readonly secure?: boolean;
	/** Default: `/`. */
	readonly path?: string;
	/** The host and all below it. Default: this host alone. */
	readonly domain?: string;
	/** Whether it outlives the browser, until the session expires. Default: false. */
	readonly persistent?: boolean;
	/** A jar of its own for each site that embeds us. Default: false. */
	readonly partitioned?: boolean;
}

export interface SessionsSettings {
	readonly secrets: readonly Uint8Array[];
	readonly store: SessionStore | null;
	readonly cookie: { readonly name: string; readonly persistent: boolean; readonly attributes: CookieAttributes };
	readonly idle: number;
	readonly absolute: number;
}

const NAMES: Record<keyof SessionsOptions, true> = {
	secret: true,
	store: true,
	cookie: true,
	idle: true,
	absolute: true,
};
const COOKIE_NAMES: Record<keyof SessionCookieOptions, true> = {
	name: true,
	sameSite: true,
	secure: true,
	path: true,
	domain: true,
	persistent: true,
	partitioned: true,
};
/** Browsers keep no cookie for longer (RFC 6265bis section 5.5). */
const LONGEST = 400 * 86_400_000;

/** Throws TypeError or RangeError with the option's name and the reason. */
export function settingsOf(options: SessionsOptions): SessionsSettings {
	checkObject('sessions', options, '{ secret: process.env.SESSION_SECRET }');
	checkNames('sessions: ', options, Object.keys(NAMES));
	const { store = null, idle = 1_800_000, absolute = 43_200_000 } = options;
	if (store !== null && !isStore(store))
		throw new TypeError('sessions: store must have get, set and delete, as memorySessions() has');
	// A variable that is not set must not turn encryption off.
	if ('secret' in options && options.secret === undefined)
		throw new TypeError('sessions: secret is undefined; leave it out for cookies that only name what a store keeps');
	const secrets = secretsOf('sessions', options.secret);
	if (secrets.length === 0 && store === null)
		throw new TypeError('sessions: secret is missing: without a store the session is encrypted in its cookie');
	checkDuration('idle', idle);
	checkDuration('absolute', absolute);
	if (idle > absolute) throw new RangeError('sessions: idle must not be longer than absolute');
	return { secrets, store, cookie: cookieOf(options.cookie ?? {}), idle, absolute };
}

function isStore(store: unknown): boolean {
	if (typeof store !== 'object' || store === null) return false;
	const { get, set, delete: remove } = store as Partial<SessionStore>;
	return [get, set, remove].every((method) => typeof method === 'function');
}

function checkDuration(name: string, given: unknown): void {
	if (typeof given !== 'number') throw new TypeError(`sessions: ${name} must be milliseconds, not ${typeof given}`);
	if (!Number.isInteger(given) || given < 1000 || given > LONGEST)
		throw new RangeError(`sessions: ${name} must be whole milliseconds from 1000 to 400 days, not ${given}`);
}

function cookieOf(options: SessionCookieOptions): SessionsSettings['cookie'] {
	if (typeof options !== 'object' || options === null) throw new TypeError('sessions: cookie is no object');
	checkNames('sessions: cookie.', options, Object.keys(COOKIE_NAMES));
	const { sameSite = 'Lax', secure = true, path = '/', domain, persistent = false, partitioned = false } = options;
	for (const [name, given] of Object.entries({ secure, persistent, partitioned })) {
		if (typeof given !== 'boolean')
			throw new TypeError(`sessions: cookie.${name} must be true or false, not ${typeof given}`);
	}
	for (const [name, given] of Object.entries({ path, domain, name: options.name })) {
		if (given !== undefined && typeof given !== 'string')
			throw new TypeError(`sessions: cookie.${name} must be text, not ${typeof given}`);
	}
	const usual = !secure ? 'session' : path === '/' && domain === undefined ? '__Host-session' : '__Secure-session';
	const { name = usual } = options;
	const where = domain === undefined ? { path } : { path, domain };
	const attributes: CookieAttributes = { ...where, secure, httpOnly: true, sameSite, partitioned };
	const fault = cookieFault(name, attributes);
	if (fault !== null) throw new TypeError(`sessions: cookie: ${fault}`);
	return { name, persistent, attributes };
}
