/** Who may come. */

import type { AddressSet } from '../../addresses/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { toldSafely } from '../../observe/index.ts';
import type { ListEntry, ReloadedList } from '../../reloaded/index.ts';
import { addressList } from './address-list.ts';

export interface IpAllowOptions {
	/**
	 * Who may come: addresses, ranges (`10.0.0.0/8`), the names `loopback`, `private`, `link-local`, `unix` for clients of a
	 * socket in the file system, and `{ file }` with one of these a line. Default: everybody who is not in `deny`.
	 */
	readonly allow?: readonly ListEntry[];
	/** Who may not, even if `allow` has them. Default: nobody. */
	readonly deny?: readonly ListEntry[];
	/** Told when a changed file cannot be used; the list stays as it was. Default: one line on stderr. */
	readonly log?: (message: string) => void;
}

export interface Settings {
	/** Null: everybody. */
	readonly allow: ReloadedList<AddressSet> | null;
	readonly deny: ReloadedList<AddressSet> | null;
}

/** Throws TypeError with the option's name and the reason, and the system's error for a file that cannot be read. */
export function settingsOf(options: IpAllowOptions): Settings {
	checkObject('ipAllow', options, "{ allow: ['10.0.0.0/8'] }");
	checkNames('ipAllow: ', options, ['allow', 'deny', 'log']);
	const { allow, deny, log = toStderr } = options;
	if (typeof log !== 'function') throw new TypeError('ipAllow: log is no function');
	if (allow === undefined && deny === undefined) {
		throw new TypeError('ipAllow: there is neither allow nor deny; everybody would come');
	}
	const told = toldSafely(log);
	return { allow: listOf('allow', allow, told), deny: listOf('deny', deny, told) };
}

function listOf(
	name: 'allow' | 'deny',
	entries: readonly ListEntry[] | undefined,
	log: (message: string) => void,
): ReloadedList<AddressSet> | null {
	if (entries === undefined) return null;
	if (!Array.isArray(entries)) throw new TypeError(`ipAllow: ${name} must be a list of addresses and ranges`);
	if (entries.length === 0) {
		const meant = name === 'allow' ? 'nobody could come; leave it out where everybody may' : 'leave it out';
		throw new TypeError(`ipAllow: ${name} is empty: ${meant}`);
	}
	return addressList(`ipAllow: ${name}`, entries, log);
}

function toStderr(message: string): void {
	globalThis.process?.stderr.write(`turnabout: error: ${message}\n`);
}
