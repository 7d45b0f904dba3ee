/** What can be set on `apiKey`. */
import type { Context } from '../../convention/index.ts';
import { flags, HOP_BY_HOP, isToken, tagOf } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { ReloadedFile, reportToStderr } from '../../reloaded/index.ts';
import { GUARD_OPTIONS, type GuardOptions, type GuardSettings, guardSettings, wrongOption } from '../guard-options.ts';
import { keysOfFile, keysOfList, type StoredApiKey, type StoredKeys } from './stored-keys.ts';

/** Whose key it is. */
export interface VerifiedKey {
	readonly name: string;
	readonly claims?: Readonly<Record<string, unknown>>;
}

/** Whose key it is, or null when it is nobody's. */
export type VerifyKey = (key: string, context: Context) => VerifiedKey | null | Promise<VerifiedKey | null>;

export interface ApiKeyOptions extends GuardOptions {
	/** The path of a file of `name:id:hash` lines, which is read again when it changes; stored keys; or a function. `turnabout api-key` makes lines of such a file. */
	readonly keys: string | readonly StoredApiKey[] | VerifyKey;
	/** The field that the key comes in. `Authorization` (or `Proxy-Authorization`): behind `scheme`. Default: `X-API-Key`; `Proxy-Authorization` where `role` is `proxy`. */
	readonly field?: string;
	/** The scheme in front of the key in Authorization. Default: `ApiKey`. */
	readonly scheme?: string;
	/**
	 * Where the key comes in Authorization or Proxy-Authorization, it may also come as the user name of Basic credentials,
	 * whatever the password: for tools that know no more than `http://KEY:@proxy`. Default: false.
	 */
	readonly asUserName?: boolean;
	/** The cookie that the key comes in, in place of a field. */
	readonly cookie?: string;
	/**
	 * The parameter of the query that the key comes in, in place of a field. URLs are kept in histories and logs: take a field
	 * where you can. The name must say that it is a secret (`api_key`, `token` …): by such names our log knows what to leave out.
	 */
	readonly query?: string;
	/** Told when a changed file cannot be read, or holds a mistake: what was read before stays in force. Default: a line on standard error. */
	readonly log?: (error: Error) => void;
}

/** Where a key comes. */
export type Location =
	| { readonly kind: 'credentials'; readonly scheme: string; readonly asUserName: boolean }
	| { readonly kind: 'field'; readonly name: string }
	| { readonly kind: 'cookie'; readonly name: string }
	| { readonly kind: 'query'; readonly name: string };

export interface ApiKeySettings extends GuardSettings {
	readonly keys: StoredKeys | ReloadedFile<StoredKeys> | VerifyKey;
	readonly location: Location;
	/** For the challenge. */
	readonly scheme: string;
}

const NAMES = [...GUARD_OPTIONS, 'keys', 'field', 'scheme', 'asUserName', 'cookie', 'query', 'log'];

/** The same names that the access log leaves the values of out. */
const SECRET_NAME = /token|secret|passw|pwd|api[-_]?key|signature|credential|session|auth|code/i;

/** Throws TypeError for what cannot be meant, and the system's error for a file that cannot be read. */
export function apiKeySettings(options: ApiKeyOptions): ApiKeySettings {
	checkObject('apiKey', options, "{ keys: 'keys.txt' }");
	checkNames('apiKey: ', options, NAMES);
	const { keys, scheme = 'ApiKey', asUserName = false, log = reportToStderr } = options;
	if (typeof asUserName !== 'boolean') throw wrongOption('apiKey', 'asUserName', 'true or false', asUserName);
	if (typeof log !== 'function') throw wrongOption('apiKey', 'log', 'a function', log);
	if (typeof scheme !== 'string' || !isToken(scheme)) throw wrongOption('apiKey', 'scheme', 'a token', scheme);
	const location = locationOf(options, scheme, asUserName);
	if (asUserName && location.kind !== 'credentials')
		throw new TypeError("apiKey: asUserName: for a key in Authorization, or with role: 'proxy'");
	return {
		...guardSettings('apiKey', options),
		keys: storedKeys(keys, log),
		location,
		scheme,
	};
}

function storedKeys(keys: ApiKeyOptions['keys'], log: (error: Error) => void): ApiKeySettings['keys'] {
	if (typeof keys === 'function') return keys;
	if (typeof keys === 'string') return new ReloadedFile('apiKey: keys', keys, (text) => keysOfFile(keys, text), log);
	if (Array.isArray(keys)) return keysOfList(keys);
	throw new TypeError('apiKey: keys must be the path of a file, a list of stored keys, or a function');
}

function locationOf({ field, cookie, query, role }: ApiKeyOptions, scheme: string, asUserName: boolean): Location {
	if ([field, cookie, query].filter((one) => one !== undefined).length > 1)
		throw new TypeError('apiKey: one of field, cookie and query, and one only: a key has one place');
	if (role === 'proxy') {
		if (cookie !== undefined || query !== undefined || (field !== undefined && !isField(field, 'proxy-authorization')))
			throw new TypeError("apiKey: role: a proxy's credentials come in Proxy-Authorization (RFC 9110 section 11.7.2)");
		return { kind: 'credentials', scheme: scheme.toLowerCase(), asUserName };
	}
	for (const [option, name] of Object.entries({ field, cookie, query })) {
		if (name !== undefined && (typeof name !== 'string' || !isToken(name)))
			throw wrongOption('apiKey', option, 'a name', name);
	}
	if (cookie !== undefined) return { kind: 'cookie', name: cookie };
	if (query !== undefined) {
		if (!SECRET_NAME.test(query))
			throw wrongOption('apiKey', 'query', 'a name that says that it is a secret, such as api_key', query);
		return { kind: 'query', name: query };
	}
	const name = field ?? 'X-API-Key';
	if (isField(name, 'authorization')) return { kind: 'credentials', scheme: scheme.toLowerCase(), asUserName };
	if (isField(name, 'proxy-authorization'))
		throw new TypeError("apiKey: field: Proxy-Authorization needs role: 'proxy'");
	if (((flags[tagOf(name)] ?? 0) & HOP_BY_HOP) !== 0 || isField(name, 'cookie') || isField(name, 'host'))
		throw new TypeError(`apiKey: field: ${name} has a meaning of its own`);
	return { kind: 'field', name };
}

function isField(name: string, lower: string): boolean {
	return name.toLowerCase() === lower;
}
