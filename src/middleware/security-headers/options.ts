/** What browsers are told about the pages of a site, and the check that it can be told. */
import { isToken } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { checkPolicy } from './content-security-policy.ts';
import { permissionsValue } from './permissions-policy.ts';

/** RFC 6797 section 6.1. */
export interface StrictTransportSecurity {
	/** Seconds for which browsers come by https alone. Default: 31,536,000, a year. */
	readonly maxAge?: number;
	/** Whether that holds for every name below, too. Default: false. */
	readonly includeSubDomains?: boolean;
	/** Whether browsers may have it built in; asks for a year and includeSubDomains. Default: false. */
	readonly preload?: boolean;
}

/** Directives by name, each with its sources: `{ 'default-src': "'self'", 'script-src': ["'self'", "'nonce'"] }`; true for one without. */
export type ContentSecurityPolicy = Readonly<Record<string, string | readonly string[] | true>>;

export interface SecurityHeadersOptions {
	/** Strict-Transport-Security, over https alone. False: none. */
	readonly strictTransportSecurity?: StrictTransportSecurity | false;
	/** `X-Content-Type-Options: nosniff`. Default: true. */
	readonly contentTypeOptions?: boolean;
	/** Referrer-Policy. Default: 'strict-origin-when-cross-origin'. False: none. */
	readonly referrerPolicy?: string | false;
	/** Who may put our pages into a frame: X-Frame-Options, and frame-ancestors in the policy. Origins, 'none', 'self' (default), or false: everybody. */
	readonly frames?: 'none' | 'self' | readonly string[] | false;
	/** Content-Security-Policy. `'nonce'` among the sources stands for the nonce of the page. Default: none. */
	readonly contentSecurityPolicy?: ContentSecurityPolicy;
	/** Whether browsers only report what the policy forbids: Content-Security-Policy-Report-Only. Default: false. */
	readonly reportOnly?: boolean;
	/** Whether there is a nonce for each page, under the key `nonce`. Default: false. */
	readonly nonce?: boolean;
	/** Cross-Origin-Opener-Policy. Default: 'same-origin'. False: none. */
	readonly crossOriginOpenerPolicy?:
		| 'same-origin'
		| 'same-origin-allow-popups'
		| 'noopener-allow-popups'
		| 'unsafe-none'
		| false;
	/** Cross-Origin-Resource-Policy. Default: 'same-origin'. False: none. */
	readonly crossOriginResourcePolicy?: 'same-origin' | 'same-site' | 'cross-origin' | false;
	/** Cross-Origin-Embedder-Policy. Default: none. */
	readonly crossOriginEmbedderPolicy?: 'require-corp' | 'credentialless' | 'unsafe-none' | false;
	/** Permissions-Policy: features by name, each with `*`, or a list of 'self' and origins; empty: nobody. Default: none. */
	readonly permissionsPolicy?: Readonly<Record<string, '*' | readonly string[]>>;
	/** Whether what the app has set is replaced. Default: false. */
	readonly override?: boolean;
	/** Response fields to take out, such as Server and X-Powered-By. Default: none. */
	readonly remove?: readonly string[];
}

/** A field, and where it is asked for. */
export interface Row {
	readonly name: string;
	readonly value: string;
	readonly source: string;
}

export interface Settings {
	/** Always the same. */
	readonly rows: readonly Row[];
	/** Over https alone. */
	readonly secure: Row | null;
	/** What stands between the nonces; null without a policy. */
	readonly policy: { readonly name: string; readonly parts: readonly string[] } | null;
	readonly nonce: boolean;
	readonly override: boolean;
	readonly remove: readonly string[];
}

const NAMES = [
	...[
		'strictTransportSecurity',
		'contentTypeOptions',
		'referrerPolicy',
		'frames',
		'contentSecurityPolicy',
		'reportOnly',
	],
	...['nonce', 'crossOriginOpenerPolicy', 'crossOriginResourcePolicy', 'crossOriginEmbedderPolicy'],
	...['permissionsPolicy', 'override', 'remove'],
];

