import { shown } from '../../names/index.ts';

/** Permissions-Policy: which features of a browser a page and its frames may use, as a structured field (RFC 9651). */

const FEATURE = /^[a-z][a-z0-9-]{0,60}$/;
const ORIGIN = /^https?:\/\/[a-z0-9*.[\]:-]+$/;

/** `camera=(), geolocation=(self "https://maps.example")`; null for nothing. Throws TypeError, naming the feature. */
export function permissionsValue(given: Readonly<Record<string, '*' | readonly string[]>> | undefined): string | null {
	if (given === undefined) return null;
	if (typeof given !== 'object' || given === null) throw wrong('', `is ${String(given)}, not features by name`);
	const entries = Object.entries(given).map(([name, who]) => {
		if (!FEATURE.test(name)) throw wrong('', `has ${JSON.stringify(name)}, which is no feature: camera, geolocation`);
		if (who === '*') return `${name}=*`;
		if (!Array.isArray(who)) throw wrong(name, `is ${shown(who)}, not '*' or a list`);
		return `${name}=(${who.map((one: unknown) => allowed(name, one)).join(' ')})`;
	});
	return entries.length === 0 ? null : entries.join(', ');
}

function allowed(name: string, who: unknown): string {
	if (who === 'self' || who === 'src') return who;
	if (typeof who === 'string' && ORIGIN.test(who)) return `"${who}"`;
	throw wrong(name, `has ${shown(who)}, not self or an origin`);
}

const wrong = (name: string, why: string): TypeError =>
	new TypeError(`securityHeaders: permissionsPolicy${name === '' ? '' : `.${name}`} ${why}`);
