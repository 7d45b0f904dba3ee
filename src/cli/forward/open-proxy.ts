/** A proxy that serves whoever can reach it is found within hours, and used for what its owner answers for. */
import { isIP } from 'node:net';
import { AddressSet } from '../../addresses/index.ts';
import { parseAddress } from '../../serve/index.ts';
import { type Flag, onOff } from '../flags.ts';
import { UsageError } from '../usage-error.ts';

export const open: Flag<boolean> = onOff('Serve everybody who reaches the port, from other machines, too.');

const loopback = new AddressSet('loopback', ['loopback']);

/** Throws UsageError for the first address that other machines reach: nobody has said that everybody may. */
export function refuseOpenProxy(addresses: readonly string[]): void {
	const reached = addresses.find(isReached);
	if (reached === undefined) return;
	throw new UsageError(
		`--listen ${reached}: other machines reach it, and nothing says who may use this proxy`,
		'Name users by --users FILE, or say that everybody may by --open.',
	);
}

function isReached(address: string): boolean {
	const place = parseAddress(address);
	if (place.kind === 'unix') return false;
	if (place.kind === 'inherited') return true;
	const { host } = place;
	if (host === null) return true;
	return isIP(host) === 0 ? host !== 'localhost' : !loopback.has(host);
}
