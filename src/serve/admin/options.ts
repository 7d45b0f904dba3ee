/** Where the server tells how it is doing, and whom. */
import { AddressError, isLoopback, parseAddress } from '../address.ts';

export interface AdminOptions {
	/** An address, as listeners have them. */
	readonly listen: string | number;
	/** What `Authorization: Bearer …` must hold for all but `/live` and `/ready`; 16 characters at least. Needed where other machines reach the address. */
	readonly token?: string;
}

export type AdminSetting = string | number | AdminOptions;

const LEAST_TOKEN = 16;

export function adminOptions(setting: AdminSetting): AdminOptions {
	return typeof setting === 'object' ? setting : { listen: setting };
}

/** What is wrong with the setting, in sentences that begin with `name`; none when all is well. */
export function adminFaults(value: unknown, name: string): string[] {
	const given = typeof value === 'string' || typeof value === 'number' ? { listen: value } : value;
	if (typeof given !== 'object' || given === null || Array.isArray(given))
		return [`${name} is no address and no { listen, token }`];
	const stray = Object.keys(given).find((key) => key !== 'listen' && key !== 'token');
	if (stray !== undefined) return [`${name}.${stray}: no such setting; there are listen, token`];
	const { listen, token } = given as { readonly listen?: unknown; readonly token?: unknown };
	if (token !== undefined && (typeof token !== 'string' || token.length < LEAST_TOKEN))
		return [`${name}.token must be text of ${LEAST_TOKEN} characters at least`];
	if (typeof listen !== 'string' && typeof listen !== 'number') return [`${name}.listen is missing`];
	try {
		if (token === undefined && !isLoopback(parseAddress(String(listen))))
			return [`${name}: other machines reach ${listen}; give it a token, or an address of this machine alone`];
		return [];
	} catch (error) {
		if (!(error instanceof AddressError)) throw error;
		return [`${name} ${JSON.stringify(listen)}: ${error.message}. ${error.hint}`];
	}
}
