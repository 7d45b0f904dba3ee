/** Under which key a client is counted. */
import { createHash } from 'node:crypto';
import { customerNetwork } from '../addresses/index.ts';
import type { Context } from '../convention/index.ts';
import { callerAddress } from './caller.ts';

/** The client's address; of an IPv6 address the /64, since one machine has all of it. What has no address shares one key. */
export function addressKey(context: Context): string {
	const address = callerAddress(context);
	return customerNetwork(address) ?? (address === '' ? 'no address' : address);
}

const LONGEST = 64;

/** Keys of any length would be memory for anybody to fill: of a long one its digest is kept. */
export function shortened(key: string): string {
	return key.length <= LONGEST ? key : `sha256:${createHash('sha256').update(key).digest('base64')}`;
}