const WORDS: Readonly<Record<string, readonly string[]>> = {
	referrerPolicy: [
		...['no-referrer', 'no-referrer-when-downgrade', 'origin', 'origin-when-cross-origin', 'same-origin'],
		...['strict-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
	],
	crossOriginOpenerPolicy: ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none'],
	crossOriginResourcePolicy: ['same-origin', 'same-site', 'cross-origin'],
	crossOriginEmbedderPolicy: ['require-corp', 'credentialless', 'unsafe-none'],
};

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function settingsOf(options: SecurityHeadersOptions): Settings {
	checkObject('securityHeaders', options, "{ frames: 'none' }");
	checkNames('securityHeaders: ', options, NAMES);
	const { reportOnly = false, nonce = false, override = false, contentTypeOptions = true } = options;
	for (const [name, value] of Object.entries({ reportOnly, nonce, override, contentTypeOptions })) {
		if (typeof value !== 'boolean') throw wrong(`${name} is`, value, 'not true or false');
	}
	const { remove = [], contentSecurityPolicy = {} } = options;
	if (!Array.isArray(remove) || !remove.every((name) => typeof name === 'string' && isToken(name))) {
		throw wrong('remove is', remove, 'not a list of field names');
	}
	const { frame, ancestors } = framesOf(options.frames ?? 'self');
	const framing = { ancestors, alone: frame === null };
	const parts = checkPolicy(contentSecurityPolicy, framing, nonce);
	const rows = rowsOf(options, contentTypeOptions, frame);
	const name = reportOnly ? 'Content-Security-Policy-Report-Only' : 'Content-Security-Policy';
	const policy = parts === null ? null : { name, parts };
	return { rows, secure: transportOf(options.strictTransportSecurity ?? {}), policy, nonce, override, remove };
}

function rowsOf(options: SecurityHeadersOptions, nosniff: boolean, frame: string | null): Row[] {
	const rows: Row[] = [];
	const add = (name: string, value: string | null, source: string): void => {
		if (value !== null) rows.push({ name, value, source });
	};
	add('X-Content-Type-Options', nosniff ? 'nosniff' : null, 'Fetch standard section 3.7');
	add(
		'Referrer-Policy',
		word('referrerPolicy', options.referrerPolicy, 'strict-origin-when-cross-origin'),
		'Referrer Policy section 4.1',
	);
	add('X-Frame-Options', frame, 'RFC 7034 section 2');
	const opener = word('crossOriginOpenerPolicy', options.crossOriginOpenerPolicy, 'same-origin');
	add('Cross-Origin-Opener-Policy', opener, 'HTML standard section 7.1.3');
	const resource = word('crossOriginResourcePolicy', options.crossOriginResourcePolicy, 'same-origin');
	add('Cross-Origin-Resource-Policy', resource, 'Fetch standard section 3.8');
	const embedder = word('crossOriginEmbedderPolicy', options.crossOriginEmbedderPolicy, null);
	add('Cross-Origin-Embedder-Policy', embedder, 'HTML standard section 7.1.4');
	add('Permissions-Policy', permissionsValue(options.permissionsPolicy), 'Permissions Policy section 5.2');
	return rows;
}

function word(option: string, given: string | false | undefined, usual: string | null): string | null {
	if (given === undefined) return usual;
	if (given === false) return null;
	const words = WORDS[option] as readonly string[];
	if (!words.includes(given)) throw wrong(`${option} is`, given, `not one of ${words.join(', ')}`);
	return given;
}

function framesOf(frames: unknown): { frame: string | null; ancestors: string | null } {
	if (frames === false) return { frame: null, ancestors: null };
	if (frames === 'none') return { frame: 'DENY', ancestors: "'none'" };
	if (frames === 'self') return { frame: 'SAMEORIGIN', ancestors: "'self'" };
	if (!Array.isArray(frames) || frames.length === 0)
		throw wrong('frames is', frames, "not 'none', 'self', false or a list of origins");
	for (const origin of frames) {
		if (typeof origin !== 'string' || !/^(?:'self'|https?:\/\/[a-z0-9*.[\]:-]+)$/.test(origin)) {
			throw wrong('frames has', origin, "not 'self' in its quotes or an origin");
		}
	}
	// X-Frame-Options cannot say it, and browsers that read both go by the policy.
	return { frame: null, ancestors: frames.join(' ') };
}

const YEAR = 31_536_000;

function transportOf(given: StrictTransportSecurity | false): Row | null {
	if (given === false) return null;
	if (typeof given !== 'object' || given === null)
		throw wrong('strictTransportSecurity is', given, 'not an object or false');
	checkNames('securityHeaders: strictTransportSecurity.', given, ['maxAge', 'includeSubDomains', 'preload']);
	const { maxAge = YEAR, includeSubDomains = false, preload = false } = given;
	if (!Number.isSafeInteger(maxAge) || maxAge < 0) {
		throw new RangeError(
			`securityHeaders: strictTransportSecurity.maxAge is ${String(maxAge)}, not a whole number of seconds`,
		);
	}
	for (const [name, value] of Object.entries({ includeSubDomains, preload })) {
		if (typeof value !== 'boolean') throw wrong(`strictTransportSecurity.${name} is`, value, 'not true or false');
	}
	if (preload && (maxAge < YEAR || !includeSubDomains)) {
		throw wrong('strictTransportSecurity.preload is', true, 'which asks for a maxAge of a year and includeSubDomains');
	}
	const value = `max-age=${maxAge}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
	return { name: 'Strict-Transport-Security', value, source: 'RFC 6797 section 6.1' };
}

function wrong(what: string, given: unknown, why: string): TypeError {
	const shown = typeof given === 'string' ? JSON.stringify(given) : Array.isArray(given) ? 'a list' : String(given);
	return new TypeError(`securityHeaders: ${what} ${shown}, ${why}`);
}
