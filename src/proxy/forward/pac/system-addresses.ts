/** Names as the system looks them up. */
import { lookup } from 'node:dns/promises';

/** Rejects with node's error. */
export async function systemAddresses(name: string): Promise<string[]> {
	return (await lookup(name, { all: true })).map(({ address }) => address);
}
