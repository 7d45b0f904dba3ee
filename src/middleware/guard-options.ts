/** What can be set on every layer that asks who is there, and the checks that their options share. */

import { quote } from '../fields/index.ts';
import { shown } from '../names/index.ts';

/** In which role credentials are asked for (RFC 9110 sections 11.6 and 11.7). */
export type Role = 'origin' | 'proxy';

export interface GuardOptions {
	/** `origin` (default): 401, WWW-Authenticate and Authorization. `proxy`: 407, Proxy-Authenticate and Proxy-Authorization. */
	readonly role?: Role;
	/** Shown to people by browsers, and names the space that the credentials are for. Visible ASCII. Default: `restricted`. */
	readonly realm?: string;
	/** Requests without credentials go on, too; then nothing is proved. Wrong credentials are refused all the same. Default: false. */
	readonly optional?: boolean;
	/** The credentials stay on the request that goes on. Default: false, since whoever gets them could use them elsewhere. */
	readonly pass?: boolean;
}

export const GUARD_OPTIONS: readonly (keyof GuardOptions)[] = ['role', 'realm', 'optional', 'pass'];

export interface GuardSettings {
	readonly role: Role;
	/** As a quoted string. */
	readonly realm: string;
	readonly optional: boolean;
	readonly pass: boolean;
}

const VISIBLE = /^[\x20-\x7e]+$/;

/** Throws TypeError for what cannot be meant; `where` is the layer's name. */
export function guardSettings(where: string, options: GuardOptions): GuardSettings {
	const { role = 'origin', realm = 'restricted', optional = false, pass = false } = options;
	if (role !== 'origin' && role !== 'proxy') throw wrongOption(where, 'role', "'origin' or 'proxy'", role);
	if (typeof realm !== 'string' || !VISIBLE.test(realm)) throw wrongOption(where, 'realm', 'visible ASCII', realm);
	if (typeof optional !== 'boolean') throw wrongOption(where, 'optional', 'true or false', optional);
	if (typeof pass !== 'boolean') throw wrongOption(where, 'pass', 'true or false', pass);
	return { role, realm: quote(realm), optional, pass };
}

/** A whole number from `least` up. Throws RangeError for anything else. */
export function wholeSetting(where: string, name: string, value: unknown, least: number): number {
	if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
	throw new RangeError(`${where}: ${name} must be a whole number from ${least} up, not ${shown(value)}`);
}

export function wrongOption(where: string, name: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`${where}: ${name} must be ${wanted}, not ${shown(given)}`);
}
