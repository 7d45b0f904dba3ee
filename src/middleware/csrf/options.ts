/** The options of `csrf`, and the settings that are made of them. */
import { checkNames, checkObject } from '../../names/index.ts';

export interface CsrfOptions {
	/** Origins of others that may send what changes something: `['https://admin.example']`. Default: none. */
	readonly trust?: readonly string[];
	/** Lets requests in that have neither Sec-Fetch-Site nor Origin, as programs send them and browsers of before 2020 may. Default: false. */
	readonly allowMissing?: boolean;
	/** Whose cookies are protected: those of `sessions` further out (`'own'`, the default), or those of the app behind (`'foreign'`). */
	readonly cookies?: 'own' | 'foreign';
}

export interface CsrfSettings {
	readonly trust: ReadonlySet<string>;
	readonly allowMissing: boolean;
	readonly foreign: boolean;
}

const NAMES: Record<keyof CsrfOptions, true> = { trust: true, allowMissing: true, cookies: true };

/** Throws TypeError with the option's name and the reason. */
export function settingsOf(options: CsrfOptions): CsrfSettings {
	checkObject('csrf', options, "{ trust: ['https://admin.example'] }");
	checkNames('csrf: ', options, Object.keys(NAMES));
	const { trust = [], allowMissing = false, cookies = 'own' } = options;
	if (!Array.isArray(trust)) throw new TypeError('csrf: trust must be a list of origins');
	for (const origin of trust as readonly unknown[]) checkOrigin(origin);
	if (typeof allowMissing !== 'boolean') throw new TypeError('csrf: allowMissing must be true or false');
	if (cookies !== 'own' && cookies !== 'foreign')
		throw new TypeError(`csrf: cookies must be 'own' or 'foreign', not ${JSON.stringify(cookies)}`);
	return { trust: new Set(trust), allowMissing, foreign: cookies === 'foreign' };
}

/** As a browser writes it: what it never sends would never be trusted. */
function checkOrigin(given: unknown): void {
	if (typeof given !== 'string' || !URL.canParse(given))
		throw new TypeError(`csrf: trust must hold origins such as https://admin.example, not ${JSON.stringify(given)}`);
	const { origin } = new URL(given);
	if (origin === given) return;
	const meant = origin === 'null' ? '' : `; did you mean ${origin}?`;
	throw new TypeError(`csrf: trust must hold origins as browsers write them, not ${JSON.stringify(given)}${meant}`);
}
